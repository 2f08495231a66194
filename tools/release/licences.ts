import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import satisfies from 'spdx-satisfies';
import { PYTHON_SOURCES, ensureVenv } from '../../packages/local/src/venv';
import { run } from './command';
import { Released } from './packages';

/** Something that is installed together with one of our packages. */
export interface Shipped {
  readonly from: 'npm' | 'PyPI';
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or whatever the package says. */
  readonly licence: string;
}

/** Licences that ask of whoever uses the work no more than to be named: nothing that spreads to what is built with it. */
const PERMISSIVE = [
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0'],
  ...['PSF-2.0', 'Python-2.0', 'Unlicense', 'Zlib'],
];

/** What does not carry a permissive licence, and what to do about it. */
export function licenceMistakes(shipped: Shipped[]): string[] {
  return shipped
    .filter(({ licence }) => !isPermissive(licence))
    .map(
      ({ from, name, version, licence }) =>
        `${name} ${version} (${from}) is licensed "${licence}", which is not one of ${PERMISSIVE.join(', ')}; ` +
        'use another package, or have its terms read and add the licence in tools/release/licences.ts',
    );
}

function isPermissive(licence: string): boolean {
  try {
    return satisfies(licence, PERMISSIVE);
  } catch {
    return false; // no SPDX expression: nobody knows what it allows
  }
}

/** Everything that comes with our packages: the npm packages that they depend on, and what the local AWS installs. */
export async function listShipped(root: string, tree: string, packages: Released[]): Promise<Shipped[]> {
  return [...(await fromNpm(tree, packages)), ...(await fromPypi(root))].sort((a, b) => a.name.localeCompare(b.name));
}

async function fromNpm(tree: string, packages: Released[]): Promise<Shipped[]> {
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const listed = await run('pnpm', [...filters, 'licenses', 'list', '--prod', '--json'], { cwd: tree });
  if (!listed.trim().startsWith('{')) return []; // in words: there is none
  type Listed = Record<string, { name: string; versions: string[] }[]>;
  return Object.entries(JSON.parse(listed) as Listed).flatMap(([licence, found]) =>
    found.flatMap(({ name, versions }) =>
      versions.map((version) => ({ from: 'npm', name, version, licence }) as const),
    ),
  );
}

async function fromPypi(root: string): Promise<Shipped[]> {
  const python = await ensureVenv({
    venvs: process.env.GROUNDPLAN_LOCAL_VENV ?? join(root, '.groundplan', 'local', 'venv'),
    requirements: join(PYTHON_SOURCES, 'requirements.txt'),
  });
  const listed = execFileSync(python, [join(__dirname, 'list_licences.py')], { encoding: 'utf8' });
  return (JSON.parse(listed) as Omit<Shipped, 'from'>[]).map((one) => ({ from: 'PyPI', ...one }));
}
