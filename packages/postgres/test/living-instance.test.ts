import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DBCluster,
  DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Environment, Tier } from '@groundplan/core';
import { TestAws } from '@groundplan/local';
import { Network } from '@groundplan/vpc';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Client } from 'pg';
import { MasterUser, PostgresCluster, PostgresInstance, PostgresInstanceProps } from '../src';
import { environmentOf } from './standing';

let scratch: string;
let aws: TestAws;
let rds: RDSClient;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'groundplan-postgres-'));
  aws = await TestAws.start();
  rds = new RDSClient(config());
}, 300_000);
afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

const { account, region } = environmentOf(Tier.DEVELOPMENT);
const config = () => aws.client(account, region);

/** Deploys an instance and a Multi-AZ cluster with the real CDK CLI; what went wrong is there to be compared with nothing. */
async function deploy(props: Partial<PostgresInstanceProps>): Promise<{ assembly: string; wrong: string }> {
  const app = new App({ outdir: mkdtempSync(join(scratch, 'cdk.out-')) });
  const { target: env } = Environment.define(app, environmentOf(Tier.DEVELOPMENT));
  const { vpc } = new Network(new Stack(app, 'Network', { env }), 'Network', { zones: 3 });
  new PostgresInstance(new Stack(app, 'Data', { env }), 'Database', {
    vpc,
    readReplicas: 1,
    master: MasterUser.generated(),
    ...props,
  });
  new PostgresCluster(new Stack(app, 'Clustered', { env }), 'Database', { vpc });
  const assembly = app.synth().directory;
  const { code, stdout, stderr } = await aws.deploy(assembly, ['--all'], { cwd: scratch });
  return { assembly, wrong: code === 0 ? '' : stdout + stderr };
}

async function instances(): Promise<{ source: DBInstance; replica: DBInstance }> {
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  const alone = DBInstances.filter(({ DBClusterIdentifier }) => DBClusterIdentifier === undefined);
  const isReplica = ({ ReadReplicaSourceDBInstanceIdentifier: source }: DBInstance) => source !== undefined;
  return { source: alone.find((one) => !isReplica(one))!, replica: alone.find(isReplica)! };
}

async function cluster(): Promise<DBCluster> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({}));
  expect(DBClusters).toHaveLength(1);
  return DBClusters![0];
}

/** The password that is made here, or the one that RDS keeps. */
async function password(SecretId?: string): Promise<string> {
  const secrets = new SecretsManagerClient(config());
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const ours = SecretList.find(({ Description }) => Description === 'Password of postgres in Data/Database');
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: SecretId ?? ours!.ARN }));
  return (JSON.parse(SecretString!) as { password: string }).password;
}

/** Logs in as a task would, and asks. */
async function asked(host: string, statement: string, secret?: string): Promise<unknown[]> {
  const ssl = { ca: readFileSync(aws.databaseCa) };
  const login = { host, port: 5432, database: 'app', user: 'postgres', password: await password(secret), ssl };
  const client = new Client(login);
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const hostOf = ({ Endpoint }: DBInstance) => Endpoint!.Address!;

// One story, told in order: each test begins where the one before it ended.
let assembly: string;

test('an instance, its replica and a Multi-AZ cluster are deployed by the real CDK CLI, and nothing is only recorded', async () => {
  const deployed = await deploy({});
  expect(deployed.wrong).toBe('');
  expect(aws.stubs()).toEqual([]);
}, 300_000);

test('what stands, asked of RDS', async () => {
  const { source, replica } = await instances();
  const common = {
    Engine: 'postgres',
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.t4g.micro',
    StorageType: 'gp3',
    StorageEncrypted: true,
    PubliclyAccessible: false,
    IAMDatabaseAuthenticationEnabled: true,
    MaxAllocatedStorage: 100,
  };
  expect(source).toMatchObject({ ...common, BackupRetentionPeriod: 7, MultiAZ: false, AllocatedStorage: 20 });
  expect(replica).toMatchObject({
    ...common,
    DBInstanceIdentifier: `${source.DBInstanceIdentifier}-replica-1`,
    ReadReplicaSourceDBInstanceIdentifier: expect.stringContaining(source.DBInstanceIdentifier!),
  });
  expect(await cluster()).toMatchObject({
    Engine: 'postgres',
    DBClusterInstanceClass: 'db.c6gd.medium',
    StorageType: 'gp3',
    Iops: 12_000,
    StorageEncrypted: true,
  });
});

test('PostgreSQL answers to the password that the secret holds, as it was told by the parameters', async () => {
  const { source } = await instances();
  expect(await asked(hostOf(source), 'select current_user as name')).toEqual([{ name: 'postgres' }]);
  expect(await asked(hostOf(source), 'show log_statement')).toEqual([{ log_statement: 'ddl' }]);
  const { Endpoint, MasterUserSecret } = await cluster();
  const secret = MasterUserSecret!.SecretArn;
  expect(await asked(Endpoint!, 'show log_statement', secret)).toEqual([{ log_statement: 'ddl' }]);
});

test('each writes to a log group that stood before it, with an end', async () => {
  const { logGroups = [] } = await new CloudWatchLogsClient(config()).send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/rds/' }),
  );
  const { source, replica } = await instances();
  const { DBClusterIdentifier } = await cluster();
  expect(Object.fromEntries(logGroups.map((group) => [group.logGroupName, group.retentionInDays]))).toEqual({
    [`/aws/rds/instance/${source.DBInstanceIdentifier}/postgresql`]: 30,
    [`/aws/rds/instance/${source.DBInstanceIdentifier}/upgrade`]: 30,
    [`/aws/rds/instance/${replica.DBInstanceIdentifier}/postgresql`]: 30,
    [`/aws/rds/cluster/${DBClusterIdentifier}/postgresql`]: 30,
    [`/aws/rds/cluster/${DBClusterIdentifier}/upgrade`]: 30,
  });
});

test('larger, with more storage and a second zone: the same instance, with everything in it', async () => {
  const before = await instances();
  await asked(hostOf(before.source), 'create table guests as select 1 as id');
  const deployed = await deploy({
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.SMALL),
    storageGiB: 50,
    multiAz: true,
    parameters: { log_statement: 'mod' },
    removalPolicy: RemovalPolicy.SNAPSHOT,
  });
  expect(deployed.wrong).toBe('');
  const { source } = await instances();
  expect(source).toMatchObject({
    DbiResourceId: before.source.DbiResourceId,
    DBInstanceClass: 'db.t4g.small',
    AllocatedStorage: 50,
    MultiAZ: true,
  });
  expect(await asked(hostOf(source), 'select id from guests')).toEqual([{ id: 1 }]);
  expect(await asked(hostOf(source), 'show log_statement')).toEqual([{ log_statement: 'mod' }]);
  ({ assembly } = deployed);
}, 300_000);

test('another name of the database would be another instance: it fails, and the one that stands is as it was', async () => {
  const { source } = await instances();
  const deployed = await deploy({ databaseName: 'orders', removalPolicy: RemovalPolicy.SNAPSHOT });
  expect(deployed.wrong).toMatch(/already exists|AlreadyExists|custom-named/);
  expect((await instances()).source.DbiResourceId).toBe(source.DbiResourceId);
  expect(await asked(hostOf(source), 'select id from guests')).toEqual([{ id: 1 }]);
}, 300_000);

test('with its stack the instance goes, and a snapshot stays', async () => {
  const { code, stdout, stderr } = await aws.destroy(assembly, ['Data', 'Clustered'], { cwd: scratch });
  expect(code === 0 ? '' : stdout + stderr).toBe('');
  expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
  const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
  expect(DBSnapshots).toMatchObject([{ Engine: 'postgres', Encrypted: true }]);
}, 180_000);
