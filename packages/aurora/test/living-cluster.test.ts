import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DBCluster,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Environment, Tier } from '@groundplan/core';
import { TestAws } from '@groundplan/local';
import { Network } from '@groundplan/vpc';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Client } from 'pg';
import { AuroraCluster, AuroraClusterProps } from '../src';
import { environmentOf } from './clusters';

let scratch: string;
let aws: TestAws;
let rds: RDSClient;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'groundplan-aurora-'));
  aws = await TestAws.start();
  rds = new RDSClient(config());
}, 300_000);
afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

const { account, region } = environmentOf(Tier.DEVELOPMENT);
const config = () => aws.client(account, region);

/** Deploys a cluster to the local AWS with the real CDK CLI; what went wrong is there to be compared with nothing. */
async function deploy(props: Partial<AuroraClusterProps>): Promise<{ assembly: string; wrong: string }> {
  const app = new App({ outdir: mkdtempSync(join(scratch, 'cdk.out-')) });
  const { target: env } = Environment.define(app, environmentOf(Tier.DEVELOPMENT));
  const { vpc } = new Network(new Stack(app, 'Network', { env }), 'Network');
  new AuroraCluster(new Stack(app, 'Data', { env }), 'Database', { vpc, ...props });
  const assembly = app.synth().directory;
  const { code, stdout, stderr } = await aws.deploy(assembly, ['--all'], { cwd: scratch });
  return { assembly, wrong: code === 0 ? '' : stdout + stderr };
}

async function cluster(): Promise<DBCluster> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({}));
  expect(DBClusters).toHaveLength(1);
  return DBClusters![0];
}

async function password(): Promise<string> {
  const SecretId = (await cluster()).MasterUserSecret!.SecretArn;
  const { SecretString } = await new SecretsManagerClient(config()).send(new GetSecretValueCommand({ SecretId }));
  return (JSON.parse(SecretString!) as { password: string }).password;
}

/** Logs in as a task would, with what RDS and the secret say. */
async function asMaster<T>(work: (client: Client) => Promise<T>, more: object = {}): Promise<T> {
  const { Endpoint: host, Port: port, DatabaseName: database, MasterUsername: user } = await cluster();
  const ssl = { ca: readFileSync(aws.databaseCa) };
  const client = new Client({ host, port, database, user, password: await password(), ssl, ...more });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function shown(parameter: string): Promise<string> {
  const { rows } = await asMaster((client) => client.query(`show ${parameter}`));
  return String(Object.values(rows[0] as object)[0]);
}

// One story, told in order: each test begins where the one before it ended.
let assembly: string;

test('a cluster is deployed by the real CDK CLI, and nothing of it is only recorded', async () => {
  const deployed = await deploy({});
  expect(deployed.wrong).toBe('');
  expect(aws.stubs()).toEqual([]);
}, 300_000);

test('what stands, asked of RDS', async () => {
  expect(await cluster()).toMatchObject({
    Engine: 'aurora-postgresql',
    Status: 'available',
    StorageEncrypted: true,
    IAMDatabaseAuthenticationEnabled: true,
    BackupRetentionPeriod: 7,
    PreferredBackupWindow: '03:00-04:00',
    PreferredMaintenanceWindow: 'sun:04:00-sun:05:00',
    EnabledCloudwatchLogsExports: ['postgresql'],
    DeletionProtection: false,
    ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 2, SecondsUntilAutoPause: 300 },
  });
});

test('PostgreSQL answers over TLS, to the password that the secret holds', async () => {
  const { rows } = await asMaster((client) =>
    client.query(
      'select current_user as name, current_database() as database, ssl from pg_stat_ssl where pid = pg_backend_pid()',
    ),
  );
  expect(rows).toEqual([{ name: 'postgres', database: 'app', ssl: true }]);
});

test('in the clear it does not', async () => {
  await expect(asMaster((client) => client.query('select 1'), { ssl: false })).rejects.toThrow(/no encryption/);
});

test('it was told what the parameters say', async () => {
  expect(await shown('log_statement')).toBe('ddl');
  expect(await shown('log_min_duration_statement')).toBe('1s');
  expect(await shown('statement_timeout')).toBe('5min');
  expect(await shown('idle_in_transaction_session_timeout')).toBe('1min');
});

test('who is turned away stands in the log group, with a line that the metric counts', async () => {
  await expect(asMaster((client) => client.query('select 1'), { password: 'wrong' })).rejects.toThrow(
    /password authentication failed/,
  );
  const logGroupName = `/aws/rds/cluster/${(await cluster()).DBClusterIdentifier}/postgresql`;
  const asked = new FilterLogEventsCommand({ logGroupName });
  const logs = new CloudWatchLogsClient(config());
  const said = async () => ((await logs.send(asked)).events ?? []).map(({ message }) => message!);
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if ((await said()).some((line) => line.includes('password authentication failed for user "postgres"'))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing of it in ${logGroupName}:\n${(await said()).join('\n')}`);
}, 60_000);

test('a reader more, another limit and another parameter: the same cluster, with everything in it', async () => {
  const before = await cluster();
  await asMaster((client) => client.query('create table guests as select 1 as id'));
  const deployed = await deploy({
    readers: 1,
    parameters: { log_statement: 'mod' },
    removalPolicy: RemovalPolicy.SNAPSHOT,
  });
  expect(deployed.wrong).toBe('');
  const after = await cluster();
  expect(after.DbClusterResourceId).toBe(before.DbClusterResourceId);
  expect(after.DBClusterMembers!.map(({ IsClusterWriter }) => IsClusterWriter).sort()).toEqual([false, true]);
  const { rows } = await asMaster((client) => client.query('select id from guests'));
  expect(rows).toEqual([{ id: 1 }]);
  expect(await shown('log_statement')).toBe('mod');
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
  for (const { PubliclyAccessible, DBInstanceClass } of DBInstances!)
    expect([PubliclyAccessible, DBInstanceClass]).toEqual([false, 'db.serverless']);
  ({ assembly } = deployed);
}, 300_000);

test('with its stack the cluster goes, and a snapshot stays', async () => {
  const { code, stdout, stderr } = await aws.destroy(assembly, ['Data'], { cwd: scratch });
  expect(code === 0 ? '' : stdout + stderr).toBe('');
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({}));
  expect(DBClusters).toEqual([]);
  const { DBClusterSnapshots } = await rds.send(new DescribeDBClusterSnapshotsCommand({}));
  expect(DBClusterSnapshots).toMatchObject([{ Engine: 'aurora-postgresql', StorageEncrypted: true }]);
}, 180_000);
