import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExpectedFailure } from '@groundplan/local';
import { MigrationName, compareVersions, readName } from './migration-name';

/** A file of SQL. */
export interface Migration {
  /** Relative to the folder. */
  readonly file: string;
  readonly name: MigrationName;
  readonly text: string;
  /** What its `.conf` says. */
  readonly settings: string;
}

/** A folder of migrations: the one that is checked, or the same in an earlier release. */
export class MigrationFolder {
  static read(folder: string): MigrationFolder {
    if (!existsSync(folder))
      throw new ExpectedFailure(
        `"${folder}" is no folder: give the one that is passed to migrate({ directory }), relative to ${process.cwd()}.`,
      );
    if (!statSync(folder).isDirectory())
      throw new ExpectedFailure(`"${folder}" is a file: give the folder that it stands in.`);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replace(/\\/g, '/'))
      .filter((name) => statSync(join(folder, name)).isFile());
    const read = new MigrationFolder(new Map(names.sort().map((name) => [name, readFileSync(join(folder, name))])));
    if (read.migrations.length === 0)
      throw new ExpectedFailure(`"${folder}" has no .sql file: write the first, V1__create_entries.sql.`);
    return read;
  }

  /** In the order in which Flyway runs them: versions, then what is repeated. */
  readonly migrations: readonly Migration[];

  /** @param files by their names, relative to the folder */
  constructor(private readonly files: ReadonlyMap<string, Buffer>) {
    this.migrations = [...files.keys()]
      .filter((file) => file.endsWith('.sql'))
      .map((file) => ({
        file,
        name: readName(basename(file)),
        text: files
          .get(file)!
          .toString('utf8')
          .replace(/^\uFEFF/, ''),
        settings: files.get(`${file}.conf`)?.toString('utf8') ?? '',
      }))
      .sort(inOrder);
  }

  /** Writes all of it into another folder, as the image of the migration task holds it. */
  writeTo(folder: string): void {
    for (const [file, content] of this.files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
  }
}

const TURN = { versioned: 0, repeatable: 1, callback: 2, unknown: 3 };

function inOrder(one: Migration, other: Migration): number {
  if (one.name.kind === 'versioned' && other.name.kind === 'versioned')
    return compareVersions(one.name.version, other.name.version) || compareTexts(one.file, other.file);
  if (one.name.kind === 'repeatable' && other.name.kind === 'repeatable')
    return compareTexts(one.name.description, other.name.description);
  return TURN[one.name.kind] - TURN[other.name.kind] || compareTexts(one.file, other.file);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
