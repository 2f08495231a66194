import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '../pack/manifest';
import { UNBUMPED } from '../pack/version-guard';
import { ReleaseFailure } from './failure';
import { memberFolders } from './packages';

/** How members name each other in the checkout (projenrc/workspace-member.ts). */
const SIBLING_RANGE = `^${UNBUMPED}`;
const KINDS = ['dependencies', 'peerDependencies', 'devDependencies'] as const;

/**
 * Lays the committed files beside the checkout, with one version in every member and in the ranges of its siblings.
 *
 * The checkout itself is never written to: whatever happens, there is nothing to restore in it.
 */
export function layReleaseTree(root: string, version: string): string {
  const tree = layTree(root);
  writeVersions(tree, version);
  return tree;
}

/** Lays the committed files into a new folder. */
export function layTree(root: string): string {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), 'groundplan-release-')));
  const archive = execFileSync('git', ['archive', '--format=tar', 'HEAD'], { cwd: root, maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '-C', tree], { input: archive });
  return tree;
}

/** Writes a version into every member, its siblings' ranges and the lock file. */
function writeVersions(tree: string, version: string): void {
  const folders = memberFolders(tree);
  const siblings = new Set(folders.map((folder) => readManifest(join(tree, folder)).name));
  for (const folder of folders) {
    const file = join(tree, folder, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    manifest.version = version;
    for (const kind of KINDS)
      for (const name of Object.keys(manifest[kind] ?? {}))
        if (siblings.has(name)) manifest[kind][name] = `^${version}`;
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    if (text.includes(`${UNBUMPED}"`)) throw new ReleaseFailure(`${folder}/package.json still names ${UNBUMPED}.`);
    writeFileSync(file, text);
  }
  // The lock file repeats the ranges. With them the install stays frozen: no version can move between what was tested
  // and what is published.
  const lock = join(tree, 'pnpm-lock.yaml');
  const text = readFileSync(lock, 'utf8');
  writeFileSync(lock, text.replaceAll(`specifier: ${SIBLING_RANGE}\n`, `specifier: ^${version}\n`));
}
