import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { readTarball } from '../pack/version-guard';
import { attempt, run } from './command';
import { ReleaseFailure } from './failure';
import { Released } from './packages';

/** Tarballs of the last release by the name of the package. */
export type Previous = ReadonlyMap<string, string>;

/** Finds the tarballs of the last release in a folder, or fetches them from npm. */
export async function previousTarballs(packages: Released[], last: string, folder?: string): Promise<Previous> {
  const where = folder ?? mkdtempSync(join(tmpdir(), 'groundplan-previous-'));
  const jsii = packages.filter(({ manifest }) => manifest.jsii);
  if (!folder)
    for (const { manifest } of jsii)
      // a package that is new since then is not there
      await attempt('npm', ['pack', `${manifest.name}@${last}`, '--pack-destination', where], { cwd: where });
  else if (!existsSync(folder)) throw new ReleaseFailure(`--previous must be a folder, and ${folder} is not there`, 2);
  const found = new Map<string, string>();
  for (const file of readdirSync(where).filter((name) => name.endsWith('.tgz')))
    found.set(readTarball(join(where, file)).name, join(where, file));
  if (!jsii.some(({ manifest }) => found.has(manifest.name)))
    throw new ReleaseFailure(
      `There is a tag of ${last}, and none of its packages is ${folder ? `in ${folder}` : 'on npm'}: what a release breaks ` +
        'cannot be told without them. Name a folder with its npm tarballs: --previous <folder>',
      2,
    );
  return found;
}

/** What jsii-diff finds missing in the API of the packages, compared with the last release. */
export async function apiChanges(tree: string, packages: Released[], previous: Previous): Promise<string[]> {
  const changes: string[] = [];
  for (const { name, folder, manifest } of packages) {
    if (!manifest.jsii || !previous.has(manifest.name)) continue;
    // below the package, where aws-cdk-lib and constructs are found; the old siblings beside each other
    const old = join(tree, folder, 'node_modules', '.previous', 'node_modules');
    for (const [sibling, tarball] of previous) {
      mkdirSync(join(old, sibling), { recursive: true });
      await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(old, sibling)], { cwd: tree });
    }
    const args = [join(old, manifest.name), join(tree, folder), '--keys', '--error-on=all'];
    const { code, stdout, stderr } = await attempt('jsii-diff', args, { cwd: tree });
    const found = `${stdout}\n${stderr}`.split('\n').filter((line) => FINDING.test(line));
    if (code !== 0 && found.length === 0) throw new ReleaseFailure(`jsii-diff failed for ${name}:\n${stdout}${stderr}`);
    changes.push(...found.map((line) => `${name}: ${line.replace(/^err\s*[-–]?\s*/i, '').trim()}`));
  }
  return changes;
}

/** A finding of jsii-diff names its key in brackets. */
const FINDING = /\[[\w-]+:[^\]]+\]/;
