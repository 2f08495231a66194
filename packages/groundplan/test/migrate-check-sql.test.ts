import { MigrationsFolder } from './migrations-folder';

afterAll(() => MigrationsFolder.removeAll());

const FIRST = `CREATE TABLE entries (id bigint PRIMARY KEY, author text, mood text);
CREATE VIEW latest AS SELECT * FROM entries;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE INDEX entries_author ON entries (author);`;
const OUTSIDE = 'executeInTransaction=false\n';

/** What is found in the second of two migrations. */
async function rulesIn(sql: string, conf?: string): Promise<string[]> {
  const folder = new MigrationsFolder({ 'V1__first.sql': FIRST, 'V2__second.sql': sql });
  if (conf) folder.write({ 'V2__second.sql.conf': conf });
  return (await folder.read()).filter((line) => line.startsWith('V2')).map((line) => line.split(' ')[1]);
}

describe('what destroys is an error', () => {
  test.each([
    ['DropObject', 'DROP TABLE entries;'],
    ['DropObject', 'DROP TABLE IF EXISTS entries; CREATE TABLE entries (id int);'],
    ['DropObject', 'DROP VIEW latest;'],
    ['DropObject', 'DROP SCHEMA shop CASCADE;'],
    ['DropObject', 'DROP FUNCTION f();'],
    ['DropObject', 'DROP TYPE mood;'],
    ['DropObject', 'DROP OWNED BY app;'],
    ['DropColumn', 'ALTER TABLE public.entries DROP COLUMN mood;'],
    ['DeleteEverything', 'TRUNCATE entries;'],
    ['DeleteEverything', 'DELETE FROM entries;'],
    ['DeleteEverything', "UPDATE entries SET mood = 'good';"],
    ['DeleteEverything', 'WITH gone AS (DELETE FROM entries RETURNING id) SELECT count(*) FROM gone;'],
    ['Rename', 'ALTER TABLE entries RENAME TO guests;'],
    ['Rename', 'ALTER TABLE entries RENAME COLUMN mood TO feeling;'],
    ['Rename', 'ALTER VIEW latest RENAME TO newest;'],
    ['Rename', 'ALTER TABLE entries SET SCHEMA shop;'],
    ['AddNotNullColumn', 'ALTER TABLE entries ADD COLUMN age int NOT NULL;'],
    ['AddNotNullColumn', 'ALTER TABLE entries ADD COLUMN age int NOT NULL DEFAULT NULL;'],
  ])('%s: %s', async (rule, sql) => expect(await rulesIn(sql)).toEqual([rule]));

  test.each([
    'CREATE TABLE t (id int); DROP TABLE t;',
    'CREATE TEMP TABLE t (id int); TRUNCATE t; DELETE FROM t; UPDATE t SET id = 1;',
    'DROP VIEW latest; CREATE VIEW latest AS SELECT id FROM entries;',
    'DROP FUNCTION f(); CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 1 $$;',
    'DROP TRIGGER t ON entries;',
    'DELETE FROM entries WHERE id = 1;',
    'UPDATE entries SET mood = 1 WHERE id = 1;',
    'CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME COLUMN a TO b; ALTER TABLE u DROP COLUMN b;',
    'ALTER INDEX entries_author RENAME TO entries_by_author;',
    'ALTER TABLE entries ADD COLUMN age int NOT NULL DEFAULT 0;',
    'ALTER TABLE entries ADD COLUMN age int;',
    'DO LANGUAGE plpython3u $$ print(1) $$;',
    'DO $$ DECLARE e entries%ROWTYPE; BEGIN SELECT * INTO e FROM entries LIMIT 1; e.id := 1; PERFORM f(); END $$;',
    "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'DELETE FROM entries; SELECT 1';",
  ])('but not: %s', async (sql) => expect(await rulesIn(sql)).toEqual([]));
});

describe('what locks is a warning', () => {
  test.each([
    ['ChangeColumnType', 'ALTER TABLE entries ALTER COLUMN id TYPE numeric;'],
    ['RewriteTable', 'ALTER TABLE entries ADD COLUMN key uuid DEFAULT gen_random_uuid();'],
    ['RewriteTable', 'ALTER TABLE entries ADD COLUMN at timestamptz DEFAULT (clock_timestamp());'],
    ['RewriteTable', 'ALTER TABLE entries ADD COLUMN n bigserial;'],
    ['RewriteTable', 'ALTER TABLE entries ADD COLUMN n int GENERATED ALWAYS AS IDENTITY;'],
    ['RewriteTable', 'ALTER TABLE entries ADD COLUMN n int GENERATED ALWAYS AS (id + 1) STORED;'],
    ['RewriteTable', 'ALTER TABLE entries SET UNLOGGED;'],
    ['SetNotNull', 'ALTER TABLE entries ALTER COLUMN mood SET NOT NULL;'],
    ['ConstraintNotValid', 'ALTER TABLE entries ADD CONSTRAINT c CHECK (id > 0);'],
    ['ConstraintNotValid', 'ALTER TABLE entries ADD FOREIGN KEY (author) REFERENCES authors;'],
    ['ConstraintNotValid', 'ALTER TABLE entries ADD COLUMN n int CHECK (n > 0);'],
    ['ConstraintNotValid', 'ALTER TABLE entries ADD COLUMN n int DEFAULT 1 REFERENCES authors;'],
    ['UniqueUsingIndex', 'ALTER TABLE entries ADD CONSTRAINT c UNIQUE (author);'],
    ['UniqueUsingIndex', 'ALTER TABLE entries ADD COLUMN n int UNIQUE;'],
    ['UniqueUsingIndex', 'ALTER TABLE entries ADD EXCLUDE USING gist (mood WITH =);'],
    ['IndexConcurrently', 'CREATE INDEX ON entries (mood);'],
    ['IndexConcurrently', 'DROP INDEX entries_author;'],
    ['IndexConcurrently', 'REINDEX TABLE entries;'],
    ['LockTable', 'CLUSTER entries USING entries_author;'],
    ['LockTable', 'LOCK TABLE entries;'],
    ['Grants', 'GRANT SELECT ON entries TO reports;'],
    ['Grants', 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reports;'],
    [
      'ValidateLater',
      'ALTER TABLE entries ADD CONSTRAINT c CHECK (id > 0) NOT VALID; ALTER TABLE entries VALIDATE CONSTRAINT c;',
    ],
  ])('%s: %s', async (rule, sql) => expect(await rulesIn(sql)).toEqual([rule]));

  test.each([
    'CREATE TABLE t (id int); CREATE INDEX ON t (id); ALTER TABLE t ALTER COLUMN id TYPE bigint; ALTER TABLE t ADD UNIQUE (id);',
    'ALTER TABLE entries ADD COLUMN at timestamptz DEFAULT now();',
    'ALTER TABLE entries ADD COLUMN n int REFERENCES authors;',
    'ALTER TABLE entries ADD CONSTRAINT c CHECK (id > 0) NOT VALID;',
    'ALTER TABLE entries ADD CONSTRAINT c UNIQUE USING INDEX entries_author;',
    'CREATE INDEX ON ONLY entries (mood);',
    'CREATE TYPE pair AS (a int); ALTER TYPE pair ADD ATTRIBUTE b int;',
    'SET lock_timeout = 1000;',
  ])('but not: %s', async (sql) => expect(await rulesIn(sql)).toEqual([]));

  test('SET NOT NULL is fine behind a check that was validated, in whatever file', async () => {
    const folder = new MigrationsFolder({
      'V1__first.sql': FIRST,
      'V2__add.sql': 'ALTER TABLE entries ADD CONSTRAINT c CHECK (mood IS NOT NULL) NOT VALID;',
      'V3__validate.sql': 'ALTER TABLE entries VALIDATE CONSTRAINT c;',
      'V4__set.sql': 'ALTER TABLE public.entries ALTER COLUMN mood SET NOT NULL, DROP CONSTRAINT c;',
    });
    expect(await folder.read()).toEqual([]);
    folder.write({ 'V3__validate.sql': 'SELECT 1;' });
    expect(await folder.read()).toEqual(['V4__set.sql:1 SetNotNull']);
  });
});

describe('what cannot run in a transaction', () => {
  const INDEX = 'CREATE INDEX CONCURRENTLY ON entries (mood);';

  test.each([
    [INDEX, undefined, ['NotInTransaction']],
    [INDEX, OUTSIDE, []],
    [INDEX, 'executeInTransaction=true', ['NotInTransaction']],
    ['DROP INDEX CONCURRENTLY entries_author;', OUTSIDE, []],
    ['REINDEX TABLE CONCURRENTLY entries;', OUTSIDE, []],
    ['VACUUM (FULL false, ANALYZE) entries;', OUTSIDE, []],
    ['VACUUM FULL entries;', OUTSIDE, ['LockTable']],
    [`${INDEX} CREATE TABLE t (id int);`, OUTSIDE, ['MixedTransaction']],
    [`SET lock_timeout = 1000; ${INDEX}`, OUTSIDE, []],
    [`SET lock_timeout = 1000; ${INDEX}`, undefined, ['NotInTransaction', 'MixedTransaction']],
    ['BEGIN; SELECT 1; COMMIT;', undefined, ['OwnTransaction', 'OwnTransaction']],
  ])('%s with %j in its .conf: %j', async (sql, conf, rules) => expect(await rulesIn(sql, conf)).toEqual(rules));
});

describe('users, roles and owners', () => {
  test.each([
    ['Roles', 'CREATE ROLE reports;'],
    ['Roles', "ALTER ROLE reports PASSWORD 'x';"],
    ['Roles', 'ALTER ROLE reports SET search_path = shop;'],
    ['Roles', 'DROP ROLE reports;'],
    ['Roles', 'GRANT app_owner TO reports;'],
    ['Roles', 'ALTER TABLE entries OWNER TO postgres;'],
    ['Roles', 'ALTER FUNCTION f() OWNER TO postgres;'],
    ['Roles', 'REASSIGN OWNED BY a TO b;'],
    ['SetRole', 'SET ROLE postgres;'],
    ['SetRole', 'RESET ROLE;'],
    ['SetRole', 'SET SESSION AUTHORIZATION postgres;'],
  ])('%s: %s', async (rule, sql) => expect(await rulesIn(sql)).toEqual([rule]));
});

describe('where it stands', () => {
  test('the line is that of the first word, whatever stands before it', async () => {
    const sql = `-- Grüße: 'quotes; ${'$'}{placeholder}\n/* DROP TABLE a; /* nested */ */\n\nSELECT 'é; DROP TABLE b';\r\n\n-- why\nDROP\n  TABLE entries;`;
    const folder = new MigrationsFolder({ 'V1__first.sql': FIRST, 'V2__second.sql': sql });
    expect(await folder.read()).toEqual(['V2__second.sql:7 DropObject']);
  });

  test('a block says what it does, line by line', async () => {
    const sql = `SELECT 1;
DO $$
BEGIN
  IF true THEN
    DROP TABLE entries;
  END IF;
  EXECUTE 'TRUNCATE entries';
  EXECUTE 'DROP TABLE ' || 'entries';
END
$$;`;
    const folder = new MigrationsFolder({ 'V1__first.sql': FIRST, 'V2__second.sql': sql });
    expect(await folder.read()).toEqual(['V2__second.sql:5 DropObject', 'V2__second.sql:7 DeleteEverything']);
  });

  test('SQL that PostgreSQL cannot read is an error, at its line', async () => {
    const folder = new MigrationsFolder({ 'V1__first.sql': '-- é\nSELECT 1;\nCREATE TABEL t (id int);' });
    const { findings, code } = await folder.check('--no-replay');
    expect(findings).toMatchObject([
      { file: 'V1__first.sql', line: 3, message: 'PostgreSQL cannot read it: syntax error at or near "TABEL".' },
    ]);
    expect(code).toBe(1);
  });

  test('placeholders and the rows of COPY are no SQL', async () => {
    const sql =
      "CREATE TABLE ${table} (a int, b text);\nCOPY t (a, b) FROM STDIN;\n1\tDROP TABLE'\n\\.\nTRUNCATE entries;";
    const folder = new MigrationsFolder({ 'V1__first.sql': sql });
    expect(await folder.read()).toEqual(['V1__first.sql:5 DeleteEverything']);
  });
});

describe('what is accepted', () => {
  test('with a reason, directly before the statement, it is no longer open', async () => {
    const folder = new MigrationsFolder({
      'V1__first.sql': FIRST,
      'V2__second.sql':
        'SELECT 1;\n-- About the mood.\n-- groundplan:accept DropColumn nobody reads it since 1.4\nALTER TABLE entries DROP COLUMN mood;',
    });
    const { findings, summary, code } = await folder.check('--no-replay');
    expect(findings).toMatchObject([{ ruleId: 'DropColumn', acceptedBecause: 'nobody reads it since 1.4' }]);
    expect([code, summary]).toEqual([0, { open: 0, warnings: 0, accepted: 1, migrations: 2, linted: 2 }]);
  });

  test.each([
    ['without a reason', '-- groundplan:accept DropObject\nDROP TABLE entries;', ['AcceptanceReason', 'DropObject']],
    ['of no rule', '-- groundplan:accept DropTable old\nDROP TABLE entries;', ['AcceptanceReason', 'DropObject']],
    ['of nothing', '-- groundplan:accept DropObject old\nSELECT 1;', ['UnusedAcceptance']],
    ['of another rule', '-- groundplan:accept Rename old\nDROP TABLE entries;', ['UnusedAcceptance', 'DropObject']],
    [
      'behind a statement',
      'DROP TABLE entries; -- groundplan:accept DropObject old',
      ['DropObject', 'UnusedAcceptance'],
    ],
    [
      'behind the statement before',
      'SELECT 1; -- groundplan:accept DropObject old\nDROP TABLE entries;',
      ['UnusedAcceptance', 'DropObject'],
    ],
    [
      'within a statement',
      'DROP TABLE\n-- groundplan:accept DropObject old\nentries;',
      ['DropObject', 'UnusedAcceptance'],
    ],
    ['in a text', "SELECT '\n-- groundplan:accept DropObject old\n'; DROP TABLE entries;", ['DropObject']],
  ])('%s it is not', async (_what, sql, rules) => expect(await rulesIn(sql)).toEqual(rules));
});

test('warnings end with 0, and with --strict with 1', async () => {
  const folder = new MigrationsFolder({ 'V1__first.sql': 'CREATE INDEX ON entries (mood);' });
  expect(await folder.check('--no-replay')).toMatchObject({ code: 0, summary: { open: 0, warnings: 1 } });
  expect(await folder.check('--no-replay', '--strict')).toMatchObject({ code: 1, summary: { open: 1, warnings: 1 } });
});
