import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../../packages/engines/src/file-lock';
import { VENVS_VARIABLE } from '../pack/python';
import { copyWorkspace, ownFiles } from './workspace-copy';

export const ROOT = join(__dirname, '../..');

/** What the tests release: these packages, and whatever they need. */
const PACKAGES = 'vpc,fargate-service,aurora,groundplan';
const FOLDER = join(ROOT, '.groundplan', 'rehearsed');
/** What a release is made of, and what makes it. */
const MADE_OF = /^(packages\/(?!.*\/test\/)|tools\/(pack|release)\/|[^/]+$)/;

export const REHEARSED_VARIABLE = 'GROUNDPLAN_REHEARSED';

/** Environments of Python are shared by every copy of the workspace that a test makes. */
export const SHARED_VENVS = {
  [VENVS_VARIABLE]: join(ROOT, '.groundplan', 'python'),
  GROUNDPLAN_LOCAL_VENV: join(ROOT, '.groundplan', 'local', 'venv'),
};

/** A release as `npm run release:dry` leaves it. */
export interface Rehearsed {
  readonly folder: string;
  readonly version: string;
  /** Tarballs of npm by the name of the package, in the order of publishing. */
  readonly tarballs: ReadonlyMap<string, string>;
  /** What the command printed. */
  readonly said: string;
}

/**
 * Makes a release of the files as they are, once for all tests and only when something in it has changed.
 *
 * @param env more variables for the command
 */
export async function rehearsedRelease(env: Record<string, string> = {}): Promise<Rehearsed> {
  // `npm test` makes it before the tests begin, and says what became of it: trying again would only repeat it, slowly.
  if (process.env[REHEARSED_VARIABLE] === 'failed') throw new Error('The release before these tests failed.');
  mkdirSync(FOLDER, { recursive: true });
  const folder = join(FOLDER, contentHash());
  await withLock(FOLDER, 'make a release for the tests', async () => {
    if (existsSync(folder)) return;
    for (const name of readdirSync(FOLDER))
      if (/^[0-9a-f]/.test(name)) rmSync(join(FOLDER, name), { recursive: true, force: true });
    const unfinished = join(FOLDER, 'unfinished');
    const copy = committedCopy();
    try {
      const said = await releaseDry(copy.folder, ['--only', PACKAGES, '--out', unfinished], env);
      if (said.code !== 0) throw new Error(`npm run release:dry ended with ${said.code}:\n${said.output}`);
      writeFileSync(join(unfinished, 'said.txt'), said.output);
    } finally {
      copy.remove();
    }
    renameSync(unfinished, folder);
  });
  const { version, packages } = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8')) as {
    version: string;
    packages: { name: string; tarball: string }[];
  };
  const tarballs = new Map(packages.map(({ name, tarball }) => [name, join(folder, 'npm', tarball)]));
  return { folder, version, tarballs, said: readFileSync(join(folder, 'said.txt'), 'utf8') };
}

function contentHash(): string {
  const hash = createHash('sha256');
  for (const file of ownFiles(ROOT).filter((name) => MADE_OF.test(name)))
    hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

/** A copy of the workspace whose files are all committed. */
export function committedCopy(): ReturnType<typeof copyWorkspace> {
  const copy = copyWorkspace(ROOT);
  commitAll(copy.folder, 'feat: everything so far');
  return copy;
}

export function commitAll(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
}

export function git(folder: string, ...args: string[]): string {
  const author = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', '-c', 'tag.gpgSign=false'];
  return execFileSync('git', [...author, '-c', 'commit.gpgSign=false', ...args], { cwd: folder, encoding: 'utf8' });
}

/** Runs `npm run release:dry` in a repository, and answers how it ended. */
export async function releaseDry(
  folder: string,
  args: string[] = [],
  more: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const env = { ...process.env, ...SHARED_VENVS, NO_COLOR: '1', FORCE_COLOR: '0', ...more };
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const main = existsSync(join(folder, 'tools/release/main.ts')) ? folder : ROOT;
  const running = promisify(execFile)(tsx, [join(main, 'tools/release/main.ts'), ...args], {
    cwd: folder,
    env,
    maxBuffer: 64 << 20,
  });
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, output: stderr + stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, output: stderr + stdout }),
  );
}
