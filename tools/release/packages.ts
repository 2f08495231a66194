import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Manifest, PUBLISHED_KINDS, readManifest } from '../pack/manifest';
import { ReleaseFailure } from './failure';

/** A package that is published. */
export interface Released {
  /** Its name in Nx. */
  readonly name: string;
  /** Relative to the root: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Names on npm of the released packages that it needs. */
  readonly needs: string[];
}

/** Every member of a workspace, relative to its root: packages, apps, and whatever else has a package.json. */
export function memberFolders(root: string): string[] {
  const below = (folder: string) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map(({ name }) => posix.join(folder, name));
  return below('.')
    .flatMap((folder) => [folder, ...below(folder)])
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/** What is published, in dependency order: nobody must be able to install a package whose sibling is not there yet. */
export function releasedPackages(root: string, only?: string[]): Released[] {
  const manifests = memberFolders(root).map((folder) => ({ folder, manifest: readManifest(join(root, folder)) }));
  const published = manifests.filter(({ manifest }) => !manifest.private && manifest.nx?.targets.package);
  const names = new Set(published.map(({ manifest }) => manifest.name));
  const all = published.map(({ folder, manifest }): Released => {
    const needs = PUBLISHED_KINDS.flatMap((kind) => Object.keys(manifest[kind] ?? {})).filter((name) =>
      names.has(name),
    );
    return { name: manifest.nx!.name, folder, manifest, needs };
  });
  return inDependencyOrder(only ? withNeeds(all, only) : all);
}

function withNeeds(all: Released[], only: string[]): Released[] {
  const unknown = only.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new ReleaseFailure(
      `--only names "${unknown.join('", "')}"; published are ${all.map(({ name }) => name).join(', ')}`,
      2,
    );
  const chosen = new Set(all.filter(({ name }) => only.includes(name)));
  for (const { needs } of chosen) for (const one of all) if (needs.includes(one.manifest.name)) chosen.add(one);
  return [...chosen];
}

function inDependencyOrder(packages: Released[]): Released[] {
  const ordered: Released[] = [];
  const visit = (one: Released, path: string[]) => {
    if (ordered.includes(one)) return;
    const { name } = one.manifest;
    if (path.includes(name)) throw new ReleaseFailure(`Packages need each other: ${[...path, name].join(' → ')}`);
    for (const next of packages) if (one.needs.includes(next.manifest.name)) visit(next, [...path, name]);
    ordered.push(one);
  };
  for (const one of packages) visit(one, []);
  return ordered;
}
