import { ConnectTarget, Connection, DataUse, IConnectConsumer, IConnectTarget, QueueUse, Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Connections, IVpc, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Statement, statementsOf } from './policies';
import { groundIn, runIn, taskIn } from './environments';

/** A database that hands out what a consumer needs, as any of ours would. */
class Database extends Construct implements IConnectTarget {
  public readonly instance: DatabaseInstance;

  constructor(scope: Construct, vpc: IVpc) {
    super(scope, 'Database');
    this.instance = new DatabaseInstance(this, 'Instance', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
      securityGroups: [new SecurityGroup(this, 'Group', { vpc, allowAllOutbound: false })],
    });
  }

  public connectionFor(_consumer: IConnectConsumer): Connection {
    return {
      connections: this.instance,
      port: Port.tcp(5432),
      environment: { PGHOST: this.instance.dbInstanceEndpointAddress },
      secrets: { PGPASSWORD: { secret: this.instance.secret!, field: 'password' } },
    };
  }
}

/** What a task may do, and its variables, after it was connected to what is made in its stack. */
function connected(target: (stack: Stack) => IConnectTarget) {
  const { stack, task } = taskIn(Tier.PRODUCTION);
  task.connectTo(target(stack));
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
  const grants = statementsOf(stack, task.taskRole);
  return { stack, grants, variables: Properties.ContainerDefinitions[0].Environment };
}

const actions = (grants: Statement[]) => grants.map(({ Action }) => [Action].flat());

describe("connecting to CDK's own resources grants exactly what is used", () => {
  test('a queue that it sends to', () => {
    const { grants, variables, stack } = connected((scope) => ConnectTarget.queue(new Queue(scope, 'Queue')));
    expect(actions(grants)).toEqual([['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl']]);
    const queue = stack.getLogicalId(stack.node.findChild('Queue').node.defaultChild as never);
    expect(grants[0].Resource).toEqual({ 'Fn::GetAtt': [queue, 'Arn'] });
    expect(variables).toEqual([{ Name: 'QUEUE_URL', Value: { Ref: queue } }]);
  });

  test('a queue that it consumes', () => {
    const { grants } = connected((scope) => ConnectTarget.queue(new Queue(scope, 'Queue'), QueueUse.CONSUME));
    expect(actions(grants)[0]).toContain('sqs:DeleteMessage');
    expect(actions(grants)[0]).not.toContain('sqs:SendMessage');
  });

  test('a topic', () => {
    const { grants, variables } = connected((scope) => ConnectTarget.topic(new Topic(scope, 'Topic')));
    expect(actions(grants)).toEqual([['sns:Publish']]);
    expect(variables).toEqual([{ Name: 'TOPIC_ARN', Value: { Ref: expect.stringContaining('Topic') } }]);
  });

  test('a bucket, to read or to write', () => {
    const read = connected((scope) => ConnectTarget.bucket(new Bucket(scope, 'Bucket')));
    expect(actions(read.grants).flat().join()).not.toMatch(/Put|Delete/);
    const written = connected((scope) => ConnectTarget.bucket(new Bucket(scope, 'Bucket'), DataUse.READ_WRITE));
    expect(actions(written.grants).flat().join()).toMatch(/s3:PutObject/);
    expect(written.variables).toEqual([{ Name: 'BUCKET_NAME', Value: { Ref: expect.stringContaining('Bucket') } }]);
  });

  test('a table, to read or to write', () => {
    const table = (scope: Stack) =>
      new Table(scope, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const read = connected((scope) => ConnectTarget.table(table(scope)));
    expect(actions(read.grants).flat()).toContain('dynamodb:GetItem');
    expect(actions(read.grants).flat()).not.toContain('dynamodb:PutItem');
    expect(read.variables).toEqual([{ Name: 'TABLE_NAME', Value: { Ref: expect.stringContaining('Table') } }]);
    const written = connected((scope) => ConnectTarget.table(table(scope), DataUse.READ_WRITE));
    expect(actions(written.grants).flat()).toContain('dynamodb:PutItem');
  });

  test('nothing is opened on the network for an API of AWS', () => {
    const { stack } = connected((scope) => ConnectTarget.queue(new Queue(scope, 'Queue')));
    for (const way of ['Ingress', 'Egress'])
      Template.fromStack(stack).resourceCountIs(`AWS::EC2::SecurityGroup${way}`, 0);
  });
});

describe('connecting to what stands in the network', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const { account, region } = ground.stack;
  const data = new Stack(ground.stack.node.scope!, 'Data', { env: { account, region } });
  const database = new Database(data, ground.vpc);
  const { stack, task } = taskIn(Tier.PRODUCTION, { port: 8080 }, ground);
  const other = new SecurityGroup(stack, 'Other', { vpc: ground.vpc, allowAllOutbound: false });
  task.connectTo(database);
  const graph = TemplateGraph.of(stack);

  test('one rule between two security groups lets it, and nobody else', () => {
    const rules = graph.rulesOf(database.instance.connections.securityGroups[0]);
    expect(rules.filter(({ direction }) => `${direction}` !== 'egress')).toHaveLength(1);
    expect(JSON.stringify(rules)).toContain('5432');
    expect(JSON.stringify(rules)).toContain('Jobs/Report/SecurityGroup');
    expect(JSON.stringify(rules)).not.toContain(other.node.path);
    expect(graph.pathsFromInternetTo(database.instance)).toEqual([]);
  });

  test('both rules stand in the stack of the task: the data never depends on who uses it', () => {
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'))).toHaveLength(1);
    Template.fromStack(data).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    expect(data.dependencies).not.toContain(stack);
  });

  test('the password comes by reference, and ECS alone may read it', () => {
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        {
          Environment: Match.arrayWith([Match.objectLike({ Name: 'PGHOST' })]),
          Secrets: [{ Name: 'PGPASSWORD', ValueFrom: Match.anyValue() }],
        },
      ],
    });
    expect(statementsOf(stack, task.taskRole)).toEqual([]);
    expect(actions(statementsOf(stack, task.executionRole)).flat()).toContain('secretsmanager:GetSecretValue');
  });
});

test('a task that runs to completion is connected in the same way', () => {
  const { stack, task } = runIn(Tier.PRODUCTION);
  task.connectTo(ConnectTarget.topic(new Topic(stack, 'Topic')));
  expect(actions(statementsOf(stack, task.task.taskRole))).toEqual([['sns:Publish']]);
});

describe('variables that collide', () => {
  const said = (name: string, who: string, earlier: string) =>
    `FargateTask "Jobs/Report": connectTo must bring variables that are not there yet, got ${name} of ${who}, which ${earlier} already gave; ` +
    'rename the one in environment, or grant by hand and name the variable yourself';

  test('with one that was given', () => {
    const { stack, task } = taskIn(Tier.PRODUCTION, { environment: { QUEUE_URL: 'mine' } });
    expect(() => task.connectTo(ConnectTarget.queue(new Queue(stack, 'Queue')))).toThrow(
      new Error(said('QUEUE_URL', 'another target', 'props')),
    );
  });

  test('between two targets', () => {
    const { stack, task } = taskIn(Tier.PRODUCTION);
    task.connectTo(ConnectTarget.queue(new Queue(stack, 'First')));
    expect(() => task.connectTo(ConnectTarget.queue(new Queue(stack, 'Second')))).toThrow(
      new Error(said('QUEUE_URL', 'another target', 'another target')),
    );
  });

  test('with a target that has a path', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const { stack, task } = taskIn(Tier.PRODUCTION, {}, ground);
    task.connectTo(new Database(stack, ground.vpc));
    const second = new Database(new Construct(stack, 'Second'), ground.vpc);
    expect(() => task.connectTo(second)).toThrow(
      new Error(said('PGHOST', '"Jobs/Second/Database"', '"Jobs/Database"')),
    );
  });
});

test('the rules of a target that is a security group of somebody else are left alone where it has no port', () => {
  const { stack, task } = taskIn(Tier.PRODUCTION);
  const half: IConnectTarget = {
    connectionFor: () => ({ connections: new Connections(), environment: {}, secrets: {} }),
  };
  expect(() => task.connectTo(half)).toThrow('connections and port must be given together');
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
});
