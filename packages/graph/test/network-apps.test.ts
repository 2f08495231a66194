import {
  Stack,
  aws_ec2 as ec2,
  aws_efs as efs,
  aws_elasticache as elasticache,
  aws_lambda as lambda,
  aws_rds as rds,
} from 'aws-cdk-lib';
import { InternetAccess } from '../src';
import { chainsTo, graphOfApp, linesTo } from './apps';

const machine = {
  instanceType: new ec2.InstanceType('t3.micro'),
  machineImage: ec2.MachineImage.latestAmazonLinux2023(),
};

function instance(
  stack: Stack,
  id: string,
  vpc: ec2.IVpc,
  subnetType = ec2.SubnetType.PRIVATE_WITH_EGRESS,
): ec2.Instance {
  return new ec2.Instance(stack, id, { ...machine, vpc, vpcSubnets: { subnetType } });
}

function fn(stack: Stack, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({});'),
    ...props,
  });
}

describe('a raw ec2.Vpc with instances and databases', () => {
  const graph = graphOfApp((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      maxAzs: 2,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    const bastion = instance(stack, 'Bastion', vpc, ec2.SubnetType.PUBLIC);
    bastion.connections.allowFromAnyIpv4(ec2.Port.SSH);
    const worker = instance(stack, 'Worker', vpc);
    const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 });
    const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    const hidden = new rds.DatabaseInstance(stack, 'Hidden', { vpc, engine, vpcSubnets: isolated });
    hidden.connections.allowDefaultPortFrom(worker);
    hidden.connections.allowDefaultPortFrom(bastion);
    hidden.connections.allowDefaultPortFromAnyIpv4();
    const exposed = new rds.DatabaseInstance(stack, 'Exposed', {
      vpc,
      engine,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    });
    exposed.connections.allowFromAnyIpv4(ec2.Port.tcp(5432));
  });

  test('how far each tier reaches', () => {
    const access = (subnet: string) => graph.internetAccessOf(graph.at(`Stack/Vpc/${subnet}Subnet1`));
    expect(['Public', 'Private', 'Isolated'].map(access)).toEqual([
      InternetAccess.BOTH,
      InternetAccess.OUTBOUND,
      InternetAccess.NONE,
    ]);
  });
  test('what stands in a public subnet is reached on the ports that its group opens', () => {
    expect(linesTo(graph, 'Stack/Bastion')).toEqual(['internet (0.0.0.0/0) -> 22/tcp Stack/Bastion/Resource']);
    expect(linesTo(graph, 'Stack/Exposed')).toEqual(['internet (0.0.0.0/0) -> 5432/tcp Stack/Exposed/Resource']);
  });
  test('what stands in an isolated subnet is not, although its group admits everybody', () => {
    expect(linesTo(graph, 'Stack/Hidden')).toEqual([]);
    expect(linesTo(graph, 'Stack/Worker')).toEqual([]);
  });
  test('but through a bastion', () => {
    expect(chainsTo(graph, 'Stack/Hidden')).toEqual([
      'internet (0.0.0.0/0) -> 22/tcp Stack/Bastion/Resource -> 5432/tcp Stack/Hidden/Resource',
    ]);
  });
});

test('RDS proxy, cache and file system: who may ask what', () => {
  const graph = graphOfApp((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const db = new rds.DatabaseInstance(stack, 'Db', {
      vpc,
      engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_0 }),
    });
    const proxy = db.addProxy('Proxy', { vpc, secrets: db.secret ? [db.secret] : [] });
    const cacheGroup = new ec2.SecurityGroup(stack, 'CacheGroup', { vpc });
    const subnets = new elasticache.CfnSubnetGroup(stack, 'CacheSubnets', {
      description: 'cache',
      cacheSubnetGroupName: 'cache',
      subnetIds: vpc.privateSubnets.map(({ subnetId }) => subnetId),
    });
    new elasticache.CfnReplicationGroup(stack, 'Cache', {
      replicationGroupDescription: 'cache',
      cacheSubnetGroupName: subnets.cacheSubnetGroupName,
      securityGroupIds: [cacheGroup.securityGroupId],
    });
    const files = new efs.FileSystem(stack, 'Files', { vpc });
    const handler = fn(stack, { vpc });
    handler.connections.allowTo(proxy, ec2.Port.tcp(3306));
    handler.connections.allowTo(cacheGroup, ec2.Port.tcp(6379));
    files.connections.allowDefaultPortFrom(handler);
  });
  const between = (from: string, to: string) =>
    graph
      .openPorts(graph.at(`Stack/${from}`), graph.at(`Stack/${to}`))
      .map(({ ports, certainty }) => `${ports} ${certainty}`);
  expect(between('Fn/Resource', 'Db/Proxy')).toEqual(['3306/tcp certain']);
  expect(between('Fn/Resource', 'Db/Resource')).toEqual([]);
  expect(between('Db/Proxy', 'Db/Resource')).toEqual(['3306/tcp certain']);
  expect(between('Fn/Resource', 'Cache')).toEqual(['6379/tcp certain']);
  expect(between('Fn/Resource', 'Files')).toEqual(['2049/tcp certain']);
  expect(graph.whoReaches(graph.at('Stack/Db/Resource')).map(({ kind, source }) => `${kind} ${source}`)).toEqual([
    'forwarder Stack/Db/Proxy/Resource',
  ]);
});

describe('peered VPCs', () => {
  const peered = (routes: readonly ('there' | 'back')[]) =>
    graphOfApp((stack) => {
      const vpcs = ['A', 'B', 'C'].map(
        (id, index) =>
          new ec2.Vpc(stack, id, {
            ipAddresses: ec2.IpAddresses.cidr(`10.${index}.0.0/16`),
            maxAzs: 1,
            natGateways: 0,
          }),
      );
      const [a, b, c] = vpcs;
      const peering = new ec2.CfnVPCPeeringConnection(stack, 'Peering', { vpcId: a.vpcId, peerVpcId: b.vpcId });
      const lead = (id: string, from: ec2.Vpc, to: string) =>
        new ec2.CfnRoute(stack, id, {
          routeTableId: from.isolatedSubnets[0].routeTable.routeTableId,
          destinationCidrBlock: to,
          vpcPeeringConnectionId: peering.ref,
        });
      if (routes.includes('there')) lead('There', a, '10.1.0.0/16');
      if (routes.includes('back')) lead('Back', b, '10.0.0.0/16');
      lead('Wrong', a, '10.2.0.0/16');
      for (const [id, vpc] of Object.entries({ Ia: a, Ib: b, Ic: c })) {
        const made = instance(stack, id, vpc, ec2.SubnetType.PRIVATE_ISOLATED);
        made.connections.allowFrom(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(443));
      }
    });
  const open = (graph: ReturnType<typeof peered>, from: string, to: string) =>
    graph
      .openPorts(graph.at(`Stack/${from}`), graph.at(`Stack/${to}`))
      .map(({ ports, certainty }) => `${ports} ${certainty}`);

  test('are connected when both have a route to the other', () => {
    expect(open(peered(['there', 'back']), 'Ia', 'Ib')).toEqual(['443/tcp certain']);
    expect(open(peered(['there', 'back']), 'Ib', 'Ia')).toEqual(['443/tcp certain']);
  });
  test('are not when the answers have no route', () => {
    expect(open(peered(['there']), 'Ia', 'Ib')).toEqual([]);
    expect(open(peered(['back']), 'Ia', 'Ib')).toEqual([]);
  });
  test('do not lead on to a third one, whatever a route says', () => {
    expect(open(peered(['there', 'back']), 'Ia', 'Ic')).toEqual([]);
  });
});

test('a transit gateway: where it leads, no template of a VPC says', () => {
  const graph = graphOfApp((stack) => {
    const gateway = new ec2.CfnTransitGateway(stack, 'Gateway');
    for (const [index, id] of ['A', 'B'].entries()) {
      const vpc = new ec2.Vpc(stack, id, {
        ipAddresses: ec2.IpAddresses.cidr(`10.${index}.0.0/16`),
        maxAzs: 1,
        natGateways: 0,
      });
      const made = instance(stack, `I${id}`, vpc, ec2.SubnetType.PRIVATE_ISOLATED);
      made.connections.allowFrom(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(443));
      new ec2.CfnRoute(stack, `Route${id}`, {
        routeTableId: vpc.isolatedSubnets[0].routeTable.routeTableId,
        destinationCidrBlock: '10.0.0.0/8',
        transitGatewayId: gateway.ref,
      });
    }
  });
  expect(graph.openPorts(graph.at('Stack/IA'), graph.at('Stack/IB'))).toMatchObject([
    {
      ports: '443/tcp',
      certainty: 'unknown',
      unknowns: ['where the transit gateway Stack/Gateway leads is not in this assembly'],
    },
  ]);
});

test('dual stack: two addresses, two ways in', () => {
  const graph = graphOfApp((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, ipProtocol: ec2.IpProtocol.DUAL_STACK, natGateways: 1 });
    const server = new ec2.Instance(stack, 'Server', {
      ...machine,
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      // CDK's public subnets give no IPv4 address of their own when they are dual stack
      associatePublicIpAddress: true,
    });
    server.connections.allowFromAnyIpv4(ec2.Port.tcp(443));
    server.connections.allowFrom(ec2.Peer.anyIpv6(), ec2.Port.tcp(443));
    const hidden = instance(stack, 'Hidden', vpc);
    hidden.connections.allowFrom(ec2.Peer.anyIpv6(), ec2.Port.tcp(443));
  });
  expect(linesTo(graph, 'Stack/Server')).toEqual([
    'internet (0.0.0.0/0) -> 443/tcp Stack/Server/Resource',
    'internet (::/0) -> 443/tcp Stack/Server/Resource',
  ]);
  expect(linesTo(graph, 'Stack/Hidden')).toEqual([]);
});

describe('an imported VPC', () => {
  test('with subnets by id: whether the internet reaches them is known when it is deployed', () => {
    const graph = graphOfApp((stack) => {
      const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: ['eu-west-1a'],
        publicSubnetIds: ['subnet-1'],
        privateSubnetIds: ['subnet-2'],
      });
      const server = instance(stack, 'Server', vpc, ec2.SubnetType.PUBLIC);
      server.connections.allowFromAnyIpv4(ec2.Port.tcp(443));
      fn(stack, { vpc }).connections.allowTo(server, ec2.Port.tcp(8080));
    });
    const [path] = graph.pathsFromInternetTo(graph.at('Stack/Server'));
    expect(path.certainty).toBe('unknown');
    expect(path.unknowns).toContain('the subnet subnet-1 is not in this assembly');
    expect(graph.subnetsOf(graph.at('Stack/Server'))).toEqual([]);
    const open = graph.openPorts(graph.at('Stack/Fn/Resource'), graph.at('Stack/Server'));
    expect(open.map(({ ports, certainty }) => `${ports} ${certainty}`)).toEqual([
      '443/tcp unknown',
      '8080/tcp unknown',
    ]);
  });

  test('a construct that is imported stands in no template', () => {
    let imported!: ec2.IVpc;
    const graph = graphOfApp((stack) => {
      imported = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] });
      fn(stack);
    });
    expect(() => graph.resourceOf(imported)).toThrow(
      /No resource of this assembly stands at "Stack\/Vpc".*An imported resource stands in no template/,
    );
  });
});
