import { ConnectTarget, Connection, DataUse, IConnectConsumer, IConnectTarget, QueueUse, Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Connections, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { groundIn, serviceIn, serviceOn } from './services';

/** A database as a platform would make it: one port, a password in a secret, and its name in two variables. */
class Database extends Construct implements IConnectTarget {
  public readonly securityGroup: SecurityGroup;
  public readonly secret: Secret;

  constructor(scope: Construct, id: string, vpc: ConstructorParameters<typeof SecurityGroup>[2]['vpc']) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', { vpc, allowAllOutbound: false });
    this.secret = new Secret(this, 'Secret', {
      generateSecretString: { secretStringTemplate: '{"username":"app"}', generateStringKey: 'password' },
    });
  }

  public connectionFor(consumer: IConnectConsumer): Connection {
    this.secret.grantRead(consumer);
    return {
      connections: new Connections({ securityGroups: [this.securityGroup] }),
      port: Port.tcp(5432),
      environment: { PGHOST: 'database.internal' },
      secrets: { PGPASSWORD: { secret: this.secret, field: 'password' } },
    };
  }
}

/** The statements that the application itself may rely on, as `actions on resources`. */
function statementsOf(stack: Stack, role: string): string[] {
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  return policies
    .filter(([id]) => id.includes(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => `${[Action].flat().join(', ')} on ${JSON.stringify(Resource)}`);
}

function containerOf(stack: Stack) {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
  return Properties.ContainerDefinitions[0];
}

describe('connectTo', () => {
  test.each<[string, (stack: Stack) => IConnectTarget, string, RegExp]>([
    [
      'a queue to send to',
      (stack) => ConnectTarget.queue(new Queue(stack, 'Orders')),
      'QUEUE_URL',
      /^sqs:SendMessage, sqs:GetQueueAttributes, sqs:GetQueueUrl on \{"Fn::GetAtt":\["Orders\w+","Arn"\]\}$/,
    ],
    [
      'a queue to receive from',
      (stack) => ConnectTarget.queue(new Queue(stack, 'Orders'), QueueUse.CONSUME),
      'QUEUE_URL',
      /^sqs:ReceiveMessage, .*sqs:DeleteMessage.* on \{"Fn::GetAtt":\["Orders\w+","Arn"\]\}$/,
    ],
    [
      'a topic',
      (stack) => ConnectTarget.topic(new Topic(stack, 'Orders')),
      'TOPIC_ARN',
      /^sns:Publish on \{"Ref":"Orders\w+"\}$/,
    ],
    [
      'a bucket to read',
      (stack) => ConnectTarget.bucket(new Bucket(stack, 'Orders')),
      'BUCKET_NAME',
      /^s3:GetObject\*, s3:GetBucket\*, s3:List\* on /,
    ],
    [
      'a table to write',
      (stack) =>
        ConnectTarget.table(
          new Table(stack, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } }),
          DataUse.READ_WRITE,
        ),
      'TABLE_NAME',
      /dynamodb:PutItem.* on .*Orders/,
    ],
  ])('%s: its name in the environment, the grant on it and on nothing else, and no door in the network', (...row) => {
    const [, target, variable, statement] = row;
    const { stack, service } = serviceIn(Tier.DEVELOPMENT, { exec: false });
    service.connectTo(target(stack));
    expect(containerOf(stack).Environment).toContainEqual(expect.objectContaining({ Name: variable }));
    const granted = statementsOf(stack, 'TaskRole');
    expect(granted[0]).toMatch(statement);
    for (const one of granted) expect(one).toMatch(/ on .*Orders/);
    const rules = TemplateGraph.of(stack).rulesOf(service.task.securityGroup);
    expect(rules.map(({ direction, ports }) => `${direction} ${ports}`).sort()).toEqual(['in 8080/tcp', 'out 443/tcp']);
  });

  test('what is on the network: one port between two security groups, the variables it documents, secrets by reference', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const database = new Database(ground.stack, 'Database', ground.network.vpc);
    const service = serviceOn(ground);
    service.connectTo(database);
    const graph = TemplateGraph.of(ground.stack);
    const describe = ({ direction, ports, peer }: { direction: string; ports: string; peer: string }) =>
      `${direction} ${ports} ${peer}`;
    expect(graph.rulesOf(service.task.securityGroup).map(describe).sort()).toEqual([
      'out 443/tcp 0.0.0.0/0',
      'out 5432/tcp Services/Database/SecurityGroup/Resource',
    ]);
    expect(graph.rulesOf(database.securityGroup).map(describe)).toContain(
      'in 5432/tcp Services/Api/Task/SecurityGroup/Resource',
    );
    const { Environment, Secrets } = containerOf(ground.stack);
    expect(Environment).toContainEqual({ Name: 'PGHOST', Value: 'database.internal' });
    expect(Secrets).toEqual([
      {
        Name: 'PGPASSWORD',
        ValueFrom: { 'Fn::Join': ['', [ground.stack.resolve(database.secret.secretArn), ':password::']] },
      },
    ]);
  });

  test('ECS may read the secret that it injects, and the application what it was granted', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const database = new Database(ground.stack, 'Database', ground.network.vpc);
    serviceOn(ground).connectTo(database);
    for (const role of ['ExecutionRole', 'TaskRole'])
      expect(statementsOf(ground.stack, role)).toContainEqual(
        expect.stringMatching(/secretsmanager:GetSecretValue.* on \{"Ref":"DatabaseSecret\w+"\}$/),
      );
  });

  test('a target in a stack of its own does not come to depend on the service', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const data = new Stack(ground.app, 'Data', { env: { account: '111111111111', region: 'eu-central-1' } });
    const database = new Database(data, 'Database', ground.network.vpc);
    serviceOn(ground).connectTo(database);
    expect(() => ground.app.synth()).not.toThrow();
    expect(data.dependencies.map(({ node }) => node.path)).toEqual(['Network']);
    expect(ground.stack.dependencies.map(({ node }) => node.path)).toContain('Data');
  });

  test('two targets that bring the same variable are refused: one would silently win', () => {
    const { stack, service } = serviceIn(Tier.DEVELOPMENT);
    service.connectTo(ConnectTarget.queue(new Queue(stack, 'First')));
    expect(() => service.connectTo(ConnectTarget.queue(new Queue(stack, 'Second')))).toThrow(/QUEUE_URL/);
  });
});

test('another construct is let in on the port of the service, as with every connectable', () => {
  const ground = groundIn(Tier.DEVELOPMENT);
  const [api, caller] = [serviceOn(ground, { port: 3000 }, 'Api'), serviceOn(ground, {}, 'Caller')];
  api.connections.allowDefaultPortFrom(caller);
  const ports = TemplateGraph.of(ground.stack).openPorts(caller.service, api.service);
  expect(ports.map((open) => open.ports)).toEqual(['3000/tcp']);
});
