import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { Manifest } from '../pack/manifest';
import { buildPython } from '../pack/python';
import { readTarball, tarballMistakes, wheelMistakes } from '../pack/version-guard';
import { ReleaseFailure } from './failure';
import { Released } from './packages';

/** A package as it would be published. */
export interface Product {
  readonly name: string;
  /** The file in `npm/`. */
  readonly tarball: string;
  /** What its package.json says, as it stands in the tarball. */
  readonly manifest: Manifest;
  /** Bytes of the tarball, and of what it unpacks to. */
  readonly size: number;
  readonly unpackedSize: number;
  /** The files in `python/`, of a construct package. */
  readonly wheel?: string;
  readonly sdist?: string;
}

/** Puts what was packed into one folder, npm and Python apart, and looks at the versions in it once more. */
export async function collect(tree: string, packages: Released[], out: string): Promise<Product[]> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'npm'), { recursive: true });
  mkdirSync(join(out, 'python'), { recursive: true });
  const products = packages.map(({ folder, manifest: { name } }): Product => {
    const dist = join(tree, folder, 'dist');
    const [tarball] = files(join(dist, 'js'), '.tgz');
    if (!tarball) throw new ReleaseFailure(`${name} left no tarball in ${join(folder, 'dist', 'js')}.`);
    const [wheel] = files(join(dist, 'python'), '.whl');
    const [sdist] = files(join(dist, 'python'), '.tar.gz');
    cpSync(tarball, join(out, 'npm', basename(tarball)));
    for (const file of [wheel, sdist]) if (file) cpSync(file, join(out, 'python', basename(file)));
    return {
      name,
      tarball: basename(tarball),
      manifest: readTarball(tarball),
      size: statSync(tarball).size,
      unpackedSize: unpackedSize(tarball),
      wheel: wheel && basename(wheel),
      sdist: sdist && basename(sdist),
    };
  });
  const python = await buildPython();
  const mistakes = products.flatMap(({ tarball, wheel }) => [
    ...tarballMistakes(join(out, 'npm', tarball)),
    ...(wheel ? wheelMistakes(python, join(out, 'python', wheel)) : []),
  ]);
  if (mistakes.length > 0) throw new ReleaseFailure(mistakes.join('\n'));
  return products;
}

function files(folder: string, suffix: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(suffix))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The sum of the sizes that tar lists: the third column of its verbose listing. */
export function unpackedSize(tarball: string): number {
  const listing = execFileSync('tar', ['-tvzf', tarball], { encoding: 'utf8' });
  return listing.split('\n').reduce((sum, line) => sum + Number(line.split(/\s+/)[2] ?? 0), 0);
}
