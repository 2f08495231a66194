import { ConnectTarget, IConnectConsumer, Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnVPC, ISecurityGroup, IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Endpoint } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Stack, Token } from 'aws-cdk-lib/core';
import { connectionAs, portOf } from '../src/private/connection';
import { PlainDatabase, database, ground } from './plain-database';

/** Something in a network that would like to connect. */
function consumerOf(securityGroup: ISecurityGroup): IConnectConsumer {
  const role = new Role(Stack.of(securityGroup), 'Consumer', {
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  return { connections: securityGroup.connections, grantPrincipal: role };
}

describe('what a consumer is told', () => {
  const login = (port: number, secret?: Secret) => {
    const made = database(Tier.DEVELOPMENT);
    return connectionAs({
      endpoint: new Endpoint('db.internal', port),
      connections: made,
      vpc: made.vpc,
      databaseName: 'orders',
      username: 'reader',
      password: secret && { secret, field: 'password' },
    });
  };

  test('what libpq reads, and an address without the password', () => {
    const secret = new Secret(new Stack(), 'Secret');
    const { environment, secrets, port } = login(5432, secret);
    expect(environment).toEqual({
      PGHOST: 'db.internal',
      PGPORT: '5432',
      PGDATABASE: 'orders',
      PGUSER: 'reader',
      PGSSLMODE: 'require',
      DATABASE_URL: 'postgresql://reader@db.internal:5432/orders?sslmode=require',
    });
    expect(secrets).toEqual({ PGPASSWORD: { secret, field: 'password' } });
    expect(port?.toString()).toBe('5432');
  });

  test('no password where IAM says who it is', () => {
    expect(login(5432).secrets).toEqual({});
  });

  test('a port that only the deployment knows, as text', () => {
    const stack = new Stack();
    const port = Token.asNumber({ Ref: 'Port' });
    expect(stack.resolve(portOf(new Endpoint('db.internal', port)))).toEqual({ Ref: 'Port' });
  });
});

describe('another network', () => {
  const wired = (vpcOf: (stack: Stack, own: IVpc) => IVpc) => () => {
    const { network, stack } = ground(Tier.DEVELOPMENT);
    const made = new PlainDatabase(stack, 'Database', { vpc: network.vpc });
    const group = new SecurityGroup(stack, 'Group', { vpc: vpcOf(stack, network.vpc) });
    return ConnectTarget.wire(consumerOf(group), made);
  };
  const imported = (stack: Stack, vpcId: string) =>
    Vpc.fromVpcAttributes(stack, 'Imported', { vpcId, availabilityZones: ['eu-central-1a'] });

  test('that is made here is refused', () => {
    const other = (stack: Stack) => new Vpc(stack, 'Other', { natGateways: 0 });
    expect(wired(other)).toThrow(
      new Error(
        'Database "Data/Database": connectTo must come from its own network, got "Data/Group" in another; ' +
          'stand both in one network, or connect the networks and write the rules by hand',
      ),
    );
  });

  test('that is known by its id is refused: the one that is made here has none yet', () => {
    expect(wired((stack) => imported(stack, 'vpc-1'))).toThrow('in another');
    const refOf = (stack: Stack) => new CfnVPC(stack, 'Raw', { cidrBlock: '10.9.0.0/16' }).ref;
    expect(wired((stack) => imported(stack, refOf(stack)))).toThrow('in another');
  });

  test('of an id that only the deployment knows may be the same, and the own one is', () => {
    expect(wired((stack) => imported(stack, new CfnParameter(stack, 'Id').valueAsString))).not.toThrow();
    expect(wired((_, own) => own)).not.toThrow();
  });

  test('cannot be told of a group that is only known by its id', () => {
    const { network, stack } = ground(Tier.DEVELOPMENT);
    const made = new PlainDatabase(stack, 'Database', { vpc: network.vpc });
    const group = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
    ConnectTarget.wire(consumerOf(group), made);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: group.securityGroupId,
      FromPort: 5432,
      ToPort: 5432,
    });
  });
});
