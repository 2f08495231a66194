import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient, ListClustersCommand, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Environment, Tier } from '@groundplan/core';
import { TestAws } from '@groundplan/local';
import { Network } from '@groundplan/vpc';
import { App, Stack } from 'aws-cdk-lib/core';
import { Client } from 'pg';
import { Grants, MasterUser, PgBouncerOptions, Pooling, PostgresInstance } from '../src';
import { environmentOf } from './standing';

let scratch: string;
let aws: TestAws;
let balancers: ElasticLoadBalancingV2Client;
let ecs: ECSClient;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'groundplan-pool-'));
  aws = await TestAws.start();
  balancers = new ElasticLoadBalancingV2Client(config());
  ecs = new ECSClient(config());
}, 300_000);
afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

const { account, region } = environmentOf(Tier.DEVELOPMENT);
const config = () => aws.client(account, region);
const SCHEMA = 'CREATE TABLE orders (id bigint PRIMARY KEY, item text);';

/** Deploys a database behind PgBouncer to the local AWS, with users and a table. */
async function deploy(users: string[], options: PgBouncerOptions): Promise<{ assembly: string; wrong: string }> {
  const directory = join(scratch, 'migrations');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'V1__create_orders.sql'), SCHEMA);
  const app = new App({ outdir: mkdtempSync(join(scratch, 'cdk.out-')) });
  const { target: env } = Environment.define(app, environmentOf(Tier.DEVELOPMENT));
  const { vpc } = new Network(new Stack(app, 'Network', { env }), 'Network');
  const database = new PostgresInstance(new Stack(app, 'Data', { env }), 'Database', {
    vpc,
    databaseName: 'shop',
    master: MasterUser.generated(),
    pooling: Pooling.pgBouncer(options),
  });
  for (const user of users) database.addUser(user, { grants: Grants.readWrite() });
  database.migrate({ directory });
  const assembly = app.synth().directory;
  const { code, stdout, stderr } = await aws.deploy(assembly, ['--all'], { cwd: scratch });
  return { assembly, wrong: code === 0 ? '' : stdout + stderr };
}

async function passwordOf(user: string): Promise<string> {
  const secrets = new SecretsManagerClient(config());
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const { ARN } = SecretList.find(({ Description }) => Description?.startsWith(`Password of ${user} `))!;
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: ARN }));
  return (JSON.parse(SecretString!) as { password: string }).password;
}

async function poolHost(): Promise<string> {
  const { LoadBalancers } = await balancers.send(new DescribeLoadBalancersCommand({}));
  return LoadBalancers![0].DNSName!;
}

/** A session of a user, through the pool as an application has it. */
async function session(user: string, password: string): Promise<Client> {
  // As `sslmode=require` does: the pool makes its certificate itself.
  const ssl = { rejectUnauthorized: false };
  const client = new Client({ host: await poolHost(), port: 5432, database: 'shop', user, password, ssl });
  client.on('error', () => undefined); // whoever is sent away finds out with the next question
  await client.connect();
  return client;
}

/** Asks the server itself, as the user that it began with. */
async function atTheServer(statement: string): Promise<object[]> {
  const { DBInstances } = await new RDSClient(config()).send(new DescribeDBInstancesCommand({}));
  const ssl = { ca: readFileSync(aws.databaseCa) };
  const host = DBInstances![0].Endpoint!.Address;
  const client = new Client({
    host,
    port: 5432,
    database: 'shop',
    user: 'postgres',
    password: await passwordOf('postgres'),
    ssl,
  });
  await client.connect();
  try {
    return (await client.query(statement)).rows as object[];
  } finally {
    await client.end();
  }
}

async function healthyTargets(): Promise<string[]> {
  const { TargetGroups } = await balancers.send(new DescribeTargetGroupsCommand({}));
  const { TargetHealthDescriptions = [] } = await balancers.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: TargetGroups![0].TargetGroupArn }),
  );
  return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth!.State === 'healthy').map(
    ({ Target }) => Target!.Id!,
  );
}

async function poolTasks(): Promise<{ cluster: string; tasks: string[] }> {
  const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
  const cluster = clusterArns.find((arn) => arn.includes('PgBouncer'))!;
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
  return { cluster, tasks: taskArns };
}

// One story, told in order.
let assembly: string;

test('a database behind two tasks of PgBouncer is deployed by the real CDK CLI, and nothing is only recorded', async () => {
  const deployed = await deploy(['web'], { tasks: 2, serverConnections: 3 });
  expect(deployed.wrong).toBe('');
  expect(aws.stubs()).toEqual([]);
  expect(await healthyTargets()).toHaveLength(2);
}, 300_000);

test('forty clients at its balancer share six connections, a transaction at a time, with the rights of their user', async () => {
  const password = await passwordOf('web');
  const clients = await Promise.all(Array.from({ length: 40 }, () => session('web', password)));
  const pids = await Promise.all(
    clients.map(async (client, i) => {
      await client.query('INSERT INTO orders VALUES ($1, $2)', [i, 'tea']);
      return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    }),
  );
  expect(new Set(pids).size).toBeGreaterThan(1);
  expect(new Set(pids).size).toBeLessThanOrEqual(6);
  const sessions = await atTheServer("SELECT FROM pg_stat_activity WHERE usename = 'web'");
  expect(sessions.length).toBeLessThanOrEqual(6);
  expect(await atTheServer('SELECT count(*)::int FROM orders')).toEqual([{ count: 40 }]);
  await expect(clients[0].query('DROP TABLE orders')).rejects.toThrow('must be owner of table orders');
  await Promise.all(clients.map((client) => client.end()));
  await expect(session('web', 'wrong')).rejects.toThrow('SASL authentication failed');
  await expect(session('postgres', await passwordOf('postgres'))).rejects.toThrow('SASL authentication failed');
});

test('what it writes stands in its log group: that it is up, who was turned away, and nothing of health checks', async () => {
  const logs = new CloudWatchLogsClient(config());
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const group = logGroups.find(({ logGroupName }) => logGroupName!.includes('PgBouncerTaskLogs'))!;
  expect(group.retentionInDays).toBe(30);
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: group.logGroupName }));
  const text = events.map(({ message }) => message).join('\n');
  expect(text).toContain('process up: PgBouncer 1.');
  expect(text).toMatch(/pooler error: SASL authentication failed/);
  expect(text).not.toMatch(/closing because: client/);
});

test('one task is stopped: the other answers at once, and a new one takes its place', async () => {
  const password = await passwordOf('web');
  const { cluster, tasks } = await poolTasks();
  await ecs.send(new StopTaskCommand({ cluster, task: tasks[0] }));
  const client = await session('web', password);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  for (let i = 0; i < 300 && (await healthyTargets()).length < 2; i += 1) await sleep(100);
  expect(await healthyTargets()).toHaveLength(2);
}, 60_000);

test('another user and fewer connections: tasks are replaced, and whoever connects meanwhile gets in', async () => {
  const password = await passwordOf('web');
  let deployed = false;
  const failures: string[] = [];
  let sessions = 0;
  const knocking = (async () => {
    while (!deployed) {
      try {
        const client = await session('web', password);
        await client.query('SELECT count(*) FROM orders');
        await client.end();
        sessions += 1;
      } catch (error) {
        failures.push(String(error));
      }
      await sleep(50);
    }
  })();
  const before = await poolTasks();
  const { wrong, ...made } = await deploy(['web', 'reports'], { tasks: 2, serverConnections: 2 });
  deployed = true;
  await knocking;
  ({ assembly } = made);
  expect(wrong).toBe('');
  expect(failures).toEqual([]);
  expect(sessions).toBeGreaterThan(20);
  expect((await poolTasks()).tasks.filter((task) => before.tasks.includes(task))).toEqual([]);
  const reports = await session('reports', await passwordOf('reports'));
  expect((await reports.query('SELECT current_user AS me')).rows).toEqual([{ me: 'reports' }]);
  await reports.end();
}, 300_000);

test('with its stack it goes, and nothing listens any more', async () => {
  const host = await poolHost();
  const { code, stdout, stderr } = await aws.destroy(assembly, ['Data'], { cwd: scratch });
  expect(code === 0 ? '' : stdout + stderr).toBe('');
  const refused = new Promise((resolve) => {
    const socket = net.connect(5432, host, () => resolve('open'));
    socket.once('error', ({ message }) => resolve(message));
  });
  expect(await refused).toContain('ECONNREFUSED');
}, 180_000);
