import { App, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Connections, IVpc, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ConnectTarget, Connection, DataUse, IConnectConsumer, IConnectTarget, QueueUse } from '../src';

class Service extends Construct implements IConnectConsumer {
  public readonly connections: Connections;
  public readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, vpc: IVpc) {
    super(scope, 'Service');
    const group = new SecurityGroup(this, 'Group', { vpc, allowAllOutbound: false });
    this.connections = new Connections({ securityGroups: [group] });
    this.grantPrincipal = new Role(this, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  }
}

class Database extends Construct implements IConnectTarget {
  private readonly connections: Connections;
  private readonly secret = new Secret(this, 'Secret');

  constructor(scope: Construct, vpc: IVpc) {
    super(scope, 'Database');
    this.connections = new Connections({
      securityGroups: [new SecurityGroup(this, 'Group', { vpc, allowAllOutbound: false })],
    });
  }

  public connectionFor(consumer: IConnectConsumer): Connection {
    this.secret.grantRead(consumer);
    return {
      connections: { connections: this.connections },
      port: Port.tcp(5432),
      environment: { PGPORT: '5432' },
      secrets: { PGPASSWORD: { secret: this.secret, field: 'password' } },
    };
  }
}

function twoStacks() {
  const app = new App();
  const data = new Stack(app, 'Data');
  const vpc = new Vpc(data, 'Vpc');
  const services = new Stack(app, 'Services');
  return { app, data, services, vpc };
}

test('a service in one stack is wired to a database in another without a cycle: data never depends on services', () => {
  const { app, data, services, vpc } = twoStacks();
  const database = new Database(data, vpc);
  ConnectTarget.wire(new Service(services, vpc), database);
  app.synth();
  expect(data.dependencies).toEqual([]);
  expect(services.dependencies).toContain(data);
  Template.fromStack(data).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  Template.fromStack(services).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 5432,
    ToPort: 5432,
  });
});

test('the consumer gets plain values and secrets by reference, and a grant on exactly that secret', () => {
  const { data, services, vpc } = twoStacks();
  const connection = ConnectTarget.wire(new Service(services, vpc), new Database(data, vpc));
  expect(connection.environment).toEqual({ PGPORT: '5432' });
  expect(connection.secrets.PGPASSWORD.field).toBe('password');
  const [policy] = Object.values(Template.fromStack(services).findResources('AWS::IAM::Policy'));
  expect(policy.Properties.PolicyDocument.Statement).toHaveLength(1);
  expect(policy.Properties.PolicyDocument.Statement[0].Action).toEqual([
    'secretsmanager:GetSecretValue',
    'secretsmanager:DescribeSecret',
  ]);
});

test.each<[string, (stack: Stack) => IConnectTarget, string, string]>([
  ['a queue that is sent to', (s) => ConnectTarget.queue(new Queue(s, 'R')), 'QUEUE_URL', 'sqs:SendMessage'],
  [
    'a queue that is consumed',
    (s) => ConnectTarget.queue(new Queue(s, 'R'), QueueUse.CONSUME),
    'QUEUE_URL',
    'sqs:ReceiveMessage',
  ],
  ['a topic', (s) => ConnectTarget.topic(new Topic(s, 'R')), 'TOPIC_ARN', 'sns:Publish'],
  ['a bucket', (s) => ConnectTarget.bucket(new Bucket(s, 'R')), 'BUCKET_NAME', 's3:GetObject'],
  [
    'a bucket that is written',
    (s) => ConnectTarget.bucket(new Bucket(s, 'R'), DataUse.READ_WRITE),
    'BUCKET_NAME',
    's3:PutObject',
  ],
  ['a table', (s) => ConnectTarget.table(table(s)), 'TABLE_NAME', 'dynamodb:GetItem'],
  [
    'a table that is written',
    (s) => ConnectTarget.table(table(s), DataUse.READ_WRITE),
    'TABLE_NAME',
    'dynamodb:PutItem',
  ],
])("CDK's own resources are targets: %s", (_, target, variable, action) => {
  const { services, vpc } = twoStacks();
  const connection = ConnectTarget.wire(new Service(services, vpc), target(services));
  expect(Object.keys(connection.environment)).toEqual([variable]);
  expect(JSON.stringify(Template.fromStack(services).findResources('AWS::IAM::Policy'))).toContain(action);
  Template.fromStack(services).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
});

test.each<[string, (stack: Stack) => IConnectTarget]>([
  ['PutItem', (s) => ConnectTarget.table(table(s))],
  ['PutObject', (s) => ConnectTarget.bucket(new Bucket(s, 'R'))],
])('reading grants no write: no %s', (action, target) => {
  const { services, vpc } = twoStacks();
  ConnectTarget.wire(new Service(services, vpc), target(services));
  expect(JSON.stringify(Template.fromStack(services).findResources('AWS::IAM::Policy'))).not.toContain(action);
});

test.each<[string, Partial<Connection>]>([
  ['port', { port: Port.tcp(1) }],
  ['connections', { connections: new Connections() }],
])('a target with only %s is refused', (given, half) => {
  const { services, vpc } = twoStacks();
  const target = { connectionFor: () => ({ ...half, environment: {}, secrets: {} }) };
  expect(() => ConnectTarget.wire(new Service(services, vpc), target)).toThrow(
    `IConnectTarget.connectionFor: connections and port must be given together, got only ${given}; a target on the network has both, an AWS API has neither`,
  );
});

function table(scope: Stack): Table {
  return new Table(scope, 'R', { partitionKey: { name: 'id', type: AttributeType.STRING } });
}
