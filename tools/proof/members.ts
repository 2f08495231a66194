import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { jestOutcome } from './jest-report';
import { Outcome, check } from './outcome';

/** A package, an app or the documentation site of the workspace. */
export interface Member {
  /** Its name in Nx. */
  readonly name: string;
  /** Relative to the root: `packages/core`. */
  readonly folder: string;
  readonly packageName: string;
  /** Names on npm of the siblings that it depends on, for development too. */
  readonly siblings: string[];
  readonly targets: string[];
}

/** All members, from the files on disk: what Nx says about them is held against this. */
export function members(root: string): Member[] {
  const floors = ['packages', 'apps'].flatMap((floor) =>
    readdirSync(join(root, floor)).map((name) => `${floor}/${name}`),
  );
  const manifests = [...floors, 'docs']
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, json: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }));
  const own = new Set<string>(manifests.map(({ json }) => json.name));
  return manifests.map(({ folder, json }) => ({
    name: json.nx.name,
    folder,
    packageName: json.name,
    siblings: Object.keys({ ...json.dependencies, ...json.peerDependencies, ...json.devDependencies }).filter((name) =>
      own.has(name),
    ),
    targets: Object.keys(json.nx.targets),
  }));
}

/** Where a member's tests leave their report; Nx restores it when it serves them from its cache. */
function reportOf(root: string, member: Member): string {
  return join(root, member.folder, 'test-report.json');
}

/** Deletes what earlier runs left: only a report of this run may count. */
export function forgetReports(root: string): void {
  for (const member of members(root)) rmSync(reportOf(root, member), { force: true });
}

/** What the tests of every member came to. None may be missing: one that left no report, or has no tests, failed. */
export function memberOutcomes(root: string): Outcome[] {
  return members(root).map((member) =>
    member.targets.includes('test')
      ? jestOutcome(member.folder, reportOf(root, member))
      : check(member.folder, false, 'It has no test target.'),
  );
}
