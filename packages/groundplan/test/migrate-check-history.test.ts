import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groundplan } from './in-process';
import { MigrationsFolder } from './migrations-folder';

afterAll(() => MigrationsFolder.removeAll());

const ONE = { 'V1__one.sql': 'CREATE TABLE one (id int);\n' };
const TWO = { 'V2__two.sql': 'CREATE TABLE two (id int);\n' };
const released = () => new MigrationsFolder({ ...ONE, ...TWO, 'R__view.sql': 'SELECT 1;\n' }).release('v1.0.0');

describe('names and order', () => {
  const read = (...names: string[]) =>
    new MigrationsFolder(Object.fromEntries(names.map((name) => [name, 'SELECT 1;']))).read();

  test.each([
    [['V1__a.sql', 'V2__b.sql', 'R__c.sql', 'afterMigrate.sql', 'beforeMigrate__x.sql', 'more/V3__d.sql'], []],
    [['V1.1__a.sql', 'V1_2__b.sql', 'V2__c.sql'], []],
    [['V20260101__a.sql', 'V20260305__b.sql'], []],
    [['V3__first.sql', 'V4__b.sql'], []],
    [['V1__a.sql', 'V2_b.sql'], ['V2_b.sql:1 MigrationName']],
    [['V1__a.sql', 'U1__a.sql'], ['U1__a.sql:1 MigrationName']],
    [['V1__a.sql', 'v2__b.sql'], ['v2__b.sql:1 MigrationName']],
    [['V1__a.sql', 'V01__b.sql'], ['V1__a.sql:1 DuplicateVersion']],
    [['V1_2__a.sql', 'V1.2__b.sql'], ['V1_2__a.sql:1 DuplicateVersion']],
    [['V1__a.sql', 'V3__b.sql'], ['V3__b.sql:1 VersionGap']],
  ])('%j: %j', async (names, found) => expect(await read(...names)).toEqual(found));
});

describe('what was released stays as it is', () => {
  test('nothing changed: nothing is found, and nothing linted', async () => {
    const folder = released().write({ 'V2__two.sql': '\uFEFFCREATE TABLE two (id int);\r\n' });
    const { summary, findings, since, said } = await folder.check('--no-replay');
    expect(findings).toEqual([]);
    expect(summary).toMatchObject({ linted: 0, migrations: 3 });
    expect(since).toBe('v1.0.0 (the newest tag)');
    expect(said).toContain('History: since v1.0.0 (the newest tag)');
  });

  test('edited', async () => {
    const folder = released().write({ 'V2__two.sql': 'CREATE TABLE two (id int);\nSELECT 2;\n' });
    const { findings, code } = await folder.check('--no-replay');
    expect(findings).toMatchObject([
      {
        ruleId: 'EditedMigration',
        file: 'V2__two.sql',
        line: 2,
        message: expect.stringMatching(
          /^V2__two\.sql is not what it was in v1\.0\.0 .*: its checksum was -?\d+, now it is -?\d+\.$/,
        ),
        fix: 'Bring the old text back, and write what has to change as a new migration.',
      },
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['deleted', { 'V2__two.sql': undefined }, ['V2__two.sql:1 DeletedMigration']],
    [
      'renamed',
      { 'V2__two.sql': undefined, 'V2__other.sql': TWO['V2__two.sql'] },
      ['V2__other.sql:1 RenamedMigration'],
    ],
    ['renumbered', { 'V1__one.sql': undefined, 'V3__one.sql': ONE['V1__one.sql'] }, ['V3__one.sql:1 RenamedMigration']],
    ['moved to another folder', { 'V2__two.sql': undefined, 'a/V2__two.sql': TWO['V2__two.sql'] }, []],
    ['its version written otherwise', { 'V2__two.sql': undefined, 'V02__two.sql': TWO['V2__two.sql'] }, []],
    ['one before the last added', { 'V1.5__between.sql': 'SELECT 1;' }, ['V1.5__between.sql:1 OutOfOrder']],
    ['what is repeated changed', { 'R__view.sql': 'SELECT 2;' }, []],
    ['one after the last added', { 'V3__three.sql': 'SELECT 1;' }, []],
  ])('%s', async (_what, files, found) => expect(await released().write(files).read()).toEqual(found));
});

describe('what is linted', () => {
  const OLD = { 'V1__one.sql': 'DROP TABLE before;' };
  const NEW = { 'V2__two.sql': 'DROP TABLE after;' };

  test('only what is new, and what is repeated and has changed', async () => {
    const folder = new MigrationsFolder({ ...OLD, 'R__a.sql': 'DROP TABLE a;', 'R__b.sql': 'DROP TABLE b;' }).release(
      'v1',
    );
    folder.write({ ...NEW, 'R__b.sql': 'DROP TABLE c;' });
    expect(await folder.read()).toEqual(['R__b.sql:1 DropObject', 'V2__two.sql:1 DropObject']);
  });

  test('all of it with --all, and where nothing was released', async () => {
    const folder = new MigrationsFolder({ ...OLD, ...NEW });
    const all = ['V1__one.sql:1 DropObject', 'V2__two.sql:1 DropObject'];
    expect(await folder.read()).toEqual(all);
    expect(await folder.release('v1').read('--all')).toEqual(all);
  });
});

describe('what it is compared with', () => {
  const sinceOf = async (folder: MigrationsFolder, ...args: string[]) => {
    const { since, said } = await folder.check('--no-replay', ...args);
    return since ?? /History: (.*) \(/.exec(said)?.[1];
  };

  test('the newest tag; on a tag the one before, unless it has been worked on', async () => {
    const folder = released().write({ 'V3__three.sql': 'SELECT 3;' }).release('v1.1.0');
    expect(await sinceOf(folder)).toBe('v1.0.0 (the newest tag)');
    folder.write({ 'V3__three.sql': 'SELECT 4;' });
    expect(await sinceOf(folder)).toBe('v1.1.0 (the newest tag)');
    expect(await folder.read()).toEqual(['V3__three.sql:1 EditedMigration']);
  });

  test('what --since names', async () => {
    const folder = released()
      .write({ 'V3__three.sql': 'SELECT 3;' })
      .release('v1.1.0')
      .write({ 'V4__four.sql': 'SELECT 4;' });
    expect(await sinceOf(folder, '--since', 'HEAD')).toBe('HEAD');
    expect(await sinceOf(folder, '--since', 'v1.0.0')).toBe('v1.0.0');
  });

  test('without a tag, where the branch left the default one', async () => {
    const folder = new MigrationsFolder(ONE).commit().git('switch', '--quiet', '--create', 'more');
    expect(await sinceOf(folder.write(TWO).commit())).toMatch(/^[0-9a-f]{7} \(the merge base with main\)$/);
    expect(await sinceOf(folder.git('branch', '--move', 'main', 'trunk'))).toBe(
      'skipped: there is no tag, and no default branch to compare with',
    );
  });

  test('a clone without history says how to get it', async () => {
    const { root } = released().commit();
    const clone = new MigrationsFolder({});
    clone.git('clone', '--quiet', '--depth', '1', '--no-tags', `file://${root}`, 'clone');
    clone
      .git('-C', 'clone', 'checkout', '--quiet', '--detach')
      .git('-C', 'clone', 'branch', '--delete', '--force', 'main');
    clone.git('-C', 'clone', 'remote', 'remove', 'origin');
    const { said } = await groundplan('migrate', 'check', join(clone.root, 'clone/sql'), '--no-replay');
    expect(said).toMatch(/no default branch to compare with; this clone is shallow: git fetch --unshallow --tags/);
  });

  test('nothing there is said, and skipped', async () => {
    const folder = new MigrationsFolder(ONE);
    expect(await sinceOf(folder)).toBe(`skipped: "${folder.path}" is in no git repository`);
    const empty = new MigrationsFolder({}).release('v1').write(ONE);
    expect(await sinceOf(empty)).toBe('skipped: v1 (the newest tag) has no migrations in this folder');
  });
});

describe('for others', () => {
  test('as a table', async () => {
    const folder = new MigrationsFolder({ ...ONE, 'V2__two.sql': 'DROP TABLE one;' });
    const { answer, code } = await groundplan('migrate', 'check', folder.path, '--no-replay');
    expect(answer).toMatch(/V2__two\.sql:1\s+│ ✗ DropObject\s+│ The table one is dropped\./);
    expect(answer).toMatch(/Stop using it in one release and drop it in a later one/);
    expect(answer).toMatch(/say so before it, on a line of its own: -- groundplan:accept <rule> <why>/);
    expect(answer).toMatch(/1 open in 2 migrations of /);
    expect(code).toBe(1);
  });

  test('as SARIF, into a file', async () => {
    const folder = new MigrationsFolder({ 'V1__one.sql': '-- groundplan:accept DropObject old\nDROP TABLE one;' });
    const { answer } = await groundplan('migrate', 'check', folder.path, '--no-replay', '--format', 'sarif');
    const [{ results, tool }] = JSON.parse(answer).runs;
    expect(results).toMatchObject([
      {
        ruleId: 'DropObject',
        level: 'error',
        locations: [
          { physicalLocation: { artifactLocation: { uri: `${folder.path}/V1__one.sql` }, region: { startLine: 2 } } },
        ],
        suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'old' }],
      },
    ]);
    expect(tool.driver.rules[results[0].ruleIndex].id).toBe('DropObject');
  });
});

describe('bad input ends with 2 and says what to do', () => {
  const nowhere = mkdtempSync(join(tmpdir(), 'groundplan-nowhere-'));
  afterAll(() => rmSync(nowhere, { recursive: true }));
  const inGit = released();

  test.each([
    [
      ['/no/such/folder'],
      `"/no/such/folder" is no folder: give the one that is passed to migrate({ directory }), relative to ${process.cwd()}.`,
    ],
    [[__filename], `"${__filename}" is a file: give the folder that it stands in.`],
    [[nowhere], `"${nowhere}" has no .sql file: write the first, V1__create_entries.sql.`],
    [
      [inGit.path, '--since', 'v9'],
      '--since must be a tag, a branch or a commit of this repository, got "v9": fetch it (git fetch --tags), or name another.',
    ],
    [
      [new MigrationsFolder(ONE).path, '--since', 'v1'],
      /^error: --since "v1" needs a git repository, and ".*" is in none: check a clone, or leave --since out\.$/m,
    ],
    [[inGit.path, '--major', 'new'], '--major must be a major version of PostgreSQL such as 17, got "new".'],
    [
      [inGit.path, '--database', 'Shop'],
      '--database must be a small letter, then up to 50 small letters, digits and "_", got "Shop".',
    ],
    [[inGit.path, '--format', 'xml'], /Allowed choices are pretty, json, sarif/],
    [[], /missing required argument 'folder'/],
  ])('%j', async (args, message) => {
    const { code, said } = await groundplan('migrate', 'check', ...args);
    expect(said).toEqual(typeof message === 'string' ? `error: ${message}\n` : expect.stringMatching(message));
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });
});
