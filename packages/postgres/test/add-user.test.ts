import { Tier } from '@groundplan/core';
import { FargateTask, Image } from '@groundplan/task';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Grants } from '../src';
import { groundIn, instanceIn, instanceOn } from './standing';
import { containersIn } from './task-of';

const { DEVELOPMENT, PRODUCTION } = Tier;

/** A task in another stack that is wired to a database as one of its users. */
function consumer(tier: Tier, iam: boolean) {
  const { app, network, database: target } = instanceIn(tier);
  const user = target.addUser('web', { grants: Grants.readWrite(), iam });
  const services = new Stack(app, 'Services', { env: { account: '111111111111', region: 'eu-central-1' } });
  const task = new FargateTask(services, 'Api', { vpc: network.vpc, image: Image.placeholder() });
  task.connectTo(target.asUser(user));
  return { task, user, services, container: () => containersIn(services).app };
}

test('an application gets where the database is and who it is, and its password by reference alone', () => {
  const { environment, secrets } = consumer(PRODUCTION, false).container();
  expect(environment).toEqual({
    PGHOST: expect.any(String),
    PGPORT: expect.any(String),
    PGDATABASE: 'app',
    PGUSER: 'web',
    PGSSLMODE: 'require',
    DATABASE_URL: expect.stringMatching(/^postgresql:\/\/web@.*\/app\?sslmode=require$/),
  });
  expect(Object.keys(secrets)).toEqual(['PGPASSWORD']);
});

test.each(Object.values(Tier))('in %s its execution role reads this secret and no other', (tier) => {
  const { services } = consumer(tier, false);
  const statements = Object.values(Template.fromStack(services).findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[] }[],
  );
  const asked = statements.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager:'));
  expect(asked).toHaveLength(1);
  // The key of the data is asked through Secrets Manager only.
  const decrypting = statements.filter(({ Action }) => Action === 'kms:Decrypt');
  expect(decrypting).toHaveLength(tier === PRODUCTION ? 1 : 0);
  if (tier === PRODUCTION)
    expect(decrypting[0]).toMatchObject({ Condition: { StringEquals: { 'kms:ViaService': expect.anything() } } });
});

test('a user of IAM has no secret: the role may log in as this user of this database', () => {
  const { user, container, services } = consumer(PRODUCTION, true);
  expect(user.secret).toBeUndefined();
  expect(container().secrets).toEqual({});
  const policies = JSON.stringify(Template.fromStack(services).findResources('AWS::IAM::ManagedPolicy'));
  expect(policies).toContain('rds-db:connect');
  expect(policies).toContain('/web');
});

test('a secret has 32 characters that stand in a URL and in a shell as they are', () => {
  const target = instanceIn(DEVELOPMENT).database;
  target.addUser('web', { grants: Grants.readWrite() });
  Template.fromStack(Stack.of(target)).hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: {
      PasswordLength: 32,
      ExcludePunctuation: true,
      GenerateStringKey: 'password',
      SecretStringTemplate: '{"username":"web"}',
    },
  });
});

test.each([
  [PRODUCTION, 'Retain'],
  [DEVELOPMENT, 'Delete'],
])('in %s the secret of a user has the deletion policy %s, as the database', (tier, policy) => {
  const target = instanceIn(tier).database;
  target.addUser('web', { grants: Grants.readWrite() });
  Template.fromStack(Stack.of(target)).hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: policy });
});

test.each([
  ['Web', 'a capital letter'],
  ['1web', 'a number first'],
  ['web-app', 'a hyphen'],
  ['postgres', 'the master user'],
  ['rdsadmin', 'RDS itself'],
  ['pg_web', 'PostgreSQL itself'],
  ['public', 'everybody'],
])('%s is refused: %s', (username) => {
  expect(() => instanceIn(PRODUCTION).database.addUser(username, { grants: Grants.readWrite() })).toThrow(
    /^PostgresInstance "Data\/Database": username must be (a small letter|another one)/,
  );
});

test.each(['app_owner', 'app_read_write', 'web'])('%s is taken', (username) => {
  const target = instanceIn(PRODUCTION).database;
  target.addUser('web', { grants: Grants.readWrite() });
  expect(() => target.addUser(username, { grants: Grants.readOnly() })).toThrow(
    `username must be another one than those that are there, got "${username}"; keep what the first addUser returned, or name this one otherwise`,
  );
});

test('a user of another database is refused', () => {
  const ground = groundIn(PRODUCTION);
  const [one, other] = ['One', 'Other'].map((id) => instanceOn(ground, {}, id));
  expect(() => one.asUser(other.addUser('web', { grants: Grants.readWrite() }))).toThrow(
    'Database "Data/One": asUser must get one of its own users, got "web" of "Data/Other"; pass what addUser of "Data/One" returned',
  );
});

test('a token for a user with a password is refused', () => {
  const { user, task } = consumer(PRODUCTION, false);
  expect(() => user.grantConnect(task)).toThrow(
    'grantConnect must be asked of a user with iam: true, got one with a password; pass iam: true to addUser, or grant its secret',
  );
});

test('a consumer in another network is refused', () => {
  const { app, database: target } = instanceIn(PRODUCTION);
  const elsewhere = groundIn(PRODUCTION).network;
  expect(elsewhere.node.root).not.toBe(app);
  const task = new FargateTask(elsewhere, 'Api', { vpc: elsewhere.vpc, image: Image.placeholder() });
  expect(() => task.connectTo(target)).toThrow(
    /^Database "Data\/Database": connectTo must come from its own network, got ".*SecurityGroup" in another; stand both in one network/,
  );
});
