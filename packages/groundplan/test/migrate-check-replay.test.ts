import { PostgresServer, prepareFlyway } from '@groundplan/engines';
import { spawnSync } from 'node:child_process';
import { checksum } from '../src/migrate/check/checksum';
import { MigrationsFolder } from './migrations-folder';

beforeAll(() => prepareFlyway(), 180_000);
afterAll(() => MigrationsFolder.removeAll());

const ONE = 'CREATE TABLE entries (id bigint PRIMARY KEY, author text, mood text);\n';

test('migrations that run: from nothing, again, and after the release, with roles as the task makes them', async () => {
  const folder = new MigrationsFolder({
    'V1__one.sql': ONE,
    'R__latest.sql': 'CREATE OR REPLACE VIEW latest AS SELECT id FROM entries;',
  }).release('v1');
  folder.write({
    'V2__index.sql': 'CREATE INDEX CONCURRENTLY entries_author ON entries (author);',
    'V2__index.sql.conf': 'executeInTransaction=false',
    'V3__owner.sql': `DO $$ BEGIN ASSERT current_user = 'shop_owner' AND to_regrole('shop_read_only') IS NOT NULL; END $$;
CREATE SCHEMA audit CREATE TABLE audit.log (id int);`,
  });
  const { findings, replay, code, said } = await folder.check('--database', 'shop');
  expect(findings).toEqual([]);
  expect(replay).toMatchObject({
    postgres: expect.stringMatching(/^17\./),
    flyway: expect.stringMatching(/^11\./),
    fromNothing: { applied: 4 },
    fromRelease: { applied: 2 },
  });
  expect(said).toMatch(/Replay: PostgreSQL 17\.\S+: 4 applied in \d+\.\d s, 2 after the release in \d+\.\d s \(/);
  expect(code).toBe(0);
}, 60_000);

test('what fails is said with its file, line and reason; a release that ran is no comfort', async () => {
  const folder = new MigrationsFolder({ 'V1__one.sql': ONE }).release('v1').write({
    'V2__two.sql': 'CREATE TABLE other (id int);\n\nCREATE TABLE more (\n  entry bigint REFERENCES nothing (id));',
  });
  const { findings, code } = await folder.check();
  expect(findings).toMatchObject([
    {
      ruleId: 'Replay',
      file: 'V2__two.sql',
      line: 3,
      message: 'From nothing it fails: relation "nothing" does not exist.',
    },
  ]);
  expect(code).toBe(1);
}, 60_000);

test('what fails only on what the release left', async () => {
  const folder = new MigrationsFolder({
    'V1__one.sql': ONE,
    'R__latest.sql': 'CREATE OR REPLACE VIEW latest AS SELECT id, mood FROM entries;',
  }).release('v1');
  folder.write({
    'V2__drop.sql': '-- groundplan:accept DropColumn nobody reads it\nALTER TABLE entries DROP COLUMN mood;',
    'R__latest.sql': 'CREATE OR REPLACE VIEW latest AS SELECT id FROM entries;',
  });
  const { findings, replay } = await folder.check();
  expect(findings.filter(({ acceptedBecause }) => !acceptedBecause)).toMatchObject([
    {
      ruleId: 'ReplayFromRelease',
      file: 'V2__drop.sql',
      line: 2,
      message: expect.stringMatching(
        /^After v1 \(the newest tag\) it fails: cannot drop column mood of table entries because other objects depend on it/,
      ),
    },
  ]);
  expect(replay).toMatchObject({ fromNothing: { applied: 3 }, fromRelease: { applied: 0 } });
}, 60_000);

test('what fails the second time, and what runs again although nothing has changed', async () => {
  const once = new MigrationsFolder({ 'V1__one.sql': ONE, 'afterMigrate.sql': 'CREATE TABLE once (id int);' });
  const always = new MigrationsFolder({
    'V1__one.sql': ONE,
    // Flyway's timestamp is of a second: another one has begun when the first run ends.
    'R__now.sql': '-- ${flyway:timestamp}\nSELECT pg_sleep(1.1);\nCREATE OR REPLACE VIEW v AS SELECT 1 AS one;',
  });
  const [first, second] = [await once.check(), await always.check()];
  expect(first.findings).toMatchObject([
    {
      ruleId: 'Replay',
      file: 'afterMigrate.sql',
      line: 1,
      message: 'The second time it fails: relation "once" already exists.',
    },
  ]);
  expect(second.findings).toMatchObject([{ ruleId: 'SecondRun', severity: 'warning', file: 'R__now.sql' }]);
}, 60_000);

test('where history was edited it is not run on the release, and where names are wrong not at all', async () => {
  const edited = new MigrationsFolder({ 'V1__one.sql': ONE }).release('v1').write({ 'V1__one.sql': `${ONE}SELECT 1;` });
  const { findings, replay, said } = await edited.check();
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['EditedMigration']);
  expect(replay).not.toHaveProperty('fromRelease');
  expect(said).toContain('not after the release: its migrations were changed');
  const misnamed = await new MigrationsFolder({ 'V1_one.sql': ONE }).check();
  expect(misnamed.said).toContain('Replay: skipped: Flyway would stop at the names');
}, 60_000);

test('a PostgreSQL that is not there is no fault of the migrations', async () => {
  const folder = new MigrationsFolder({ 'V1__one.sql': ONE });
  await expect(folder.check('--major', '11')).rejects.toThrow(
    /error: there is no PostgreSQL 11: .*install PostgreSQL 11/,
  );
});

test('checksums are those that Flyway remembers', async () => {
  const texts = {
    'V1__plain.sql': 'SELECT 1;\nSELECT 2;',
    'V2__windows.sql': 'SELECT 1;\r\nSELECT 2;\r\n',
    'V3__mark.sql': '\uFEFFSELECT 1;\nSELECT 2;\n',
    'V4__words.sql': "SELECT 'Grüße 👋';\n\n\n-- x\n",
    'V5__mac.sql': 'SELECT 1;\rSELECT 3;\n',
  };
  const folder = new MigrationsFolder(texts);
  const server = await PostgresServer.start({ database: 'shop' });
  try {
    const { command } = await prepareFlyway();
    const { stdout } = spawnSync(command[0], [...command.slice(1), '-X', 'migrate'], {
      cwd: folder.path,
      encoding: 'utf8',
      env: {
        ...process.env,
        FLYWAY_URL: server.jdbcUrl(),
        FLYWAY_USER: server.user,
        FLYWAY_PASSWORD: server.password,
        FLYWAY_LOCATIONS: `filesystem:${folder.path}`,
      },
    });
    const { Client } = await import('pg');
    const client = new Client({ ...server, ssl: { rejectUnauthorized: false } });
    await client.connect();
    const { rows } = await client
      .query('SELECT script, checksum FROM flyway_schema_history ORDER BY installed_rank')
      .finally(() => client.end())
      .catch(() => Promise.reject(new Error(stdout)));
    const ours = Object.entries(texts).map(([script, text]) => ({ script, checksum: checksum(text) }));
    expect(ours).toEqual(rows);
    expect(new Set(ours.slice(0, 3).map((row) => row.checksum)).size).toBe(1);
  } finally {
    await server.stop();
  }
}, 60_000);
