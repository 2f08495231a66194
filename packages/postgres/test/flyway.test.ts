import { Tier } from '@groundplan/core';
import { FLYWAY_PROGRAM, PostgresServer, commandOf, prepareFlyway } from '@groundplan/engines';
import { Stack } from 'aws-cdk-lib';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Grants } from '../src';
import { instanceIn } from './standing';
import { Container, containersIn } from './task-of';

/** What the task definition says runs here: the users' program, then Flyway, both as its containers are told. */
let server: PostgresServer;
let made = 0;
const log: string[] = [];
const folders: string[] = [];

beforeAll(async () => {
  await prepareFlyway();
  server = await PostgresServer.start({
    rds: true,
    forceTls: true,
    user: 'postgres',
    password: 'master-password',
    settings: { log_statement: 'ddl', log_min_duration_statement: '1000' },
    log: (line) => log.push(line),
  });
}, 180_000);
afterAll(async () => {
  await server?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A database of its own on the server, and the task that migrates it. */
async function migrated(directory: string): Promise<{ name: string; containers: Record<string, Container> }> {
  const name = `shop${(made += 1)}`;
  await asUser('postgres', 'master-password', 'postgres', (client) => client.query(`CREATE DATABASE ${name}`));
  return { name, containers: containersOf(name, directory) };
}

function containersOf(name: string, directory: string): Record<string, Container> {
  const target = instanceIn(Tier.DEVELOPMENT, { databaseName: name }).database;
  target.addUser(`${name}_app`, { grants: Grants.readWrite() });
  target.migrate({ directory });
  return containersIn(Stack.of(target));
}

async function asUser<T>(
  user: string,
  password: string,
  name: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    host: server.host,
    port: server.port,
    database: name,
    user,
    password,
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What ECS would hand over: the environment with what the references lead to, and the secrets. */
function environmentOf({ environment, secrets, context }: Container): Record<string, string> {
  const passwords = Object.keys(secrets).map((name) => [
    name,
    name.startsWith('PASSWORD_OF') ? 'app-password' : 'master-password',
  ]);
  const said = JSON.stringify({ ...environment, ...Object.fromEntries(passwords) })
    .replaceAll(/<\w+\.Endpoint\.Address>/g, server.host)
    .replaceAll(/<\w+\.Endpoint\.Port>/g, `${server.port}`)
    // The image's folder stands in the assembly.
    .replaceAll('/flyway/sql', join(context!, 'sql'));
  return { PATH: process.env.PATH!, ...JSON.parse(said) };
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function run([program, ...args]: string[], env: Record<string, string>): Promise<Ended> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

const makeUsers = ({ init }: Record<string, Container>) =>
  run([process.execPath, join(init.context!, 'database-users.js')], {
    ...environmentOf(init),
    PGSSLROOTCERT: server.caFile,
  });
const flyway = ({ app }: Record<string, Container>) =>
  run([...commandOf(FLYWAY_PROGRAM), ...app.command], environmentOf(app));

/** A folder with migrations of the fixture, and more. */
function folderWith(more: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-sql-'));
  folders.push(folder);
  cpSync(join(__dirname, 'fixtures/guestbook'), folder, { recursive: true });
  for (const [name, sql] of Object.entries(more)) writeFileSync(join(folder, name), sql);
  return folder;
}

describe('the guestbook', () => {
  let name: string;
  let containers: Record<string, Container>;
  beforeAll(async () => {
    ({ name, containers } = await migrated(join(__dirname, 'fixtures/guestbook')));
    expect(await makeUsers(containers)).toMatchObject({ code: 0 });
  }, 60_000);

  test('is migrated, and again nothing is left to do', async () => {
    const first = await flyway(containers);
    expect(first.said).toContain('Successfully applied 3 migrations to schema "public"');
    expect(first.code).toBe(0);
    const again = await flyway(containers);
    expect(again.said).toContain('Schema "public" is up to date. No migration necessary.');
    expect(again.code).toBe(0);
  }, 60_000);

  test('belongs to the owner, and the application reads and writes it', async () => {
    const rows = await asUser(`${name}_app`, 'app-password', name, async (client) => {
      await client.query("INSERT INTO entries (author, message) VALUES ('Ada', 'Hello')");
      await client.query('SELECT * FROM latest_entries');
      return (await client.query("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
        .rows;
    });
    expect(rows).toEqual([
      { tablename: 'entries', tableowner: `${name}_owner` },
      { tablename: 'flyway_schema_history', tableowner: `${name}_owner` },
    ]);
  });

  test('a migration that is added is the only one that runs', async () => {
    const next = containersOf(name, folderWith({ 'V3__add_mood.sql': 'ALTER TABLE entries ADD COLUMN mood text;' }));
    const { code, said } = await flyway(next);
    expect(said).toContain('Successfully applied 1 migration to schema "public", now at version v3');
    expect(code).toBe(0);
  }, 60_000);

  test('going back to the release before is no failure: what was migrated stays', async () => {
    expect(await flyway(containers)).toMatchObject({ code: 0 });
  }, 60_000);

  test('a migration that was edited after it ran is refused', async () => {
    const edited = containersOf(name, folderWith({ 'V1__create_entries.sql': 'CREATE TABLE entries (id int);' }));
    const { code, said } = await flyway(edited);
    expect(said).toContain('Migration checksum mismatch for migration version 1');
    expect(code).not.toBe(0);
  }, 60_000);
});

test('a broken migration fails, and nothing of it is applied', async () => {
  const { name, containers } = await migrated(join(__dirname, 'fixtures/broken'));
  expect(await makeUsers(containers)).toMatchObject({ code: 0 });
  const { code, said } = await flyway(containers);
  expect(said).toContain('relation "nothing" does not exist');
  expect(code).not.toBe(0);
  const tables = await asUser('postgres', 'master-password', name, (client) =>
    client.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'",
    ),
  );
  expect(tables.rows).toEqual([]);
}, 60_000);

test('two at once: one migrates, the other finds it done, and none fails', async () => {
  const { name, containers } = await migrated(folderWith({ 'V3__slow.sql': 'SELECT pg_sleep(2);' }));
  expect(await makeUsers(containers)).toMatchObject({ code: 0 });
  const ends = await Promise.all([flyway(containers), flyway(containers)]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  const applied = await asUser('postgres', 'master-password', name, (client) =>
    client.query("SELECT count(*)::int AS times FROM flyway_schema_history WHERE version = '3'"),
  );
  expect(applied.rows).toEqual([{ times: 1 }]);
}, 90_000);

test('the log names who changed the schema, and holds no value of a statement and no password', () => {
  const written = log.join('\n');
  expect(written).toContain('CREATE TABLE entries');
  expect(written).not.toContain('Hello');
  expect(written).not.toContain('app-password');
  expect(written).not.toContain('master-password');
});
