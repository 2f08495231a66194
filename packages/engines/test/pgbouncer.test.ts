import { ChildProcess, spawn, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { createInterface } from 'readline';
import { Client } from 'pg';
import { PGBOUNCER_PROGRAM, PostgresServer, commandOf, enginesFolder, findPgBouncer, freePort } from '../src';
import { temporaryFolder } from './temporary-folder';

const [node, ...program] = commandOf(PGBOUNCER_PROGRAM);

let server: PostgresServer;
beforeAll(async () => {
  await findPgBouncer();
  server = await PostgresServer.start({ user: 'app', forceTls: true });
}, 180_000); // the first time on a machine it is brought
afterAll(() => server.stop());

interface Pool {
  readonly child: ChildProcess;
  readonly port: number;
  readonly log: string[];
  readonly configuration: string;
}

const pools: ChildProcess[] = [];
afterEach(() => {
  for (const child of pools.splice(0)) {
    child.kill('SIGKILL');
    child.stderr?.destroy(); // what outlives it wrongly may hold it open
  }
});

/** A pool in front of the server, as `parent` would start it, configured in a folder that nobody but us may enter. */
async function pool(settings: Record<string, string> = {}, parent = (command: string[]) => command): Promise<Pool> {
  const folder = temporaryFolder();
  const [configuration, users] = ['pgbouncer.ini', 'users.txt'].map((name) => path.join(folder, name));
  const port = await freePort();
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: users,
    admin_users: 'app',
    server_tls_sslmode: 'verify-full',
    server_tls_ca_file: server.caFile,
    pool_mode: 'transaction',
    max_prepared_statements: '100',
    ...settings,
  };
  fs.writeFileSync(users, `"app" "${server.password}"\n`, { mode: 0o600 });
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const upstream = `* = host=${server.host} port=${server.port}`;
  fs.writeFileSync(configuration, ['[databases]', upstream, '[pgbouncer]', ...lines, ''].join('\n'), { mode: 0o600 });
  const [command, ...args] = parent([node, ...program, configuration]);
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  pools.push(child);
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      if (line.includes('process up')) resolve();
    });
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${log.join('\n')}`)));
  });
  return { child, port, log, configuration };
}

async function client({ port }: Pool, database = 'postgres'): Promise<Client> {
  const made = new Client({ host: '127.0.0.1', port, user: 'app', password: server.password, database });
  made.on('error', () => undefined);
  await made.connect();
  return made;
}

const backend = async (from: Client) =>
  (await from.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0].pid;
const ended = (child: ChildProcess) =>
  new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !(await what()); await new Promise((resolve) => setTimeout(resolve, 50)))
    if (Date.now() > end) throw new Error('it did not come true in time');
}

/** Whether something accepts connections. */
async function answers({ port }: Pool): Promise<boolean> {
  const made = new Client({ host: '127.0.0.1', port, user: 'app', password: server.password, database: 'postgres' });
  made.on('error', () => undefined);
  try {
    await made.connect();
    await made.end();
    return true;
  } catch {
    return false;
  }
}

test('is found, and new enough to keep prepared statements in transaction mode', async () => {
  const { version, command } = await findPgBouncer();
  const [, minor] = version.split('.').map(Number);
  expect(minor).toBeGreaterThanOrEqual(21);
  expect(spawnSync(command[0], [...command.slice(1), '--version'], { encoding: 'utf8' }).stdout).toContain(version);
  expect(fs.readdirSync(enginesFolder()).filter((name) => name.startsWith('.unfinished'))).toEqual([]);
});

test('many clients share one connection to the server, transaction by transaction, with statements prepared', async () => {
  const made = await pool({ default_pool_size: '1' });
  const clients = await Promise.all([1, 2, 3].map(() => client(made)));
  expect(new Set(await Promise.all(clients.map(backend))).size).toBe(1);
  const twice = { name: 'twice', text: 'SELECT $1::int * 2 AS answer' };
  for (const [n, one] of [...clients, ...clients].entries())
    expect((await one.query({ ...twice, values: [n] })).rows).toEqual([{ answer: 2 * n }]);
  // one in a transaction keeps the connection, and another waits for it
  await clients[0].query('BEGIN');
  const order: string[] = [];
  const waiting = clients[1].query('SELECT 1').then(() => order.push('waited'));
  await clients[0].query('SELECT pg_sleep(0.2)').then(() => order.push('slept'));
  await clients[0].query('COMMIT');
  await waiting;
  expect(order).toEqual(['slept', 'waited']);
  await Promise.all(clients.map((one) => one.end()));
});

test('says what it is, and refuses what it does not understand, as the command does', async () => {
  const run = (...args: string[]) => spawnSync(node, [...program, ...args], { encoding: 'utf8' });
  expect(run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^PgBouncer \d/), stderr: '' });
  expect(run('--nope')).toMatchObject({ status: 1, stdout: '' });
  expect(run('/no/such.ini')).toMatchObject({ status: 1, stderr: expect.stringMatching(/no\/such\.ini/) });
});

test('does not take itself for a PgBouncer on PATH', () => {
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o755);
  const itself = `#!/bin/sh\nexec ${[node, ...program].map((word) => `'${word}'`).join(' ')} "$@"\n`;
  fs.writeFileSync(path.join(folder, 'pgbouncer'), itself, { mode: 0o755 });
  const env = { ...process.env, PATH: [folder, process.env.PATH].join(path.delimiter) };
  const { status, stdout } = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8', env, timeout: 20_000 });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^PgBouncer \d/) });
});

test('SIGTERM, SIGINT and SIGHUP are passed on as what they are', async () => {
  const made = await pool();
  const one = await client(made);
  await one.query('SELECT 1');
  // SIGHUP reads the configuration anew
  fs.appendFileSync(made.configuration, 'query_timeout = 77\n');
  made.child.kill('SIGHUP');
  await until(() => made.log.some((line) => line.includes('SIGHUP')));
  const admin = await client(made, 'pgbouncer');
  await until(async () => {
    const { rows } = await admin.query<{ key: string; value: string }>('SHOW CONFIG');
    return rows.find(({ key }) => key === 'query_timeout')?.value === '77';
  });
  await admin.end();
  // SIGTERM lets clients end what they do
  made.child.kill('SIGTERM');
  await until(async () => !(await answers(made)));
  expect((await one.query('SELECT 1 AS still')).rows).toEqual([{ still: 1 }]);
  const end = ended(made.child);
  await one.end();
  expect(await end).toBe(0);
  expect(made.log.filter((line) => line.includes('SIGTERM'))).toHaveLength(1);

  const other = await pool();
  const interrupted = ended(other.child);
  other.child.kill('SIGINT');
  expect(await interrupted).toBe(0);
  expect(other.log.some((line) => line.includes('SIGINT'))).toBe(true);
});

test('leaves nothing that listens when it is killed, or whoever started it', async () => {
  const made = await pool();
  const one = await client(made);
  made.child.kill('SIGKILL');
  await until(async () => !(await answers(made)));
  await one.end().catch(() => undefined);

  const orphan = await pool({}, (command) => ['sh', '-c', '"$@" & wait', 'sh', ...command]);
  expect(await answers(orphan)).toBe(true);
  orphan.child.kill('SIGKILL');
  await until(async () => !(await answers(orphan)));
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

function userOf({ log }: Pool): number {
  const [, pid] = /\[(\d+)\] LOG process up/.exec(log.find((line) => line.includes('process up'))!)!;
  return Number(/^Uid:\t(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

asRoot('as root it runs as somebody else, and no file has another owner for it', async () => {
  const made = await pool();
  expect(userOf(made)).toBeGreaterThan(0);
  expect(fs.statSync(made.configuration).uid).toBe(0);
});

asRoot(
  'where nothing can leave it the right to read, the folder of its configuration is given to that user',
  async () => {
    const programs = temporaryFolder(); // without setpriv
    for (const name of ['sh', 'id', 'sleep', 'kill'])
      fs.symlinkSync(spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(), path.join(programs, name));
    const made = await pool({}, (command) => ['/usr/bin/env', `PATH=${programs}`, ...command]);
    await (await client(made)).end();
    expect(fs.statSync(made.configuration).uid).toBe(userOf(made));
  },
);
