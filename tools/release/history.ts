import { execFileSync } from 'node:child_process';
import type { Commit } from 'conventional-commits-parser' with { 'resolution-mode': 'import' };
import { ReleaseFailure } from './failure';

/** What git knows of the releases so far. */
export interface History {
  /** The last release, such as 1.2.3; undefined before the first. */
  readonly last?: string;
  /** The commits since then that touched what is released. */
  readonly commits: Commit[];
}

const TAG_PREFIX = 'v';
/** A commit that touches nothing here changes nothing that is released. */
const RELEASED = 'packages';

export const tagOf = (version: string) => TAG_PREFIX + version;

const git = (root: string, ...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });

/** A release is made of what is committed: an edit that is not would be missing in it. */
export function refuseDirtyTree(root: string): void {
  const changed = git(root, 'status', '--porcelain').split('\n').filter(Boolean);
  if (changed.length === 0) return;
  const shown = changed.slice(0, 10).map((line) => `  ${line}`);
  if (changed.length > shown.length) shown.push(`  and ${changed.length - shown.length} more`);
  throw new ReleaseFailure(
    `The checkout holds what is not committed, and a release is made of commits:\n${shown.join('\n')}\n` +
      'Commit them, or set them aside with "git stash --include-untracked", and run the command again.',
    2,
  );
}

/** Reads the commits since the last tag. Conventional commits are parsed by the library that the preset is made for. */
export async function readHistory(root: string): Promise<History> {
  const { ConventionalGitClient } = await import('@conventional-changelog/git-client');
  const { default: preset } = await import('conventional-changelog-conventionalcommits');
  const client = new ConventionalGitClient(root);
  const tag = await client.getLastSemverTag({ prefix: TAG_PREFIX, skipUnstable: true });
  const last = tag === null ? undefined : tag.slice(TAG_PREFIX.length);
  const { parser } = preset({});
  const commits: Commit[] = [];
  const range = { from: tag ?? '', path: RELEASED, merges: false, filterReverts: true };
  for await (const commit of client.getCommits(range, parser)) commits.push(commit);
  return { last, commits };
}

/** A version and a changelog can only be made of commits that say what they are. */
export function refuseUnconventional({ last, commits }: History): void {
  const since = last ? `since ${tagOf(last)}` : 'before the first release';
  if (commits.length === 0)
    throw new ReleaseFailure(
      `No commit ${since} touches ${RELEASED}/: there is nothing to release. Is the history complete (git fetch --unshallow --tags)?`,
      2,
    );
  if (commits.some(({ type }) => type)) return;
  const shown = commits.slice(0, 5).map(({ header }) => `  ${header}`);
  throw new ReleaseFailure(
    `None of the ${commits.length} commits ${since} is a conventional commit:\n${shown.join('\n')}\n` +
      'The version and the changelog are made of them: write "feat(vpc): …", "fix(local): …", "feat(vpc)!: …" for what breaks ' +
      '(https://www.conventionalcommits.org).',
    2,
  );
}
