import { ConnectTarget, Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Image, OneOffTask } from '@groundplan/task';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Annotations as CdkAnnotations, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { AuroraCluster } from '../src';
import { Ground, clusterIn, clusterOn, environmentOf, groundIn } from './clusters';

/** A task in a stack of its own, as an application has it. */
function taskOn({ app, network }: Ground, id = 'Report'): OneOffTask {
  const { account, region } = environmentOf(Tier.DEVELOPMENT);
  const stack = (app.node.tryFindChild('Tasks') ?? new Stack(app, 'Tasks', { env: { account, region } })) as Stack;
  return new OneOffTask(stack, id, { vpc: network.vpc, image: Image.placeholder() });
}

const containerOf = (task: OneOffTask) => {
  const [{ Properties }] = Object.values(Template.fromStack(Stack.of(task)).findResources('AWS::ECS::TaskDefinition'));
  return Properties.ContainerDefinitions[0] as Record<string, { Name: string }[]>;
};

test('a task gets what libpq reads, the password by reference, and no password in an address', () => {
  const ground = clusterIn(Tier.DEVELOPMENT);
  const task = taskOn(ground);
  task.connectTo(ground.database);
  const { Environment, Secrets } = containerOf(task);
  const values = Object.fromEntries(
    Environment.map((entry) => [entry.Name, (entry as unknown as { Value: unknown }).Value]),
  );
  expect(values).toMatchObject({ PGDATABASE: 'app', PGUSER: 'postgres', PGSSLMODE: 'require' });
  expect(JSON.stringify(values.DATABASE_URL)).toMatch(/postgresql:\/\/postgres@.*\/app\?sslmode=require/);
  expect(Object.keys(values)).toEqual(expect.arrayContaining(['PGHOST', 'PGPORT']));
  expect(Secrets.map(({ Name }) => Name)).toEqual(['PGPASSWORD']);
  expect(JSON.stringify(Secrets)).toContain(':password::');
  expect(JSON.stringify(Template.fromStack(Stack.of(task)).toJSON())).not.toContain('{{resolve:secretsmanager');
});

test('one port opens between the two, written where the consumer stands: the data depend on nobody', () => {
  const ground = clusterIn(Tier.DEVELOPMENT);
  const task = taskOn(ground);
  task.connectTo(ground.database);
  const graph = TemplateGraph.of(ground.app);
  const { cluster, securityGroup } = ground.database;
  const rules = graph.rulesOf(securityGroup).map(({ direction, ports, peer }) => `${direction} ${ports} ${peer}`);
  expect(rules.sort()).toEqual([
    expect.stringMatching(/^in 5432\/tcp Tasks\/Report\/.*SecurityGroup\/Resource$/),
    'out all 127.0.0.1/32',
  ]);
  expect(ground.stack.dependencies.map(({ node }) => node.path)).toEqual(['Network']);
  expect(graph.pathsFromInternetTo(cluster)).toEqual([]);
});

test('nobody reaches it before connectTo', () => {
  const ground = clusterIn(Tier.DEVELOPMENT);
  const incoming = TemplateGraph.of(ground.app).rulesOf(ground.database.securityGroup);
  expect(incoming.filter(({ direction }) => direction === 'in')).toEqual([]);
});

describe('another network', () => {
  const consumerIn = (vpc: Vpc | ReturnType<typeof Vpc.fromVpcAttributes>) => {
    const group = new SecurityGroup(vpc.stack, 'Stranger', { vpc });
    return Object.assign(group, { grantPrincipal: undefined as never });
  };
  const wired = (database: AuroraCluster, vpc: Parameters<typeof consumerIn>[0]) => () =>
    ConnectTarget.wire(consumerIn(vpc), database);

  test('is refused, with what to do', () => {
    const { stack, database } = clusterIn(Tier.DEVELOPMENT);
    const other = new Vpc(stack, 'Other', { natGateways: 0 });
    expect(wired(database, other)).toThrow(
      new Error(
        'Database "Data/Database": connectTo must come from its own network, got "Data/Stranger" in another; ' +
          'stand both in one network, or connect the networks and write the rules by hand',
      ),
    );
  });

  test('is refused by its id too, and the same id is the same network', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const imported = (id: string, vpcId: string) =>
      Vpc.fromVpcAttributes(ground.stack, id, {
        vpcId,
        availabilityZones: ['eu-central-1a', 'eu-central-1b'],
        isolatedSubnetIds: ['subnet-1', 'subnet-2'],
      });
    const database = clusterOn(ground, { vpc: imported('One', 'vpc-1') });
    expect(wired(database, imported('Other', 'vpc-2'))).toThrow('in another');
    ground.stack.node.tryRemoveChild('Stranger');
    expect(wired(database, imported('Again', 'vpc-1'))).not.toThrow();
  });

  test('of an id that only the deployment knows is taken: it may be the same', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = Vpc.fromVpcAttributes(ground.stack, 'Imported', {
      vpcId: new CfnParameter(ground.stack, 'VpcId').valueAsString,
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    });
    expect(wired(clusterOn(ground), vpc)).not.toThrow();
  });
});

describe('whoever logs in as the master user', () => {
  const warnings = (tier: Tier, acknowledged = false) => {
    const ground = clusterIn(tier);
    if (acknowledged) CdkAnnotations.of(ground.database).acknowledgeWarning('@groundplan/postgres:connectsAsMaster');
    taskOn(ground).connectTo(ground.database);
    return Annotations.fromStack(ground.stack).findWarning('*', Match.stringLikeRegexp('addUser'));
  };

  test('is warned of in production, until somebody says that it is meant', () => {
    const [{ entry }] = warnings(Tier.PRODUCTION);
    expect(entry.data).toContain(
      'connectTo("Data/Database") logs in as "postgres", who may do everything. Give applications a user of their own: connectTo(database.asUser(database.addUser(…))).',
    );
    expect(warnings(Tier.PRODUCTION, true)).toEqual([]);
  });

  test.each([Tier.SANDBOX, Tier.DEVELOPMENT, Tier.STAGING])('may in %s', (tier) => {
    expect(warnings(tier)).toEqual([]);
  });
});
