import { PostgresServer } from '@groundplan/engines';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { certificateFor } from '../runtime/pgbouncer/certificate';
import { Pool } from './pool';

const PASSWORDS = { app: 'Correct-horse-"9"/battery', reports: 'another, of reports' };
const { app: PASSWORD } = PASSWORDS;

let server: PostgresServer;
let master: Client;
let pool: Pool;
const opened: Client[] = [];

beforeAll(async () => {
  server = await PostgresServer.start({
    user: 'postgres',
    password: 'master-password',
    database: 'shop',
    rds: true,
    forceTls: true,
  });
  master = new Client({
    host: server.host,
    port: server.port,
    database: 'shop',
    user: 'postgres',
    password: 'master-password',
    ssl: { rejectUnauthorized: false },
  });
  await master.connect();
  for (const [name, password] of Object.entries(PASSWORDS))
    await master.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
  await master.query(
    'CREATE TABLE orders (number int); GRANT SELECT, INSERT ON orders TO app; GRANT SELECT ON orders TO reports',
  );
  pool = await Pool.start(server, { users: PASSWORDS });
}, 180_000);
afterEach(async () => {
  for (const client of opened.splice(0)) await client.end().catch(() => undefined);
});
afterAll(async () => {
  await pool?.stop();
  Pool.endAll();
  await master?.end();
  await server?.stop();
});

/** Clients that are connected until the test ends. */
async function clients(count: number, user: keyof typeof PASSWORDS = 'app', through = pool): Promise<Client[]> {
  const made = await Promise.all(Array.from({ length: count }, () => through.connected(user, PASSWORDS[user])));
  opened.push(...made);
  return made;
}

const backend = async (client: Client) =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0].pid;
const refused = (client: Client) =>
  client.connect().then(
    () => 'connected',
    (error: Error) => error.message,
  );
const onServer = async (user: string) =>
  (await master.query('SELECT FROM pg_stat_activity WHERE usename = $1', [user])).rowCount;

describe('sharing', () => {
  test('thirty clients share two connections, a transaction at a time', async () => {
    const all = await clients(30);
    const work = async (client: Client) => {
      await client.query('BEGIN');
      const [one, other] = [await backend(client), await backend(client)];
      await client.query('COMMIT');
      expect(other).toBe(one);
      return one;
    };
    const pids = new Set(
      (await Promise.all([...all, ...all].map((client) => backend(client)))).concat(await Promise.all(all.map(work))),
    );
    expect(pids.size).toBeLessThanOrEqual(2);
    expect(await onServer('app')).toBeLessThanOrEqual(2);
  });

  test('what a client prepared is known to every connection that it gets', async () => {
    const all = await clients(6);
    const doubled = async (client: Client, number: number) =>
      (await client.query({ name: 'doubled', text: 'SELECT $1::int * 2 AS answer', values: [number] })).rows[0].answer;
    for (const round of [1, 2, 3])
      expect(await Promise.all(all.map((client, i) => doubled(client, i + round)))).toEqual(
        all.map((_, i) => 2 * (i + round)),
      );
  });

  test('users share what the task may open: an idle connection of one makes room for another', async () => {
    await Promise.all((await clients(4, 'app')).map(backend));
    await Promise.all((await clients(4, 'reports')).map(backend));
    expect((await onServer('app'))! + (await onServer('reports'))!).toBeLessThanOrEqual(2);
  });

  test('each is who it is at the server, with its own rights', async () => {
    const [app] = await clients(1, 'app');
    const [reports] = await clients(1, 'reports');
    await app.query('INSERT INTO orders VALUES (1)');
    await expect(reports.query('INSERT INTO orders VALUES (2)')).rejects.toThrow('permission denied for table orders');
    expect((await reports.query('SELECT current_user AS me FROM orders')).rows).toEqual([{ me: 'reports' }]);
  });

  test('who only reads asks for the database "readers"', async () => {
    const reader = await pool.connected('reports', PASSWORDS.reports, { database: 'readers' });
    opened.push(reader);
    expect((await reader.query('SELECT current_database() AS name')).rows).toEqual([{ name: 'shop' }]);
  });

  test('nobody waits longer than was said', async () => {
    const [one, two, third] = await clients(3);
    for (const busy of [one, two]) await busy.query('BEGIN; SELECT 1');
    const began = Date.now();
    await expect(third.query('SELECT 1')).rejects.toThrow('query_wait_timeout');
    expect(Date.now() - began).toBeGreaterThan(1500);
    await one.query('COMMIT');
    expect(await backend((await clients(1))[0])).toBeGreaterThan(0);
  });
});

describe('who is let in', () => {
  test.each([
    ['a wrong password', 'app', { password: 'wrong' }, 'SASL authentication failed'],
    ['somebody who is unknown', 'nobody', {}, 'SASL authentication failed'],
    [
      'the user that the database began with',
      'postgres',
      { password: 'master-password' },
      'SASL authentication failed',
    ],
    ['no TLS', 'app', { ssl: false }, 'SSL required'],
    ['another database', 'app', { database: 'postgres' }, 'no such database: postgres'],
    ['the console of PgBouncer', 'app', { database: 'pgbouncer' }, 'not allowed'],
  ])('not %s', async (_what, user, more, message) => {
    expect(await refused(pool.client(user, PASSWORD, more))).toContain(message);
  });

  test('only a server whose certificate holds is talked to: Amazon did not sign that of this one', async () => {
    const suspicious = await Pool.start(server, { users: PASSWORDS, environment: { PGSSLROOTCERT: '' } });
    expect(await refused(suspicious.client('app', PASSWORD))).not.toBe('connected');
    expect(suspicious.said).toMatch(/certificate verify failed|unable to get local issuer/);
    await suspicious.stop();
  });

  test('with a certificate of yours clients can tell whom they talk to', async () => {
    const { certificate, key } = certificateFor({}, mkdtempSync(join(tmpdir(), 'certificate-')));
    const known = await Pool.start(server, {
      users: PASSWORDS,
      environment: { TLS_CERTIFICATE: certificate, TLS_KEY: key },
    });
    const named = (ca: string) => ({ ssl: { ca, checkServerIdentity: () => undefined } });
    expect(await refused(known.client('app', PASSWORD, named(certificate)))).toBe('connected');
    expect(await refused(pool.client('app', PASSWORD, named(certificate)))).toMatch(/self-signed certificate/);
    await known.stop();
  });

  test('it writes who was turned away and why, no password, and nothing of those who come and go', () => {
    expect(pool.said).toMatch(/shop\/app@\S+ pooler error: SASL authentication failed/);
    for (const password of Object.values(PASSWORDS)) expect(pool.said).not.toContain(password);
    expect(pool.said).not.toMatch(/client close request|server idle timeout|evicted/);
  });

  test.each([
    ['no plan', { POOL: '' }, 'POOL is empty: it has to hold the plan of the pool as JSON.'],
    ['no password', { PASSWORD_OF_app: '' }, 'PASSWORD_OF_app is empty: it has to hold the password of app.'],
  ])('with %s it says so and ends', async (_what, environment, message) => {
    await expect(Pool.start(server, { users: PASSWORDS, environment })).rejects.toThrow(message);
  });
});

describe('coming and going', () => {
  test('after a while without work nothing is left that keeps a database awake', async () => {
    const short = await Pool.start(server, { users: PASSWORDS, plan: { idleSeconds: 1 } });
    const before = await onServer('reports');
    const [client] = await clients(1, 'reports', short);
    await backend(client);
    for (let i = 0; i < 100 && (await onServer('reports')) !== before; i += 1) await sleep(100);
    expect(await onServer('reports')).toBe(before);
    expect(await backend(client)).toBeGreaterThan(0); // who stays connected does not notice
    await short.stop();
  });

  test('it says how it was, in the words of CloudWatch', async () => {
    const telling = await Pool.start(server, { users: PASSWORDS, plan: { reportSeconds: 2, borrowSeconds: 30 } });
    const [one, two, third] = await clients(3, 'app', telling);
    for (const busy of [one, two]) await busy.query('BEGIN; SELECT 1');
    const waiting = third.query('SELECT 1');
    const reports = () => telling.said.split('\n').filter((text) => text.startsWith('{'));
    // A report is of the worst moment since the last one: in the one that ends next all three may have waited for the servers.
    const begun = reports().length;
    for (let i = 0; i < 100 && reports().length === begun; i += 1) await sleep(50);
    await refused(telling.client('app', 'wrong'));
    const told = () =>
      reports()
        .slice(begun + 1)
        .find((text) => JSON.parse(text).RefusedClients > 0);
    for (let i = 0; i < 200 && !told(); i += 1) await sleep(50);
    for (const busy of [one, two]) await busy.query('COMMIT');
    await waiting;

    const { _aws, Pool: name, ...values } = JSON.parse(told()!);
    expect(name).toBe('Shop-Pool');
    expect(_aws.CloudWatchMetrics).toEqual([
      expect.objectContaining({ Namespace: 'groundplan/PgBouncer', Dimensions: [['Pool']] }),
    ]);
    expect(_aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name)).toEqual(Object.keys(values));
    expect(values).toMatchObject({
      ClientsWaiting: 1,
      Clients: 3,
      ServerConnections: 2,
      RefusedClients: 1,
      FailedServerConnections: 0,
    });
    expect(values.LongestWait).toBeGreaterThan(0.5);
    await telling.stop();
  });

  test('a server that is not there is counted', async () => {
    const lost = await Pool.start(server, {
      users: PASSWORDS,
      plan: { reportSeconds: 2, databases: [{ name: 'shop', host: server.host, port: '1', database: 'shop' }] },
    });
    expect(await refused(lost.client('app', PASSWORD))).not.toBe('connected');
    for (let i = 0; i < 50 && !lost.said.includes('"_aws"'); i += 1) await sleep(100);
    const line = lost.said.split('\n').find((text) => text.startsWith('{'))!;
    expect(JSON.parse(line).FailedServerConnections).toBeGreaterThan(0);

    await lost.stop();
  });

  test('when its task ends, what was begun comes to its end, and nobody new is let in', async () => {
    const leaving = await Pool.start(server, { users: PASSWORDS });
    const [busy, idle] = await clients(2, 'app', leaving);
    await backend(idle);
    await busy.query('BEGIN');
    const answer = busy.query('INSERT INTO orders SELECT 42 FROM pg_sleep(1)');
    const ended = leaving.stop();
    await sleep(200);
    expect(await refused(leaving.client('app', PASSWORD))).not.toBe('connected');
    await answer;
    await busy.query('COMMIT');
    expect(await ended).toBe(0);
    expect((await master.query('SELECT FROM orders WHERE number = 42')).rowCount).toBe(1);
  });
});
