import { PostgresServer } from '@groundplan/engines';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

/** The file that the image holds, run as its container runs it. */
const PROGRAM = join(__dirname, '../assets/images/database-users.js');
const PASSWORD = 'Correct-horse-9/battery';
const ROLES = { owner: 'shop_owner', readWrite: 'shop_read_write', readOnly: 'shop_read_only' };

let server: PostgresServer;
const log: string[] = [];

beforeAll(async () => {
  server = await PostgresServer.start({
    user: 'postgres',
    password: 'master-password',
    database: 'shop',
    rds: true,
    forceTls: true,
    settings: { log_statement: 'all', log_min_duration_statement: '0' },
    log: (line) => log.push(line),
  });
}, 60_000);
afterAll(() => server?.stop());

function login(user: string, password: string, more: object = {}): Client {
  return new Client({
    host: server.host,
    port: server.port,
    database: 'shop',
    user,
    password,
    ssl: { ca: readFileSync(server.caFile) },
    ...more,
  });
}

async function as<T>(user: string, password: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = login(user, password);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const asMaster = <T>(work: (client: Client) => Promise<T>) => as('postgres', 'master-password', work);

/** What the container does with such users, and what it says. */
function run(users: object[], more: Record<string, string> = {}): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env.PATH,
      PGHOST: server.host,
      PGPORT: String(server.port),
      PGDATABASE: 'shop',
      PGUSER: 'postgres',
      PGPASSWORD: 'master-password',
      PGSSLROOTCERT: server.caFile,
      DATABASE_USERS: JSON.stringify({ roles: ROLES, users }),
      ...more,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

const APP = { name: 'app', right: 'readWrite', passwordVariable: 'APP_PASSWORD' };
const REPORTS = { name: 'reports', right: 'readOnly', passwordVariable: 'REPORTS_PASSWORD' };
const PASSWORDS = { APP_PASSWORD: PASSWORD, REPORTS_PASSWORD: `${PASSWORD}-reports` };

test('users are made, and again nothing changes', async () => {
  const first = await run([APP, REPORTS], PASSWORDS);
  expect(first).toMatchObject({ code: 0 });
  expect(first.said).toContain('Made app: readWrite, by password');
  const again = await run([APP, REPORTS], PASSWORDS);
  expect(again).toMatchObject({ code: 0 });
  expect(again.said).toContain('Kept app: readWrite, by password');
});

describe('with a table that the owner made', () => {
  beforeAll(() =>
    asMaster(async (client) => {
      await client.query('SET ROLE shop_owner');
      await client.query('CREATE TABLE entries (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL)');
      await client.query('CREATE SCHEMA later CREATE TABLE later.more (id bigserial)');
    }),
  );

  test.each([
    "INSERT INTO entries (text) VALUES ('hello')",
    'SELECT * FROM entries',
    'INSERT INTO later.more DEFAULT VALUES',
  ])('a user that reads and writes may %s', (statement) => as('app', PASSWORD, (client) => client.query(statement)));

  test.each([
    'CREATE TABLE mine (id int)',
    'DROP TABLE entries',
    'ALTER TABLE entries ADD COLUMN more text',
    'TRUNCATE entries',
    'CREATE SCHEMA mine',
    'CREATE ROLE friend',
    'SET ROLE shop_owner',
    'GRANT shop_owner TO reports',
  ])('and may not %s', async (statement) => {
    await expect(as('app', PASSWORD, (client) => client.query(statement))).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });

  test('a user that only reads may read', () =>
    as('reports', `${PASSWORD}-reports`, (client) => client.query('SELECT * FROM entries, later.more')));

  test.each([
    "INSERT INTO entries (text) VALUES ('no')",
    'DELETE FROM entries',
    'CREATE TEMPORARY TABLE t (id int)',
    'CREATE TABLE mine (id int)',
  ])('and may not %s', async (statement) => {
    await expect(as('reports', `${PASSWORD}-reports`, (client) => client.query(statement))).rejects.toThrow(
      /permission denied/,
    );
  });

  test('a table that stood before the users is theirs too', async () => {
    await asMaster(async (client) => {
      await client.query('CREATE TABLE older (id int)');
      await expect(as('app', PASSWORD, (app) => app.query('SELECT * FROM older'))).rejects.toThrow('permission denied');
    });
    expect(await run([APP, REPORTS], PASSWORDS)).toMatchObject({ code: 0 });
    await as('app', PASSWORD, (client) => client.query('INSERT INTO older VALUES (1)'));
    await as('reports', `${PASSWORD}-reports`, (client) => client.query('SELECT * FROM older'));
  });

  test('less rights are less rights', async () => {
    expect(await run([{ ...APP, right: 'readOnly' }], PASSWORDS)).toMatchObject({ code: 0 });
    await expect(
      as('app', PASSWORD, (client) => client.query("INSERT INTO entries (text) VALUES ('x')")),
    ).rejects.toThrow('permission denied');
    expect(await run([APP], PASSWORDS)).toMatchObject({ code: 0 });
  });

  test('a user that owns makes what belongs to the owner, and not to itself', async () => {
    expect(await run([{ name: 'migrator', right: 'owner', passwordVariable: 'P' }], { P: PASSWORD })).toMatchObject({
      code: 0,
    });
    const { rows } = await as('migrator', PASSWORD, async (client) => {
      await client.query('CREATE TABLE owned (id int)');
      return client.query("SELECT tableowner FROM pg_tables WHERE tablename = 'owned'");
    });
    expect(rows).toEqual([{ tableowner: 'shop_owner' }]);
    await as('app', PASSWORD, (client) => client.query('INSERT INTO owned VALUES (1)'));
  });
});

test('nobody is dropped: who is no longer named keeps what they had', async () => {
  expect(await run([], {})).toMatchObject({ code: 0 });
  await as('app', PASSWORD, (client) => client.query('SELECT 1'));
});

test('a user of IAM has no password, and one that had one loses it', async () => {
  expect(await run([APP], PASSWORDS)).toMatchObject({ code: 0 });
  const { code, said } = await run([{ name: 'app', right: 'readWrite' }]);
  expect(said).toContain('app: readWrite, by IAM');
  expect(code).toBe(0);
  const { rows } = await asMaster((client) => client.query("SELECT pg_has_role('app', 'rds_iam', 'MEMBER') AS iam"));
  expect(rows).toEqual([{ iam: true }]);
  expect(await run([APP], PASSWORDS)).toMatchObject({ code: 0 });
  await as('app', PASSWORD, (client) => client.query('SELECT 1'));
});

test('a changed password is the password', async () => {
  expect(await run([APP], { APP_PASSWORD: 'another-one-1' })).toMatchObject({ code: 0 });
  await expect(as('app', PASSWORD, (client) => client.query('SELECT 1'))).rejects.toThrow(
    'password authentication failed',
  );
  await as('app', 'another-one-1', (client) => client.query('SELECT 1'));
  expect(await run([APP], PASSWORDS)).toMatchObject({ code: 0 });
});

test('two at once: both end well', async () => {
  const ends = await Promise.all([run([APP, REPORTS], PASSWORDS), run([APP, REPORTS], PASSWORDS)]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
});

test('the server never sees a password, although it writes every statement to its log', async () => {
  expect(await run([APP, REPORTS], PASSWORDS)).toMatchObject({ code: 0 });
  const written = log.join('\n');
  expect(written).toContain('ALTER ROLE "app" LOGIN PASSWORD');
  expect(written).toContain('SCRAM-SHA-256$4096:');
  expect(written).not.toContain(PASSWORD);
});

test('somebody who speaks in the clear is refused', async () => {
  await expect(login('app', PASSWORD, { ssl: false }).connect()).rejects.toThrow(/no encryption|no pg_hba.conf entry/);
});

describe('what goes wrong ends with one sentence', () => {
  test('a wrong password, at once', async () => {
    const { code, said } = await run([APP], { ...PASSWORDS, PGPASSWORD: 'wrong' });
    expect(code).toBe(1);
    expect(said).toContain('The users were not made: password authentication failed for user "postgres"');
  });

  test('a password that is not there, and nothing is half-made', async () => {
    const { code, said } = await run([{ name: 'half', right: 'readOnly', passwordVariable: 'HALF' }]);
    expect(code).toBe(1);
    expect(said).toContain('HALF is empty: it has to hold the password of half.');
    const { rows } = await asMaster((client) => client.query("SELECT 1 FROM pg_roles WHERE rolname = 'half'"));
    expect(rows).toEqual([]);
  });

  test('a database that never comes, after the time that was given', async () => {
    const { code, said } = await run([APP], { ...PASSWORDS, PGPORT: '1', WAIT_SECONDS: '3' });
    expect(code).toBe(1);
    expect(said).toMatch(/Waiting for the database: .*\n.*The users were not made/);
  });
});
