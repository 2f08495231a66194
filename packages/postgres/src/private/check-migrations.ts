import type { Mistakes } from '@groundplan/core';
import type { Duration } from 'aws-cdk-lib/core';
import { existsSync } from 'fs';
import { basename } from 'path';
import type { MigrateOptions } from '../migrations';
import { SqlFolder } from './sql-folder';

/** CloudFormation waits an hour for a resource: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-customresource.html */
const LONGEST_MINUTES = 55;
/** https://documentation.red-gate.com/fd/migrations-271585107.html */
const VERSIONED = /^V(\d+(?:[._]\d+)*)__\w[^/]*\.sql$/;
const REPEATABLE = /^R__\w[^/]*\.sql$/;
const CALLBACK = /^(before|after)[A-Z]\w*(__[^/]+)?\.sql$/;
/** Numbers beyond are dates, which have gaps. */
const LARGEST_COUNTED = 9999;

/** Notes every mistake in how a database is migrated, and creates nothing. */
export function checkMigrations({ directory, image }: MigrateOptions, timeout: Duration, mistakes: Mistakes): void {
  const minutes = timeout.toMinutes({ integral: false });
  if (!(minutes >= 1 && minutes <= LONGEST_MINUTES))
    mistakes.add({
      prop: 'timeout',
      mustBe: `1 to ${LONGEST_MINUTES} minutes`,
      got: `${minutes}`,
      remedy:
        'CloudFormation waits no longer than an hour: run what takes longer with a OneOffTask, outside of deployments',
    });
  if (directory === undefined) return;
  if (image)
    mistakes.add({
      prop: 'directory',
      mustBe: 'left out where there is an image with the SQL in it',
      got: `"${directory}" and an image`,
      remedy: 'pass one of the two',
    });
  checkFolder(new SqlFolder(directory), mistakes);
}

function checkFolder(folder: SqlFolder, mistakes: Mistakes): void {
  const prop = 'directory';
  const { path, files } = folder;
  if (!existsSync(path)) {
    const remedy = 'write it relative to where the app runs';
    mistakes.add({ prop, mustBe: 'a folder', got: `"${folder.directory}", and there is no ${path}`, remedy });
    return;
  }
  const sql = files.filter((name) => name.endsWith('.sql'));
  if (sql.length === 0) {
    const remedy = 'write the first: V1__create_entries.sql';
    mistakes.add({ prop, mustBe: 'a folder with migrations', got: `"${folder.directory}", without any .sql`, remedy });
    return;
  }
  const names = sql.map((name) => basename(name));
  for (const name of names.filter((given) => ![VERSIONED, REPEATABLE, CALLBACK].some((kind) => kind.test(given))))
    mistakes.add({
      prop,
      mustBe: 'named V<version>__<what>.sql, R__<what>.sql, or as a callback of Flyway',
      got: `${name} in "${folder.directory}"`,
      remedy: 'rename it, or Flyway passes over it; an undo is a new version that takes back what the one before did',
    });
  const byVersion = new Map<string, string[]>();
  for (const name of names) {
    const version = VERSIONED.exec(name)?.[1]
      .replace(/_/g, '.')
      .replace(/(^|\.)0+(?=\d)/g, '$1');
    if (version !== undefined) byVersion.set(version, [...(byVersion.get(version) ?? []), name]);
  }
  for (const [version, twice] of [...byVersion].filter(([, list]) => list.length > 1))
    mistakes.add({
      prop,
      mustBe: 'without a version that stands twice',
      got: `${version} in ${twice.join(' and ')}`,
      remedy: 'give the newer one the next number',
    });
  checkGaps([...byVersion.keys()], mistakes);
}

/** Only where versions are counted: 1, 2, 3. */
function checkGaps(versions: string[], mistakes: Mistakes): void {
  if (versions.length === 0 || versions.some((version) => !/^\d+$/.test(version) || Number(version) > LARGEST_COUNTED))
    return;
  const numbers = versions.map(Number).sort((one, other) => one - other);
  const missing = numbers
    .flatMap((number, index) =>
      Array.from({ length: number - (numbers[index - 1] ?? number - 1) - 1 }, (_, gap) => number - gap - 1),
    )
    .sort((one, other) => one - other);
  if (missing.length > 0)
    mistakes.add({
      prop: 'directory',
      mustBe: 'without gaps between versions that are counted',
      got: `no ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''} before ${numbers.at(-1)}`,
      remedy: 'a file is missing, or the next was numbered too high: Flyway would refuse the missing one later',
    });
}
