import { CfnParameter, Stack } from 'aws-cdk-lib';
import { IVpc, InstanceType, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { Domain, EngineVersion } from 'aws-cdk-lib/aws-opensearchservice';
import { DatabaseInstance, DatabaseInstanceEngine, DatabaseProxy, ProxyTarget } from 'aws-cdk-lib/aws-rds';
import { Checked, acknowledge, said } from '../checked';

const RULE = 'DatabaseIsolation';

function database(stack: Stack, vpc: IVpc, props: { subnetType?: SubnetType; publiclyAccessible?: boolean } = {}) {
  const { subnetType = SubnetType.PRIVATE_ISOLATED, publiclyAccessible } = props;
  const vpcSubnets = { subnetType };
  return new DatabaseInstance(stack, 'Db', {
    engine: DatabaseInstanceEngine.POSTGRES,
    instanceType: new InstanceType('t4g.micro'),
    vpc,
    vpcSubnets,
    publiclyAccessible,
  });
}

function network(stack: Stack): Vpc {
  const subnetConfiguration = [
    { name: 'Public', subnetType: SubnetType.PUBLIC },
    { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
  ];
  return new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, subnetConfiguration });
}

test('a database in isolated subnets that answers one security group is isolated', () => {
  const messages = said(RULE, (stack) => {
    const vpc = network(stack);
    const service = new SecurityGroup(stack, 'Service', { vpc });
    database(stack, vpc).connections.allowDefaultPortFrom(service);
  });
  expect(messages).toEqual([]);
});

test('one in subnets with a way out is not, and the subnets are named', () => {
  const messages = said(RULE, (stack) =>
    database(stack, network(stack), { subnetType: SubnetType.PRIVATE_WITH_EGRESS }),
  );
  expect(messages).toEqual([
    'Shop/Db/Resource (AWS::RDS::DBInstance) stands in subnets with a route to the internet: Shop/Vpc/PrivateSubnet1/Subnet (outbound), Shop/Vpc/PrivateSubnet2/Subnet (outbound).',
  ]);
});

test('one that answers an address block is not, even when it is private', () => {
  const messages = said(RULE, (stack) =>
    database(stack, network(stack)).connections.allowFrom(Peer.ipv4('10.0.0.0/8'), Port.tcp(5432)),
  );
  expect(messages).toEqual([
    'Shop/Db/Resource (AWS::RDS::DBInstance) answers everybody in 10.0.0.0/8 on 5432/tcp, by Shop/Db/SecurityGroup/Resource.',
  ]);
});

test('one that answers a block which is known at deployment is not either', () => {
  const messages = said(RULE, (stack) => {
    const office = Peer.ipv4(new CfnParameter(stack, 'Office').valueAsString);
    database(stack, network(stack)).connections.allowFrom(office, Port.tcp(5432));
  });
  expect(messages).toEqual([expect.stringMatching(/answers everybody in .*Office.* on 5432\/tcp/)]);
});

test('one with a public address is not, and a way from the internet is named as one', () => {
  const messages = said(RULE, (stack) => {
    const db = database(stack, network(stack), { subnetType: SubnetType.PUBLIC, publiclyAccessible: true });
    db.connections.allowFromAnyIpv4(Port.tcp(5432));
  });
  expect(messages).toEqual([
    'Shop/Db/Resource (AWS::RDS::DBInstance) asks for a public address.',
    expect.stringContaining('stands in subnets with a route to the internet: Shop/Vpc/PublicSubnet1/Subnet (both)'),
    expect.stringContaining('answers the internet (0.0.0.0/0) on 5432/tcp'),
    expect.stringContaining('answers everybody in 0.0.0.0/0 on 5432/tcp'),
  ]);
});

test('caches, proxies and search are held to it as well', () => {
  const messages = said(RULE, (stack) => {
    const vpc = network(stack);
    const db = database(stack, vpc);
    new DatabaseProxy(stack, 'Proxy', {
      proxyTarget: ProxyTarget.fromInstance(db),
      secrets: [db.secret!],
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    });
    const subnetIds = vpc.privateSubnets.map(({ subnetId }) => subnetId);
    const subnets = new CfnSubnetGroup(stack, 'Subnets', { description: 'cache', subnetIds });
    new CfnReplicationGroup(stack, 'Cache', {
      replicationGroupDescription: 'cache',
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [new SecurityGroup(stack, 'CacheGroup', { vpc }).securityGroupId],
    });
    new Domain(stack, 'Search', { version: EngineVersion.OPENSEARCH_2_19 });
  });
  expect(messages).toEqual([
    expect.stringMatching(/^Shop\/Proxy\/Resource .* stands in subnets with a route to the internet/),
    expect.stringMatching(/^Shop\/Cache .* stands in subnets with a route to the internet/),
    expect.stringMatching(/^Shop\/Search\/Resource .* stands in no VPC: its endpoint is on the internet/),
  ]);
});

test('is acknowledged like every rule', () => {
  const checked = new Checked((stack) => {
    const db = database(stack, network(stack), { subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    acknowledge(db, 'groundplan::DatabaseIsolation');
  });
  expect(checked.said(RULE)).toEqual([]);
});
