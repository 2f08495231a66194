import { apiChanges, previousTarballs } from './api-changes';
import { contractChanges } from './contract-changes';
import { ReleaseFailure } from './failure';
import { tagOf } from './history';
import { Released } from './packages';
import { breakingVersion, saysBreaking } from './version';

/** What users of the last release would have to change, package by package. */
export async function breakingChanges(
  root: string,
  tree: string,
  last: string,
  packages: Released[],
  previous?: string,
): Promise<string[]> {
  const tarballs = await previousTarballs(packages, last, previous);
  return [...(await apiChanges(tree, packages, tarballs)), ...contractChanges(root, tree, last, packages)];
}

/** A version is a promise to the users of the last one: it must say when something of theirs breaks. */
export function refuseHiddenBreaking(last: string, version: string, changes: string[]): void {
  if (changes.length === 0 || saysBreaking(last, version)) return;
  throw new ReleaseFailure(
    `${version} would break who uses ${last}, and its number says that it does not:\n` +
      `${changes.map((change) => `  ${change}`).join('\n')}\n` +
      `Take it back, or release ${breakingVersion(last)}: mark the commit as breaking ("feat(vpc)!: …", or a footer ` +
      `"BREAKING CHANGE: …"), or name the version with --version. Compared with ${tagOf(last)}.`,
    3,
  );
}
