import { ExpectedFailure } from '@groundplan/local';
import { filesOfTree, git } from './git';
import { MigrationFolder } from './migration-folder';

/** What was released before, or why nothing is known of it. */
export type Release = { readonly what: string; readonly folder: MigrationFolder } | { readonly missing: string };

const DEFAULT_BRANCHES = ['origin/main', 'origin/master', 'main', 'master'];

/** The folder as it stood in the previous release. */
export function previousRelease(folder: string, since: string | undefined): Release {
  const prefix = git(folder, 'rev-parse', '--show-prefix');
  if (prefix === undefined) {
    if (since !== undefined)
      throw new ExpectedFailure(
        `--since "${since}" needs a git repository, and "${folder}" is in none: check a clone, or leave --since out.`,
      );
    return { missing: `"${folder}" is in no git repository` };
  }
  const found = since === undefined ? newest(folder) : named(folder, since);
  if (found === undefined) {
    const isShallow = git(folder, 'rev-parse', '--is-shallow-repository') === 'true';
    const remedy = isShallow ? '; this clone is shallow: git fetch --unshallow --tags' : '';
    return { missing: `there is no tag, and no default branch to compare with${remedy}` };
  }
  const files = filesOfTree(folder, `${found.commit}:${prefix.replace(/\/$/, '')}`);
  const released = files && new MigrationFolder(files);
  if (!released || released.migrations.length === 0)
    return { missing: `${found.what} has no migrations in this folder` };
  return { what: found.what, folder: released };
}

interface Commit {
  readonly what: string;
  readonly commit: string;
}

function named(folder: string, since: string): Commit {
  const commit = commitOf(folder, since);
  if (commit === undefined)
    throw new ExpectedFailure(
      `--since must be a tag, a branch or a commit of this repository, got "${since}": fetch it (git fetch --tags), or name another.`,
    );
  return { what: since, commit };
}

/** The newest tag, else where this branch left the default one. */
function newest(folder: string): Commit | undefined {
  // On a commit that is itself being released, what comes before it is meant; unless it has been worked on since.
  const isReleased =
    git(folder, 'tag', '--points-at', 'HEAD') && git(folder, 'status', '--porcelain', '--', '.') === '';
  const tag = git(folder, 'describe', '--tags', '--abbrev=0', isReleased ? 'HEAD^' : 'HEAD');
  if (tag) return { what: `${tag} (the newest tag)`, commit: commitOf(folder, tag)! };
  const remote = git(folder, 'symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD');
  const branch = [...(remote ? [remote] : []), ...DEFAULT_BRANCHES].find((name) => commitOf(folder, name));
  const commit = branch && git(folder, 'merge-base', 'HEAD', branch);
  return commit ? { what: `${commit.slice(0, 7)} (the merge base with ${branch})`, commit } : undefined;
}

function commitOf(folder: string, ref: string): string | undefined {
  return git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`) || undefined;
}
