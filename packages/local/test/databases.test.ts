import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, RemovalPolicy, Stack, aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import { Client } from 'pg';
import { TestAws } from '../src';
import { commandLine } from '../src/process-table';
import { familyOf } from '../src/process-tree';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';

let aws: TestAws;
beforeAll(async () => {
  aws = await TestAws.start();
}, 180_000);
afterAll(() => aws.stop(), 30_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-databases-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Synthesizes an Aurora cluster behind a proxy and an instance beside it, out of nothing but aws-cdk-lib. */
function synth(props: { size: ec2.InstanceSize; statements: string }): string {
  const app = new App({
    outdir: fs.mkdtempSync(path.join(folder, 'cdk.out-')),
    context: { [`availability-zones:account=${ACCOUNT}:region=${REGION}`]: [`${REGION}a`, `${REGION}b`] },
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Data', { env: { account: ACCOUNT, region: REGION } });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 });
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
    engine,
    vpc,
    vpcSubnets,
    defaultDatabaseName: 'guestbook',
    writer: rds.ClusterInstance.serverlessV2('writer'),
    readers: [rds.ClusterInstance.serverlessV2('reader', { scaleWithWriter: true })],
    serverlessV2MinCapacity: 0.5,
    serverlessV2MaxCapacity: 2,
    storageEncrypted: true,
    cloudwatchLogsExports: ['postgresql'],
    parameterGroup: new rds.ParameterGroup(stack, 'Parameters', {
      engine,
      parameters: { log_statement: props.statements, 'rds.force_ssl': '1' },
    }),
    removalPolicy: RemovalPolicy.SNAPSHOT,
  });
  cluster.addProxy('Proxy', { secrets: [cluster.secret!], vpc, vpcSubnets });
  new rds.DatabaseInstance(stack, 'Instance', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    vpc,
    vpcSubnets,
    databaseName: 'orders',
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, props.size),
    credentials: rds.Credentials.fromUsername('clerk'),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return app.synth().directory;
}

/** What a database answers, over TLS and with its certificate checked, to whoever has the secret. */
async function ask(url: string, secret: string, ...statements: string[]): Promise<unknown[]> {
  const manager = new SecretsManagerClient(aws.client(ACCOUNT, REGION));
  const { SecretString = '' } = await manager.send(new GetSecretValueCommand({ SecretId: secret }));
  manager.destroy();
  const { username, password } = JSON.parse(SecretString) as Record<string, string>;
  const { hostname, port, pathname } = new URL(url);
  const client = new Client({
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: username,
    password,
    ssl: { ca: fs.readFileSync(aws.databaseCa, 'utf8') },
  });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

async function reported() {
  const all = await aws.databases();
  const [cluster, instance] = ['aurora-postgresql', 'postgres'].map((engine) => all.find((r) => r.engine === engine)!);
  return { all, cluster, instance };
}

async function described<T>(work: (client: RDSClient) => Promise<T>): Promise<T> {
  const client = new RDSClient(aws.client(ACCOUNT, REGION));
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** The servers of this instance. */
function servers(): number[] {
  const { emulator, id } = aws.aws.instance();
  const own = familyOf(emulator, id).map(({ pid }) => pid);
  return own.filter((pid) => /postgres-server/.test(commandLine(pid) ?? ''));
}

const START = { size: ec2.InstanceSize.MICRO, statements: 'ddl' };

test('clusters, instances and proxies of aws-cdk-lib answer to whoever has the deployed secret', async () => {
  const result = await aws.deploy(synth(START));
  expect({ code: result.code, said: result.code ? result.stderr + result.stdout : '' }).toEqual({ code: 0, said: '' });
  const { all, cluster, instance } = await reported();
  expect(all).toHaveLength(2);
  expect(cluster).toMatchObject({ version: '17.7', status: 'available', secret: expect.stringMatching(/./) });
  expect(cluster.url).toMatch(/^postgresql:\/\/postgres@127\.77\.\d+\.\d+:5432\/guestbook$/);
  expect(instance.url).toMatch(/^postgresql:\/\/clerk@127\.77\.\d+\.\d+:5432\/orders$/);
  expect(cluster.proxies).toHaveLength(1);

  await ask(cluster.url!, cluster.secret!, 'CREATE TABLE entries (words text)', `INSERT INTO entries VALUES ('hello')`);
  const words = await ask(cluster.proxies[0].url, cluster.secret!, 'SELECT words FROM entries');
  expect(words).toEqual([{ words: 'hello' }]);
  expect(await ask(instance.url!, instance.secret!, 'SELECT current_user AS who')).toEqual([{ who: 'clerk' }]);
  expect(await ask(cluster.url!, cluster.secret!, 'SHOW log_statement')).toEqual([{ log_statement: 'ddl' }]);
  const said = aws.notes().map(({ type, note }) => `${type}: ${note}`);
  expect(said).toContainEqual(expect.stringMatching(/^AWS::RDS::DBCluster: .*capacity/));
  expect(said).toContainEqual(expect.stringMatching(/^AWS::RDS::DBInstance: shares the server/));
  expect(servers()).toHaveLength(2);
}, 120_000);

test('an update reaches the servers and keeps what is in them', async () => {
  const before = await reported();
  const result = await aws.deploy(synth({ size: ec2.InstanceSize.SMALL, statements: 'all' }));
  expect(result).toMatchObject({ code: 0 });
  const { cluster, instance } = await reported();
  expect([cluster.url, instance.url]).toEqual([before.cluster.url, before.instance.url]);
  expect(await ask(cluster.url!, cluster.secret!, 'SHOW log_statement')).toEqual([{ log_statement: 'all' }]);
  expect(await ask(cluster.url!, cluster.secret!, 'SELECT words FROM entries')).toEqual([{ words: 'hello' }]);
  const { DBInstances = [] } = await described((client) => client.send(new DescribeDBInstancesCommand({})));
  expect(DBInstances.map((found) => found.DBInstanceClass)).toContain('db.t4g.small');
}, 60_000);

test('a destroyed stack leaves the snapshot that was asked for, and nothing that runs', async () => {
  expect(await aws.destroy(synth(START))).toMatchObject({ code: 0 });
  expect(await aws.databases()).toEqual([]);
  expect(servers()).toEqual([]);
  const left = await described(async (client) => ({
    clusters: (await client.send(new DescribeDBClustersCommand({}))).DBClusters,
    snapshots: (await client.send(new DescribeDBClusterSnapshotsCommand({}))).DBClusterSnapshots,
  }));
  expect(left.clusters).toEqual([]);
  expect(left.snapshots).toHaveLength(1);
  expect(left.snapshots![0]).toMatchObject({ Engine: 'aurora-postgresql', Status: 'available' });
  const manager = new SecretsManagerClient(aws.client(ACCOUNT, REGION));
  expect((await manager.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  manager.destroy();
}, 60_000);
