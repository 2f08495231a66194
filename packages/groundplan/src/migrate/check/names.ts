import { basename } from 'node:path';
import { MigrationFinding, finding } from './finding';
import type { Migration } from './migration-folder';

/** Numbers beyond are dates, which have gaps. */
const LARGEST_COUNTED = 9999;

/** What is wrong with the names of files, and their order. */
export function checkNames(migrations: readonly Migration[]): MigrationFinding[] {
  const byVersion = new Map<string, string[]>();
  for (const { file, name } of migrations)
    if (name.kind === 'versioned') byVersion.set(name.version, [...(byVersion.get(name.version) ?? []), file]);
  return [
    ...migrations.filter(({ name }) => name.kind === 'unknown').map(({ file }) => unreadable(file)),
    ...[...byVersion].filter(([, files]) => files.length > 1).map(([version, files]) => twice(version, files)),
    ...gaps([...byVersion.keys()], migrations),
  ];
}

function unreadable(file: string): MigrationFinding {
  return finding(
    'MigrationName',
    { file },
    `Flyway cannot read the name ${basename(file)}.`,
    'Name it V<version>__<what>.sql, R__<what>.sql, or as a callback of Flyway; an undo is a new version that takes back what the one before did.',
  );
}

function twice(version: string, files: readonly string[]): MigrationFinding {
  return finding(
    'DuplicateVersion',
    { file: files.at(-1) },
    `Version ${version} stands in ${files.join(' and ')}.`,
    'Give the newer one the next number.',
  );
}

/** Only where versions are counted: 1, 2, 3. */
function gaps(versions: readonly string[], migrations: readonly Migration[]): MigrationFinding[] {
  if (versions.some((version) => !/^\d+$/.test(version) || Number(version) > LARGEST_COUNTED)) return [];
  const numbers = versions.map(Number);
  return numbers.flatMap((number, index) => {
    const before = numbers[index - 1] ?? number - 1;
    if (number - before <= 1) return [];
    const missing = number - before === 2 ? `${number - 1}` : `${before + 1} to ${number - 1}`;
    const { file } = migrations.find(({ name }) => name.kind === 'versioned' && name.version === String(number))!;
    return finding(
      'VersionGap',
      { file },
      `There is no version ${missing} before ${number}.`,
      `Bring the missing file back, or number this one ${before + 1}.`,
    );
  });
}
