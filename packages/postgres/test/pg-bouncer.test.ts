import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { FargateCluster, FargateTask, Image } from '@groundplan/task';
import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Grants, MasterUser, PgBouncerOptions, Pooling, PostgresInstanceProps } from '../src';
import { allOf, groundIn, instanceIn, instanceOn } from './standing';
import { containersIn } from './task-of';

const { DEVELOPMENT, PRODUCTION, STAGING } = Tier;

/** A database behind PgBouncer with two users, and an application in another stack. */
function pooled(tier = PRODUCTION, options: PgBouncerOptions = {}, props: Partial<PostgresInstanceProps> = {}) {
  const ground = groundIn(tier);
  const database = instanceOn(ground, { pooling: Pooling.pgBouncer(options), ...props });
  const web = database.addUser('web', { grants: Grants.readWrite() });
  const token = database.addUser('reports', { grants: Grants.readOnly(), iam: true });
  const services = new Stack(ground.app, 'Services', { env: { account: '111111111111', region: 'eu-central-1' } });
  const task = new FargateTask(services, 'Api', { vpc: ground.network.vpc, image: Image.placeholder() });
  return { ...ground, database, web, token, services, task };
}

const serviceIn = (stack: Stack) => allOf(stack, 'AWS::ECS::Service')[0].Properties;
const planIn = (stack: Stack) => JSON.parse(containersIn(stack).app.environment.POOL);

describe('defaults', () => {
  test.each([
    [Tier.SANDBOX, 1, 'false'],
    [DEVELOPMENT, 1, 'false'],
    [STAGING, 2, 'false'],
    [PRODUCTION, 2, 'true'],
  ])('in %s %d tasks stand behind a balancer', (tier, tasks, locked) => {
    const { stack } = pooled(tier);
    expect(serviceIn(stack)).toMatchObject({
      DesiredCount: tasks,
      AvailabilityZoneRebalancing: 'ENABLED',
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Type: 'network',
      Scheme: 'internal',
    });
    const [{ Properties }] = allOf(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(Properties.LoadBalancerAttributes).toEqual(
      expect.arrayContaining([
        { Key: 'deletion_protection.enabled', Value: locked },
        { Key: 'load_balancing.cross_zone.enabled', Value: 'true' },
      ]),
    );
  });

  test('the balancer stands where the database does, and its tasks where images are fetched from', () => {
    const { stack } = pooled();
    const [{ Properties }] = allOf(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(JSON.stringify(Properties.Subnets)).toMatch(/Isolated/);
    expect(JSON.stringify(Properties.Subnets)).not.toMatch(/Public|Private/);
    expect(JSON.stringify(serviceIn(stack).NetworkConfiguration)).toMatch(/Private/);
    expect(serviceIn(stack).NetworkConfiguration).toMatchObject({
      AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' },
    });
  });

  test('it shares twenty connections a task, waits as long as RDS Proxy does, and keeps none that nobody uses', () => {
    const { stack } = pooled();
    expect(planIn(stack)).toMatchObject({
      clientConnections: 1000,
      serverConnections: 20,
      borrowSeconds: 30,
      idleSeconds: 60,
      reportSeconds: 60,
    });
  });

  test('a task that ends has two minutes to finish what was begun, after it got no new clients for half a minute', () => {
    const { stack } = pooled();
    const template = Template.fromStack(stack);
    const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
    expect(Properties).toMatchObject({ Cpu: '256', Memory: '512', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
    expect(Properties.ContainerDefinitions[0].StopTimeout).toBe(120);
    const [{ Properties: targets }] = allOf(stack, 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(targets).toMatchObject({ Protocol: 'TCP', Port: 5432, TargetType: 'ip' });
    expect(targets.TargetGroupAttributes).toEqual(
      expect.arrayContaining([
        { Key: 'deregistration_delay.timeout_seconds', Value: '30' },
        { Key: 'preserve_client_ip.enabled', Value: 'false' },
      ]),
    );
  });
});

describe('who logs in', () => {
  test('users with a password, also those who come later, each by the name of a variable', () => {
    const { stack, database } = pooled();
    database.addUser('late', { grants: Grants.readOnly() });
    expect(planIn(stack).users).toEqual([
      { name: 'web', passwordVariable: 'PASSWORD_OF_WEB' },
      { name: 'late', passwordVariable: 'PASSWORD_OF_LATE' },
    ]);
    expect(Object.keys(containersIn(stack).app.secrets)).toEqual(['PASSWORD_OF_WEB', 'PASSWORD_OF_LATE']);
  });

  test('applications get the balancer under the same names as always', () => {
    const { task, services, database, web } = pooled();
    task.connectTo(database.asUser(web));
    const { environment, secrets } = containersIn(services).app;
    expect(environment).toMatchObject({
      PGHOST: expect.stringContaining('LoadBalancer'),
      PGPORT: '5432',
      PGUSER: 'web',
    });
    expect(environment.DATABASE_URL).toContain('LoadBalancer');
    expect(Object.keys(secrets)).toEqual(['PGPASSWORD']);
  });

  test('a user of IAM, and the one that the database began with, go to the database itself', () => {
    const { task, services, database, token } = pooled(DEVELOPMENT);
    task.connectTo(database.asUser(token));
    expect(containersIn(services).app.environment.PGHOST).not.toContain('LoadBalancer');
    const other = pooled(DEVELOPMENT);
    other.task.connectTo(other.database);
    expect(containersIn(other.services).app.environment.PGHOST).not.toContain('LoadBalancer');
  });

  test('migrations pass it by: SET ROLE and locks belong to one session', () => {
    const { database, task } = pooled();
    const { resource } = database.migrate({ directory: `${__dirname}/fixtures/guestbook`, before: task });
    expect(resource.node.scope!.node.path).toBe('Data/Database/Migrations');
    const { environment } = containersOf(database.node.findChild('Migrations').node.findAll());
    expect(environment).toContain('FLYWAY_URL');
    expect(environment).not.toContain('LoadBalancer');
  });

  test('readers are asked under a name of their own', () => {
    const { stack, database } = pooled(PRODUCTION, {}, { readReplicas: 1, master: MasterUser.generated() });
    expect(database.pgBouncer!.readDatabaseName).toBe('readers');
    expect(
      planIn(stack).databases.map(({ name, database: inServer }: Record<string, string>) => [name, inServer]),
    ).toEqual([
      ['app', 'app'],
      ['readers', 'app'],
    ]);
    expect(pooled().database.pgBouncer!.readDatabaseName).toBeUndefined();
  });
});

describe('who reaches whom', () => {
  test('applications reach the balancer, it reaches the tasks, they the database, and nobody passes any by', () => {
    const { task, database, web, app } = pooled();
    task.connectTo(database.asUser(web));
    const graph = TemplateGraph.of(app);
    const reaching = (type: string) =>
      graph.whoReaches(graph.resourcesOfType(type)[0]).map(({ source, ports }) => `${source} ${ports.join()}`);
    expect(reaching('AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual([
      'Services/Api/SecurityGroup/Resource 5432/tcp',
    ]);
    expect(reaching('AWS::ECS::Service')).toEqual(['Data/Database/PgBouncer/LoadBalancer/Resource 5432/tcp']);
    expect(reaching('AWS::RDS::DBInstance')).toEqual(['Data/Database/PgBouncer/Service/Service 5432/tcp']);
    expect(graph.pathsFromInternetTo(database.pgBouncer!.loadBalancer)).toEqual([]);
  });

  test('it reads the passwords of its users and of nobody else', () => {
    const { stack, database } = pooled();
    const secrets = JSON.stringify(
      Object.entries(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy')).filter(([id]) =>
        id.includes('PgBouncer'),
      ),
    );
    expect(secrets).toContain('UserswebSecret');
    expect(secrets).not.toContain(stack.resolve(database.secret.secretArn)['Fn::GetAtt']?.[0] ?? 'MasterUserSecret');
  });

  test('what lies underneath can be had', () => {
    const { pgBouncer, proxy } = pooled().database;
    expect(proxy).toBeUndefined();
    expect(pgBouncer!.service.taskDefinition).toBe(pgBouncer!.task.taskDefinition);
    for (const member of ['loadBalancer', 'listener', 'targetGroup', 'cluster', 'logGroup', 'securityGroup'] as const)
      expect(pgBouncer![member]).toBeDefined();
    expect(instanceIn(PRODUCTION).database.pgBouncer).toBeUndefined();
  });
});

describe('props', () => {
  test('all of them', () => {
    const ground = groundIn(PRODUCTION);
    const cluster = new FargateCluster(ground.stack, 'Shared', { vpc: ground.network.vpc });
    const certificate = Secret.fromSecretNameV2(ground.stack, 'Certificate', 'pool/certificate');
    instanceOn(ground, {
      pooling: Pooling.pgBouncer({
        tasks: 3,
        serverConnections: 10,
        clientConnections: 500,
        borrowTimeout: Duration.seconds(5),
        cpu: 1024,
        architecture: CpuArchitecture.X86_64,
        certificate,
        cluster,
        subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      }),
    });
    expect(serviceIn(ground.stack)).toMatchObject({
      DesiredCount: 3,
      Cluster: { Ref: expect.stringMatching(/^Shared/) },
    });
    expect(JSON.stringify(serviceIn(ground.stack).NetworkConfiguration)).toMatch(/Isolated/);
    expect(planIn(ground.stack)).toMatchObject({ serverConnections: 10, clientConnections: 500, borrowSeconds: 5 });
    expect(containersIn(ground.stack).app.secrets).toMatchObject({
      TLS_CERTIFICATE: expect.stringContaining(':certificate::'),
      TLS_KEY: expect.stringContaining(':key::'),
    });
    Template.fromStack(ground.stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '1024',
      Memory: '2048',
      RuntimePlatform: { CpuArchitecture: 'X86_64' },
    });
  });

  test('it keeps nothing awake', () => {
    expect(Pooling.pgBouncer().keepsAwake).toBe(false);
    expect(Pooling.rdsProxy().keepsAwake).toBe(true);
  });
});

test('what cannot be is refused, all at once', () => {
  const wrong = Pooling.pgBouncer({
    tasks: 0,
    serverConnections: 1.5,
    clientConnections: 20_000,
    borrowTimeout: Duration.minutes(10),
    cpu: 2048,
  });
  expect(() => instanceIn(PRODUCTION, { pooling: wrong, databaseName: 'readers' })).toThrow(
    [
      'PostgresInstance "Data/Database" has 6 mistakes:',
      '  - pooling.borrowTimeout must be 1 to 300 whole seconds, got 600; leave it out for the default',
      '  - pooling.tasks must be 1 to 10 whole tasks, got 0; leave it out for the default',
      '  - pooling.serverConnections must be 1 to 1000 whole connections, got 1.5; leave it out for the default',
      '  - pooling.clientConnections must be 10 to 10000 whole connections, got 20000; leave it out for the default',
      '  - pooling.cpu must be one of 256, 512, 1024, got 2048; PgBouncer uses no more than one vCPU: raise tasks for more',
      '  - databaseName must be another name than "readers" with Pooling.pgBouncer(), got "readers"; so PgBouncer calls the readers: name the database after what it holds',
    ].join('\n'),
  );
});

test('more connections than the database takes are refused, those of migrations and people left out', () => {
  const asking = (serverConnections: number, tasks?: number) => () =>
    instanceIn(PRODUCTION, {
      pooling: Pooling.pgBouncer({ serverConnections, tasks }),
      parameters: { max_connections: '100' },
    });
  expect(asking(45)).not.toThrow();
  expect(asking(46)).toThrow(
    'PostgresInstance "Data/Database": pooling.serverConnections must be at most 45 for each of 2 tasks, 90 % of the 100 of ' +
      'max_connections, got 46; lower it or tasks: migrations and people connect beside it',
  );
  expect(asking(90, 1)).not.toThrow();
});

test('is watched: who waits, who is turned away, whether anybody answers', () => {
  const { database } = instanceIn(PRODUCTION, { pooling: Pooling.pgBouncer() });
  const signs = database.vitalSigns().filter(({ id }) => id.startsWith('Pool'));
  expect(signs.map(({ id, alarms }) => [id, ...alarms.map(({ threshold }) => threshold)])).toEqual([
    ['PoolWait', 1],
    ['PoolClients'],
    ['PoolConnections'],
    ['PoolRefused', 10],
    ['PoolWithoutDatabase', 10],
    ['PoolTasks', 1],
  ]);
});

/** The text of the task definition among constructs. */
function containersOf(constructs: { node: { defaultChild?: unknown } }[]): { environment: string } {
  const texts = constructs.flatMap((construct) => {
    const resource = construct as unknown as { cfnResourceType?: string; _toCloudFormation?: () => unknown };
    if (resource.cfnResourceType !== 'AWS::ECS::TaskDefinition') return [];
    return [JSON.stringify(Stack.of(construct as never).resolve(resource._toCloudFormation!()))];
  });
  return { environment: texts.join() };
}
