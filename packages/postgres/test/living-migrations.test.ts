import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Environment, Tier } from '@groundplan/core';
import { TestAws } from '@groundplan/local';
import { Network } from '@groundplan/vpc';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, Stack } from 'aws-cdk-lib/core';
import { Client } from 'pg';
import { Grants, PostgresInstance } from '../src';
import { environmentOf } from './standing';

let scratch: string;
let aws: TestAws;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'groundplan-migrations-'));
  aws = await TestAws.start();
}, 300_000);
afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

const { account, region } = environmentOf(Tier.DEVELOPMENT);
const config = () => aws.client(account, region);
const APPLICATION = '/shop/version';

/**
 * Deploys a database with such migrations to the local AWS, and an application that must not be updated before them: a parameter
 * with its version.
 */
async function deploy(version: string, migrations: Record<string, string>): Promise<string> {
  const directory = join(scratch, `migrations-${version}`);
  mkdirSync(directory);
  for (const [name, sql] of Object.entries(migrations)) writeFileSync(join(directory, name), sql);
  const app = new App({ outdir: join(scratch, `cdk.out-${version}`) });
  const { target: env } = Environment.define(app, environmentOf(Tier.DEVELOPMENT));
  const { vpc } = new Network(new Stack(app, 'Network', { env }), 'Network');
  const data = new Stack(app, 'Data', { env });
  const database = new PostgresInstance(data, 'Database', { vpc, databaseName: 'shop' });
  database.addUser('web', { grants: Grants.readWrite() });
  const application = new StringParameter(data, 'Application', { parameterName: APPLICATION, stringValue: version });
  database.migrate({ directory, before: application });
  const { code, stdout, stderr } = await aws.deploy(app.synth().directory, ['--all'], { cwd: scratch });
  return code === 0 ? '' : stdout + stderr;
}

/** The version of the application that was let through. */
async function application(): Promise<string> {
  const { Parameter } = await new SSMClient(config()).send(new GetParameterCommand({ Name: APPLICATION }));
  return Parameter!.Value!;
}

/** Asks as the application, with what its secret holds. */
async function asWeb(statement: string): Promise<object[]> {
  const secrets = new SecretsManagerClient(config());
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const { ARN } = SecretList.find(({ Description }) => Description?.startsWith('Password of web'))!;
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: ARN }));
  const { username, password } = JSON.parse(SecretString!) as { username: string; password: string };
  const { DBInstances } = await new RDSClient(config()).send(new DescribeDBInstancesCommand({}));
  const { Address: host, Port: port } = DBInstances![0].Endpoint!;
  const ssl = { ca: readFileSync(aws.databaseCa) };
  const client = new Client({ host, port, database: 'shop', user: username, password, ssl });
  await client.connect();
  try {
    return (await client.query(statement)).rows as object[];
  } finally {
    await client.end();
  }
}

const FIRST = { 'V1__create_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, item text);' };
const APPLIED = 'SELECT item FROM orders';

// One story, told in order.

test('migrations run, and the application comes after them and may do what it was granted', async () => {
  expect(await deploy('1', FIRST)).toBe('');
  expect(await application()).toBe('1');
  await asWeb("INSERT INTO orders VALUES (1, 'tea')");
  await expect(asWeb('DROP TABLE orders')).rejects.toThrow('must be owner of table orders');
}, 300_000);

test('a migration that fails fails the deployment with the reason, nothing of it is applied, and the application stays', async () => {
  const broken = {
    ...FIRST,
    'V2__add_price.sql': 'ALTER TABLE orders ADD COLUMN price int; ALTER TABLE nothing ADD x int;',
  };
  const wrong = await deploy('2', broken);
  expect(wrong).toMatch(/The run failed: app ended with 1.* Its log: /);
  expect(await application()).toBe('1');
  expect(await asWeb('SELECT * FROM orders')).toEqual([{ id: '1', item: 'tea' }]);
}, 300_000);

test('repaired, the next deployment goes on from there', async () => {
  expect(await deploy('3', { ...FIRST, 'V2__add_price.sql': 'ALTER TABLE orders ADD COLUMN price int;' })).toBe('');
  expect(await application()).toBe('3');
  expect(await asWeb('SELECT price FROM orders')).toEqual([{ price: null }]);
  expect(await asWeb(APPLIED)).toEqual([{ item: 'tea' }]);
}, 300_000);
