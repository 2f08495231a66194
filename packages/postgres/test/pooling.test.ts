import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { FargateTask, Image } from '@groundplan/task';
import { expectClean } from '@groundplan/testing';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Grants, Pooling } from '../src';
import { TIERS, groundIn, instanceIn, instanceOn } from './standing';
import { containersIn } from './task-of';

const { DEVELOPMENT, PRODUCTION } = Tier;
const pooling = Pooling.rdsProxy();

/** A database behind a proxy with two users, and an application in another stack that is one of them. */
function pooled(tier = PRODUCTION) {
  const ground = groundIn(tier);
  const database = instanceOn(ground, { pooling });
  const web = database.addUser('web', { grants: Grants.readWrite() });
  const token = database.addUser('reports', { grants: Grants.readOnly(), iam: true });
  const services = new Stack(ground.app, 'Services', { env: { account: '111111111111', region: 'eu-central-1' } });
  const task = new FargateTask(services, 'Api', { vpc: ground.network.vpc, image: Image.placeholder() });
  return { ...ground, database, web, token, services, task };
}

const proxyIn = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBProxy'))[0].Properties;

test('nothing stands in between unless it is asked for', () => {
  const { stack, database } = instanceIn(PRODUCTION);
  expect(database.proxy).toBeUndefined();
  Template.fromStack(stack).resourceCountIs('AWS::RDS::DBProxy', 0);
});

describe('RDS Proxy', () => {
  test('speaks TLS alone, stands where the database does, and may take 90 % of its connections', () => {
    const { stack } = pooled();
    expect(proxyIn(stack)).toMatchObject({ EngineFamily: 'POSTGRESQL', RequireTLS: true, IdleClientTimeout: 1800 });
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
      TargetGroupName: 'default',
      ConnectionPoolConfigurationInfo: { ConnectionBorrowTimeout: 30, MaxConnectionsPercent: 90 },
    });
    const { VpcSubnetIds } = proxyIn(stack);
    expect(JSON.stringify(VpcSubnetIds)).not.toMatch(/Public|Private/);
  });

  test('knows users by their secrets, and those without one by IAM, also those who come later', () => {
    const { stack, database } = pooled();
    database.addUser('late', { grants: Grants.readOnly() });
    const { Auth, DefaultAuthScheme } = proxyIn(stack);
    expect(Auth).toHaveLength(3); // the master, web and late
    for (const entry of Auth)
      expect(entry).toMatchObject({
        AuthScheme: 'SECRETS',
        IAMAuth: 'DISABLED',
        ClientPasswordAuthType: 'POSTGRES_SCRAM_SHA_256',
      });
    expect(DefaultAuthScheme).toBe('IAM_AUTH');
  });

  test('asks for no token where everybody has a password', () => {
    const { stack } = instanceIn(PRODUCTION, { pooling });
    expect(proxyIn(stack).DefaultAuthScheme).toBeUndefined();
  });

  test('reads these secrets and logs in as these users, and no others', () => {
    const { stack, database } = pooled();
    const policies = Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy');
    const [id] = Object.keys(policies).filter((name) => name.includes('ProxyPolicy'));
    const statements: { Action: string; Resource: unknown }[] = policies[id].Properties.PolicyDocument.Statement;
    expect(statements.map(({ Action }) => Action).sort()).toEqual(
      expect.arrayContaining(['kms:Decrypt', 'rds-db:connect', 'secretsmanager:GetSecretValue']),
    );
    expect(JSON.stringify(statements)).not.toContain('"*"');
    expect(JSON.stringify(statements)).toContain('/reports');
    expect(database.proxy!.role).toBeDefined();
  });

  test('is what applications get, under the same names', () => {
    const { task, services, database, web } = pooled();
    task.connectTo(database.asUser(web));
    const { environment, secrets } = containersIn(services).app;
    expect(environment).toMatchObject({ PGHOST: expect.stringContaining('Proxy'), PGPORT: '5432', PGUSER: 'web' });
    expect(Object.keys(secrets)).toEqual(['PGPASSWORD']);
  });

  test('applications reach the proxy, the proxy reaches the database, and nobody passes it by', () => {
    const { task, database, web, app } = pooled();
    task.connectTo(database.asUser(web));
    const graph = TemplateGraph.of(app);
    const reaching = (type: string) =>
      graph.whoReaches(graph.resourcesOfType(type)[0]).map(({ source, ports }) => `${source} ${ports.join()}`);
    expect(reaching('AWS::RDS::DBProxy')).toEqual(['Services/Api/SecurityGroup/Resource 5432/tcp']);
    expect(reaching('AWS::RDS::DBInstance')).toEqual(['Data/Database/Proxy/Resource 5432/tcp']);
  });

  test('a token is for the proxy, which has one of its own for the database', () => {
    const { task, services, database, token } = pooled();
    task.connectTo(database.asUser(token));
    const policies = JSON.stringify(Template.fromStack(services).findResources('AWS::IAM::ManagedPolicy'));
    expect(policies).toContain('rds-db:connect');
    expect(policies).toContain('DBProxyArn');
  });

  test('migrations pass it by: SET ROLE and locks belong to one session', () => {
    const { database, stack } = pooled();
    database.migrate({ directory: `${__dirname}/fixtures/guestbook` });
    const { app, init } = containersIn(stack);
    expect(app.environment.FLYWAY_URL).not.toContain('Proxy');
    expect(init.environment.PGHOST).not.toContain('Proxy');
  });

  test('what it writes ends', () => {
    const { stack, database } = pooled();
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/rds/proxy/${database.proxy!.proxyName}`,
      RetentionInDays: 90,
    });
    expect(database.proxy!.proxyName).toMatch(/^[a-z](-?[a-z0-9])*$/);
    expect(database.proxy!.proxyName.length).toBeLessThanOrEqual(63);
  });

  test.each(TIERS)('in %s no rule finds anything that is not acknowledged', (tier) => {
    expectClean(pooled(tier).stack);
  });

  test('its patience can be said', () => {
    const said = Pooling.rdsProxy({
      borrowTimeout: Duration.seconds(5),
      maxConnectionsPercent: 50,
      idleClientTimeout: Duration.minutes(5),
    });
    const { stack } = instanceIn(DEVELOPMENT, { pooling: said });
    expect(proxyIn(stack).IdleClientTimeout).toBe(300);
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
      ConnectionPoolConfigurationInfo: { ConnectionBorrowTimeout: 5, MaxConnectionsPercent: 50 },
    });
  });

  test('a patience that RDS does not have is refused, all at once', () => {
    const wrong = Pooling.rdsProxy({
      borrowTimeout: Duration.minutes(10),
      maxConnectionsPercent: 0,
      idleClientTimeout: Duration.seconds(1),
    });
    expect(() => instanceIn(PRODUCTION, { pooling: wrong })).toThrow(
      [
        'PostgresInstance "Data/Database" has 3 mistakes:',
        '  - pooling.borrowTimeout must be 1 to 300 whole seconds, got 600; leave it out for the default',
        '  - pooling.idleClientTimeout must be 60 to 28800 whole seconds, got 1; leave it out for the default',
        '  - pooling.maxConnectionsPercent must be 1 to 100 whole percent, got 0; leave it out for the default',
      ].join('\n'),
    );
  });

  test('is watched: who waits, who is turned away, who keeps a connection', () => {
    const { database } = instanceIn(PRODUCTION, { pooling });
    const signs = database.vitalSigns().filter(({ id }) => id.startsWith('Proxy'));
    expect(signs.map(({ id, alarms }) => [id, ...alarms.map(({ threshold }) => threshold)])).toEqual([
      ['ProxyBorrowLatency', 1],
      ['ProxyPinned'],
      ['ProxyRefused', 10],
      ['ProxyWithoutDatabase', 10],
    ]);
  });
});
