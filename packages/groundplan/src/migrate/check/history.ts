import { checksum } from './checksum';
import { MigrationFinding, finding } from './finding';
import type { Migration } from './migration-folder';
import { compareVersions } from './migration-name';

/** A migration with a version. */
type Versioned = Migration & { readonly name: { readonly kind: 'versioned' } };

/** What was done to migrations that had been released, and may have run. What is repeated may change. */
export function checkHistory(
  released: readonly Migration[],
  now: readonly Migration[],
  release: string,
): MigrationFinding[] {
  const [before, after] = [released, now].map((all) => all.filter(isVersioned));
  const latest = before.at(-1)?.name.version;
  return [
    ...before.flatMap((old) => compare(old, after, release)),
    ...after
      .filter((migration) => isNew(migration, before) && !wasRenumbered(migration, before, after))
      .filter(({ name }) => latest !== undefined && compareVersions(name.version, latest) < 0)
      .map(({ file, name }) =>
        finding(
          'OutOfOrder',
          { file },
          `Version ${name.version} is new, and ${release} has ${latest} already.`,
          `Give it a version after ${latest}.`,
        ),
      ),
  ];
}

/** What a release does not have, or has with other words: this is what will run. */
export function newSince(released: readonly Migration[], now: readonly Migration[]): Migration[] {
  return now.filter((migration) => {
    if (isVersioned(migration)) return isNew(migration, released.filter(isVersioned));
    const same = released.find(({ file }) => file === migration.file);
    return same === undefined || checksum(same.text) !== checksum(migration.text);
  });
}

function isVersioned(migration: Migration): migration is Versioned {
  return migration.name.kind === 'versioned';
}

function isNew({ name }: Versioned, before: readonly Versioned[]): boolean {
  return !before.some((old) => compareVersions(old.name.version, name.version) === 0);
}

/** The same text under a version that is new, while the old version is gone. */
function wasRenumbered({ text }: Versioned, before: readonly Versioned[], after: readonly Versioned[]): boolean {
  return before.some((old) => checksum(old.text) === checksum(text) && isNew(old, after));
}

function compare(old: Versioned, after: readonly Versioned[], release: string): MigrationFinding[] {
  const { file, name } = old;
  const now = after.find((one) => compareVersions(one.name.version, name.version) === 0);
  if (now === undefined) {
    const moved = after.find((one) => checksum(one.text) === checksum(old.text));
    return moved
      ? [renamed(moved.file, `${file} of ${release} is ${moved.file} now.`, `Name it ${file} again.`)]
      : [
          finding(
            'DeletedMigration',
            { file },
            `${file} of ${release} is gone.`,
            'Bring it back; what it made is taken back by a new migration.',
          ),
        ];
  }
  if (checksum(now.text) !== checksum(old.text))
    return [
      finding(
        'EditedMigration',
        { file: now.file, line: firstDifference(old.text, now.text) },
        `${now.file} is not what it was in ${release}: its checksum was ${checksum(old.text)}, now it is ${checksum(now.text)}.`,
        'Bring the old text back, and write what has to change as a new migration.',
      ),
    ];
  if (now.name.description !== name.description)
    return [renamed(now.file, `${now.file} was called ${file} in ${release}.`, `Name it ${file} again.`)];
  return [];
}

function renamed(file: string, message: string, fix: string): MigrationFinding {
  return finding('RenamedMigration', { file }, message, fix);
}

function firstDifference(old: string, now: string): number {
  const [before, after] = [old, now].map((text) => text.split(/\r\n|\r|\n/));
  const at = after.findIndex((line, index) => line !== before[index]);
  return at < 0 ? after.length : at + 1;
}
