import { spawn } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { FLYWAY_PROGRAM, PostgresServer, commandOf, findFlyway, prepareFlyway } from '../src';
import { ask } from './ask';
import { temporaryFolder } from './temporary-folder';

/** A folder of migrations: file names and what is in them. */
function migrations(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, sql] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), sql);
  return folder;
}

let server: PostgresServer;
let databases = 0;

beforeAll(async () => {
  await prepareFlyway();
  // so that a query ends soon when whoever asked it is gone
  const settings = { client_connection_check_interval: '200ms' };
  server = await PostgresServer.start({ rds: true, user: 'master', forceTls: true, settings });
}, 180_000); // the first time on a machine it is brought
afterAll(() => server.stop());

/** A new database, and what runs Flyway on it as a task would: by its environment alone. */
async function newDatabase() {
  const database = `database_${++databases}`;
  await ask(server, `CREATE DATABASE ${database}`);
  const environment = {
    ...process.env,
    FLYWAY_URL: server.jdbcUrl(database),
    FLYWAY_USER: server.user,
    FLYWAY_PASSWORD: server.password,
    FLYWAY_CONNECT_RETRIES: '3',
  };
  const flyway = (sql: string, ...args: string[]) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const [node, ...program] = commandOf(FLYWAY_PROGRAM);
      const child = spawn(node, [...program, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...environment, FLYWAY_LOCATIONS: `filesystem:${sql}` },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      child.once('close', (code) => resolve({ code, output }));
    });
  const rows = (question: string) => ask(server, question, { database });
  return { flyway, rows, environment };
}

const GUESTBOOK = {
  'V1__entries.sql': 'CREATE TABLE entries (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL);',
  'V2__welcome.sql': "INSERT INTO entries (text) VALUES ('welcome');",
};

test('migrates, and again without changing anything; info and validate agree', async () => {
  const { flyway, rows } = await newDatabase();
  const sql = migrations(GUESTBOOK);
  expect(await flyway(sql, 'migrate')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/applied 2 migrations/),
  });
  expect(await flyway(sql, 'migrate')).toMatchObject({ code: 0, output: expect.stringMatching(/is up to date/) });
  expect(await rows('SELECT text FROM entries')).toEqual([{ text: 'welcome' }]);
  expect(await flyway(sql, 'validate')).toMatchObject({ code: 0 });
  const { output } = await flyway(sql, 'info', '-outputType=json');
  expect(JSON.parse(output)).toMatchObject({ schemaVersion: '2', migrations: [{ state: 'Success' }, {}] });
});

test('a broken migration fails with the statement, and nothing of it is applied', async () => {
  const { flyway, rows } = await newDatabase();
  const sql = migrations({
    ...GUESTBOOK,
    'V3__broken.sql': "CREATE TABLE half (id int);\nINSERT INTO entries (text) VALUES ('half');\nSELEKT 1;",
  });
  const { code, output } = await flyway(sql, 'migrate');
  expect(code).toBe(1);
  expect(output).toMatch(/V3__broken\.sql failed[^]*rolled back|rolled back[^]*V3__broken\.sql/);
  expect(await rows('SELECT text FROM entries')).toEqual([{ text: 'welcome' }]);
  expect(await rows("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
});

test('two at once: one applies, the other waits for it, none fails', async () => {
  const { flyway, rows } = await newDatabase();
  const sql = migrations({ ...GUESTBOOK, 'V3__slow.sql': 'SELECT pg_sleep(1);' });
  const results = await Promise.all([flyway(sql, 'migrate'), flyway(sql, 'migrate')]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(await rows('SELECT count(*)::int AS entries FROM entries')).toEqual([{ entries: 1 }]);
  expect(await rows("SELECT count(*)::int AS applied FROM flyway_schema_history WHERE type = 'SQL'")).toEqual([
    { applied: 3 },
  ]);
});

test('an edited migration is refused', async () => {
  const { flyway } = await newDatabase();
  await flyway(migrations(GUESTBOOK), 'migrate');
  const edited = migrations({ ...GUESTBOOK, 'V1__entries.sql': 'CREATE TABLE entries (id int);' });
  const { code, output } = await flyway(edited, 'migrate');
  expect(code).toBe(1);
  expect(output).toMatch(/Migration checksum mismatch for migration version 1/);
});

test('what it is told to do that it does not know ends as the official command ends', async () => {
  const { flyway } = await newDatabase();
  expect(await flyway(migrations({}), '-nope=1', 'info')).toMatchObject({
    code: 1,
    output: expect.stringContaining('flyway.nope'),
  });
});

test.each(['SIGTERM', 'SIGKILL'] as const)('ends with %s, and what it had begun is rolled back', async (signal) => {
  const { rows, environment } = await newDatabase();
  const sql = migrations({ 'V1__slow.sql': 'CREATE TABLE half (id int); SELECT pg_sleep(60);' });
  const [node, ...program] = commandOf(FLYWAY_PROGRAM);
  const child = spawn(node, [...program, `-locations=filesystem:${sql}`, 'migrate'], {
    stdio: 'ignore',
    env: environment,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const sleeping = async () => {
    const found = await rows(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
    );
    return found.length > 0;
  };
  while (!(await sleeping())) await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill(signal);
  expect(await ended).toBe(signal === 'SIGTERM' ? 143 : null);
  while (await sleeping()) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await rows("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
});

test('is found when it was prepared, and not before', () => {
  expect(findFlyway()).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  expect(findFlyway({ ...process.env, GROUNDPLAN_ENGINES: temporaryFolder() })).toBeUndefined();
});
