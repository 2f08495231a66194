import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VENVS_VARIABLE } from '../pack/python';
import { compileExamples } from '../reference/examples';
import { run } from './command';
import { Released } from './packages';

type Say = (line: string) => void;

/** Installs what the lock file says and nothing else: the versions that were tested are the ones that are built with. */
export async function install(tree: string, say: Say): Promise<void> {
  await run('npx', ['--yes', packageManager(tree), 'install', '--frozen-lockfile', '--prefer-offline'], {
    cwd: tree,
    say,
  });
}

/** A release tree, and what is released from it. */
export interface Build {
  /** The checkout, whose environments of Python are used: the tree is thrown away, and with it one that stood inside. */
  readonly root: string;
  readonly tree: string;
  readonly packages: Released[];
}

/**
 * Compiles by the same targets as everywhere, and the examples as well when `docs` is asked for: what was compiled of them
 * stands in Python in the wheels.
 */
export async function compile(build: Build, { docs }: { readonly docs: boolean }, say: Say): Promise<void> {
  await nx(build, 'compile', say);
  if (!docs) return;
  const folders = build.packages.filter(({ manifest }) => manifest.jsii).map(({ folder }) => folder);
  const [command, ...args] = compileExamples(folders);
  await run(command, args, { cwd: build.tree, say });
}

/** Packs tarballs, wheels and source distributions into the `dist` of each package. */
export async function pack(build: Build, say: Say): Promise<void> {
  await nx(build, 'package', say);
}

/**
 * Nothing is taken from a cache: a release is built from its files. And the packages alone, in the order of their targets:
 * what they are only tested with does not have to compile.
 */
function nx({ root, tree, packages }: Build, target: string, say: Say): Promise<string> {
  const names = packages.map(({ name }) => name).join(',');
  const only = ['-p', names, '--excludeTaskDependencies', '--skip-nx-cache', '--outputStyle=static'];
  const venvs = process.env[VENVS_VARIABLE] ?? join(root, '.groundplan', 'python');
  const env = { [VENVS_VARIABLE]: venvs, CI: 'true' };
  return run('nx', ['run-many', '-t', target, ...only], { cwd: tree, say, env });
}

function packageManager(tree: string): string {
  const manifest = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as { packageManager: string };
  return manifest.packageManager;
}
