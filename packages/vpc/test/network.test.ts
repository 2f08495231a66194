import { join } from 'node:path';
import { Environment, Tier } from '@groundplan/core';
import { InternetAccess, RouteTarget, TemplateGraph } from '@groundplan/graph';
import {
  contractOf,
  everyPack,
  expectClean,
  expectContract,
  expectDefaults,
  flagMatrix,
  internetAccessByTier,
  subnetsIn,
} from '@groundplan/testing';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Egress, EndpointSet, FlowLogs, Network, NetworkAcls, NetworkProps } from '../src';
import { DEFAULTS } from '../src/private/defaults';
import { TIERS, environmentOf, networkIn, stackIn } from './environments';

const GOLDEN = join(__dirname, 'contract.json');
const { BOTH, OUTBOUND, NONE } = InternetAccess;

/** Where the routes of each subnet of a tier lead, in the order of the zones. */
function targetsOf(graph: TemplateGraph, tier: string): RouteTarget[][] {
  return subnetsIn(graph, tier).map(({ resource }) => graph.routesOf(resource).map(({ targetKind }) => targetKind));
}

/** Where the NAT gateway stands that each private subnet goes through: `eu-central-1b through Public eu-central-1a`. */
function gatewaysOf(graph: TemplateGraph): string[] {
  const places = new Map(subnetsIn(graph).map(({ resource, tier, zone }) => [resource.path, `${tier} ${zone}`]));
  return subnetsIn(graph, 'Private').flatMap(({ resource, zone }) =>
    graph
      .routesOf(resource)
      .filter(({ targetKind }) => targetKind === RouteTarget.NAT_GATEWAY)
      .flatMap(({ target }) => graph.referencesFrom(graph.at(target)))
      .filter(({ property }) => property === 'SubnetId')
      .map(({ target }) => `${zone} through ${places.get(target)}`),
  );
}

/** Every way in which a network can be had, each with what is special about it. */
const SHAPES: [string, NetworkProps][] = [
  ['as it is', {}],
  ['with no egress', { egress: Egress.none() }],
  ['with endpoints only', { egress: Egress.endpointsOnly(EndpointSet.FARGATE, EndpointSet.SSM, EndpointSet.DATA) }],
  ['with one NAT gateway per zone', { egress: Egress.perAz() }],
  ['with a regional NAT gateway', { egress: Egress.regional() }],
  ['with a NAT instance', { egress: Egress.instance() }],
  ['in dual stack', { dualStack: true }],
  ['with flow logs in S3', { flowLogs: FlowLogs.toS3() }],
  ['with flow logs in both', { flowLogs: FlowLogs.toBoth() }],
  ['with another tier', { additionalTiers: [{ name: 'Cache', subnetType: SubnetType.PRIVATE_ISOLATED }] }],
  ['behind network ACLs', { networkAcls: NetworkAcls.BY_TIER }],
  ['in dual stack behind network ACLs', { networkAcls: NetworkAcls.BY_TIER, dualStack: true }],
];

describe('defaults', () => {
  test('three tiers at /24 in two zones, one NAT gateway in development (BB-073, BB-098, BB-099, CA-120, RU-082)', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT);
    expect(subnetsIn(TemplateGraph.of(stack)).map(({ tier, cidr }) => `${tier} ${cidr}`)).toEqual([
      'Public 10.0.0.0/24',
      'Public 10.0.1.0/24',
      'Private 10.0.4.0/24',
      'Private 10.0.5.0/24',
      'Isolated 10.0.8.0/24',
      'Isolated 10.0.9.0/24',
    ]);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::NatGateway', 1);
  });

  test('three zones with a NAT gateway each in production (C7, C8, CA-122)', () => {
    const template = Template.fromStack(networkIn(Tier.PRODUCTION).stack);
    template.resourceCountIs('AWS::EC2::Subnet', 9);
    template.resourceCountIs('AWS::EC2::NatGateway', 3);
  });

  test('10.0.0.0/16 with DNS names and DNS support (BB-074, BB-097)', () => {
    Template.fromStack(networkIn(Tier.DEVELOPMENT).stack).hasResourceProperties('AWS::EC2::VPC', {
      CidrBlock: '10.0.0.0/16',
      EnableDnsHostnames: true,
      EnableDnsSupport: true,
    });
  });

  test.each(TIERS)(
    'public reaches and is reached, private reaches out, isolated does neither, in %s (IP-006, IP-008, BB-024, BB-105)',
    (tier) => {
      const graph = TemplateGraph.of(networkIn(tier).stack);
      expect(internetAccessByTier(graph)).toEqual({ Public: BOTH, Private: OUTBOUND, Isolated: NONE });
    },
  );

  test.each(TIERS)('every tier of subnets spans at least two zones in %s (IP-010, property 5)', (tier) => {
    const graph = TemplateGraph.of(networkIn(tier).stack);
    for (const name of ['Public', 'Private', 'Isolated'])
      expect(new Set(subnetsIn(graph, name).map(({ zone }) => zone)).size).toBeGreaterThanOrEqual(2);
  });

  test('no subnet hands out public addresses', () => {
    const subnets = Object.values(
      Template.fromStack(networkIn(Tier.PRODUCTION).stack).findResources('AWS::EC2::Subnet'),
    );
    expect(subnets.map(({ Properties }) => Properties.MapPublicIpOnLaunch)).toEqual(Array(9).fill(false));
  });

  test.each<[Tier, number]>([
    [Tier.SANDBOX, 30],
    [Tier.DEVELOPMENT, 30],
    [Tier.STAGING, 60],
    [Tier.PRODUCTION, 90],
  ])('all traffic is recorded to CloudWatch, in %s for %d days (IP-009, C27)', (tier, days) => {
    const template = Template.fromStack(networkIn(tier).stack);
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: days });
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
    });
  });

  test('flow logs outlive the network in production only (C16)', () => {
    for (const tier of TIERS)
      Template.fromStack(networkIn(tier).stack).hasResource('AWS::Logs::LogGroup', {
        DeletionPolicy: tier === Tier.PRODUCTION ? 'Retain' : 'Delete',
      });
  });

  test('only flow logs of this account may write', () => {
    const roles = Template.fromStack(networkIn(Tier.PRODUCTION).stack).findResources('AWS::IAM::Role');
    expect(Object.values(roles)).toHaveLength(1);
    expect(Object.values(roles)[0].Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      },
    ]);
  });

  test('S3 and DynamoDB are reached by gateways from every public and private subnet', () => {
    const graph = TemplateGraph.of(networkIn(Tier.PRODUCTION).stack);
    const services = (tier: string) =>
      subnetsIn(graph, tier).map(({ resource }) =>
        graph
          .routesOf(resource)
          .filter(({ targetKind }) => targetKind === RouteTarget.GATEWAY_ENDPOINT)
          .map(({ destination }) => destination)
          .sort(),
      );
    expect(services('Public')).toEqual(Array(3).fill(['dynamodb', 's3']));
    expect(services('Private')).toEqual(Array(3).fill(['dynamodb', 's3']));
    expect(services('Isolated')).toEqual(Array(3).fill([]));
  });

  test('no custom resource and no Lambda function', () => {
    const types = Object.values(Template.fromStack(networkIn(Tier.PRODUCTION).stack).toJSON().Resources).map(
      (resource) => (resource as { Type: string }).Type,
    );
    expect(types.filter((type) => /^Custom::|CustomResource|Lambda/.test(type))).toEqual([]);
  });

  test('a construct without an environment is a production network', () => {
    const stack = new Stack();
    new Network(stack, 'Network');
    Template.fromStack(stack).resourceCountIs('AWS::EC2::NatGateway', 3);
  });

  test('without named zones the account is asked at deployment, never at synthesis', () => {
    const stack = new Stack();
    new Network(stack, 'Network', { zones: 1 });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::Subnet', {
      AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
    });
  });

  test.each(TIERS)('synthesis needs no credentials and no look-up in %s, also with account and region', (tier) => {
    const app = new App();
    const stack = new Stack(app, 'Network', { env: Environment.define(app, environmentOf(tier)).target });
    new Network(stack, 'Network');
    const { manifest } = app.synth();
    expect(manifest.missing).toBeUndefined();
    expect(stack.environment).toBe('aws://111111111111/eu-central-1');
  });
});

describe('props', () => {
  test('the block comes from the environment plan (IP-007, RU-084)', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { cidr: '10.64.32.0/19' });
    expect(network.cidr).toBe('10.64.32.0/19');
    expect(subnetsIn(TemplateGraph.of(stack), 'Isolated')[0].cidr).toBe('10.64.40.0/24');
  });

  test('egress none: the private tier reaches nothing but S3 and DynamoDB', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    const graph = TemplateGraph.of(stack);
    expect(internetAccessByTier(graph)).toMatchObject({ Private: NONE });
    for (const targets of targetsOf(graph, 'Private'))
      expect(targets).toEqual([RouteTarget.GATEWAY_ENDPOINT, RouteTarget.GATEWAY_ENDPOINT]);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::NatGateway', 0);
  });

  test('endpoints only: no NAT, AWS services through private DNS (RU-083)', () => {
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { egress: Egress.endpointsOnly() }).stack);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourcePropertiesCountIs(
      'AWS::EC2::VPCEndpoint',
      { VpcEndpointType: 'Interface', PrivateDnsEnabled: true },
      5,
    );
  });

  test('single: both zones go through the gateway in the first (CA-104)', () => {
    const graph = TemplateGraph.of(networkIn(Tier.DEVELOPMENT, { egress: Egress.single() }).stack);
    expect(graph.resourcesOfType('AWS::EC2::NatGateway')).toHaveLength(1);
    expect(gatewaysOf(graph)).toEqual([
      'eu-central-1a through Public eu-central-1a',
      'eu-central-1b through Public eu-central-1a',
    ]);
  });

  test('per zone: every zone goes through its own gateway', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT, { egress: Egress.perAz(), zones: 3 });
    expect(gatewaysOf(TemplateGraph.of(stack))).toEqual(
      ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'].map((zone) => `${zone} through Public ${zone}`),
    );
  });

  test('regional: one gateway that stands in no subnet', () => {
    const template = Template.fromStack(networkIn(Tier.PRODUCTION, { egress: Egress.regional() }).stack);
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    const [gateway] = Object.values(template.findResources('AWS::EC2::NatGateway'));
    expect(gateway.Properties).toMatchObject({ AvailabilityMode: 'regional', ConnectivityType: 'public' });
    expect(gateway.Properties).not.toHaveProperty('SubnetId');
  });

  test('instance: open to the network only, with encrypted disk and tokens for its metadata', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.instance() });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::Instance', {
      InstanceType: 't4g.nano',
      SourceDestCheck: false,
      MetadataOptions: { HttpTokens: 'required' },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
      NetworkInterfaces: [{ AssociatePublicIpAddress: true }],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: ['tcp', 'udp', 'icmp'].map((IpProtocol) => ({ CidrIp: network.cidr, IpProtocol })),
    });
    const graph = TemplateGraph.of(stack);
    expect(internetAccessByTier(graph)).toMatchObject({ Private: OUTBOUND });
    expect(graph.pathsFromInternetTo(graph.resourcesOfType('AWS::EC2::Instance')[0])).toEqual([]);
  });

  test('dual stack: private subnets reach out over IPv6 and are not reached', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT, { dualStack: true });
    const graph = TemplateGraph.of(stack);
    expect(new Set(subnetsIn(graph).map(({ ipv6 }) => ipv6)).size).toBe(6);
    for (const { ipv6 } of subnetsIn(graph)) expect(ipv6).toContain('64 bits');
    for (const targets of targetsOf(graph, 'Private')) expect(targets).toContain(RouteTarget.EGRESS_ONLY_GATEWAY);
    expect(internetAccessByTier(graph)).toEqual({ Public: BOTH, Private: OUTBOUND, Isolated: NONE });
  });

  test.each<[Tier, number]>([
    [Tier.SANDBOX, 1],
    [Tier.DEVELOPMENT, 1],
    [Tier.STAGING, 2],
    [Tier.PRODUCTION, 3],
  ])('an interface endpoint in %s has an address in %d zones', (tier, zones) => {
    const template = Template.fromStack(
      networkIn(tier, { endpoints: [EndpointSet.of('one', EndpointSet.MESSAGING.services.slice(0, 1))] }).stack,
    );
    const endpoints = Object.values(
      template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } }),
    );
    expect(endpoints.map(({ Properties }) => Properties.SubnetIds.length)).toEqual([zones]);
  });

  test('endpointZones beats the tier', () => {
    const { network } = networkIn(Tier.PRODUCTION, { endpoints: [EndpointSet.SSM], endpointZones: 2 });
    for (const endpoint of Object.values(
      Template.fromStack(Stack.of(network)).findResources('AWS::EC2::VPCEndpoint', {
        Properties: { VpcEndpointType: 'Interface' },
      }),
    ))
      expect(endpoint.Properties.SubnetIds).toHaveLength(2);
  });

  test('a service that is in several sets is made once', () => {
    const { network } = networkIn(Tier.DEVELOPMENT, {
      endpoints: [EndpointSet.FARGATE, EndpointSet.SSM, EndpointSet.OBSERVABILITY],
    });
    expect(network.interfaceEndpoints).toHaveLength(9);
  });

  test('interface endpoints answer HTTPS of the network and call nobody', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { endpoints: [EndpointSet.SSM] });
    const rules = TemplateGraph.of(stack).rulesOf(network.endpointSecurityGroup!);
    expect(rules).toMatchObject([{ direction: 'in', ports: '443/tcp', peer: '10.0.0.0/16', unknowns: [] }]);
  });

  test('flow logs in S3 are Parquet in hourly partitions, in a private bucket that stays', () => {
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { flowLogs: FlowLogs.toS3() }).stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      LogDestinationType: 's3',
      // As CloudFormation's schema spells them, not as CDK does.
      DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: true, PerHourPartition: true },
    });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
    // Encrypted with AWS's own key (IP-017); with one of yours below.
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  test('flow logs may go to both, to a bucket and a key of yours, for as long as you say', () => {
    const stack = stackIn(Tier.DEVELOPMENT);
    const bucket = Bucket.fromBucketName(stack, 'Archive', 'log-archive');
    const encryptionKey = Key.fromKeyArn(stack, 'Key', stack.formatArn({ service: 'kms', resource: 'key/1' }));
    const network = new Network(stack, 'Network', {
      flowLogs: FlowLogs.toBoth({ retention: RetentionDays.ONE_YEAR, encryptionKey }, { bucket }),
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::FlowLog', 2);
    template.resourceCountIs('AWS::S3::Bucket', 0);
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    expect(network.flowLogBucket).toBe(bucket);
  });

  test('a bucket for flow logs is encrypted with the key that is given', () => {
    const stack = stackIn(Tier.DEVELOPMENT);
    const encryptionKey = new Key(stack, 'Key');
    new Network(stack, 'Network', { flowLogs: FlowLogs.toS3({ encryptionKey }) });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
  });

  test('how long flow logs stay, and whether they outlive the network, beats the tier', () => {
    const flowLogs = FlowLogs.toBoth({ removalPolicy: RemovalPolicy.RETAIN }, { expiration: Duration.days(400) });
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { flowLogs }).stack);
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 400 }] },
    });
  });

  test('no flow logs when they are refused', () => {
    Template.fromStack(networkIn(Tier.SANDBOX, { flowLogs: FlowLogs.none() }).stack).resourceCountIs(
      'AWS::EC2::FlowLog',
      0,
    );
  });

  test('the default security group is closed when asked, at the price of one Lambda function', () => {
    const template = Template.fromStack(networkIn(Tier.PRODUCTION, { closeDefaultSecurityGroup: true }).stack);
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
    template.resourceCountIs('AWS::Lambda::Function', 1);
  });
});

describe('network ACLs (BB-064)', () => {
  const byTier: NetworkProps = { networkAcls: NetworkAcls.BY_TIER };
  let graph: TemplateGraph;
  let dualStack: TemplateGraph;
  beforeAll(() => {
    [graph, dualStack] = [byTier, { ...byTier, dualStack: true }].map((props) =>
      TemplateGraph.of(networkIn(Tier.DEVELOPMENT, props).stack),
    );
  });
  const admits = (network: TemplateGraph, tier: string, port: number, address: string, direction = 'in') =>
    subnetsIn(network, tier).map(({ resource }) =>
      network.networkAclAdmits(resource, { direction, protocol: 'tcp', port, address }),
    );

  describe.each<[string, number, boolean]>([
    ['Public', 443, true],
    ['Public', 80, true],
    ['Public', 22, false],
    ['Public', 3389, false],
    ['Public', 50000, true],
    ['Private', 443, false],
    ['Private', 22, false],
    ['Private', 3389, false],
    ['Private', 50000, true],
    ['Isolated', 443, false],
    ['Isolated', 5432, false],
    ['Isolated', 50000, false],
  ])('from the internet to %s, port %d passes: %s', (tier, port, expected) => {
    test('over IPv4', () => {
      expect(admits(graph, tier, port, '203.0.113.9')).toEqual([expected, expected]);
    });

    test('in dual stack, over IPv4 and IPv6', () => {
      for (const address of ['203.0.113.9', '2001:db8::9'])
        expect(admits(dualStack, tier, port, address)).toEqual([expected, expected]);
    });
  });

  test.each(['Public', 'Private', 'Isolated'])('from within the network to %s, everything passes', (tier) => {
    for (const network of [graph, dualStack]) expect(admits(network, tier, 5432, '10.0.4.7')).toEqual([true, true]);
    const ipv6 = { direction: 'in', action: 'allow', cidr: expect.stringContaining('Ipv6CidrBlocks'), ports: 'all' };
    for (const { resource } of subnetsIn(dualStack, tier))
      expect(dualStack.networkAclOf(resource)).toContainEqual(expect.objectContaining(ipv6));
  });

  test('what an isolated subnet sends stays in the network', () => {
    for (const network of [graph, dualStack]) {
      expect(admits(network, 'Isolated', 5432, '10.0.4.7', 'out')).toEqual([true, true]);
      expect(admits(network, 'Isolated', 443, '203.0.113.9', 'out')).toEqual([false, false]);
    }
    expect(admits(dualStack, 'Isolated', 443, '2001:db8::9', 'out')).toEqual([false, false]);
  });

  test('none are made by default: security groups decide alone', () => {
    Template.fromStack(networkIn(Tier.PRODUCTION).stack).resourceCountIs('AWS::EC2::NetworkAcl', 0);
  });

  test('own entries go in between', () => {
    const { network } = networkIn(Tier.DEVELOPMENT, byTier);
    expect(network.aclOf('Public').node.id).toBe('PublicAcl');
    expect(() => network.aclOf('Cache')).toThrow(
      'tier must be one with a network ACL (Public, Private, Isolated), got "Cache"; name one of them',
    );
    expect(() => networkIn(Tier.DEVELOPMENT).network.aclOf('Public')).toThrow('use networkAcls: NetworkAcls.BY_TIER');
  });
});

describe('what lies underneath is public', () => {
  test('the L2s can be reached and selected from', () => {
    const { network } = networkIn(Tier.DEVELOPMENT, { endpoints: [EndpointSet.SSM] });
    expect(network.vpc.selectSubnets(network.subnets('Isolated')).subnetIds).toHaveLength(2);
    expect(network.vpc.availabilityZones).toEqual(['eu-central-1a', 'eu-central-1b']);
    expect(network.s3Endpoint.vpcEndpointId).toBeDefined();
    expect(network.dynamoDbEndpoint.vpcEndpointId).toBeDefined();
    expect(network.interfaceEndpoints).toHaveLength(3);
    expect(network.endpointSecurityGroup).toBeDefined();
    expect(network.flowLogGroup).toBeDefined();
    expect(network.egress.description).toBe('single NAT gateway');
  });
});

describe('contract', () => {
  test.each(TIERS)(
    'logical ids, deletion policies and create-only values in %s are those that are deployed',
    (tier) => {
      expectContract(contractOf(networkIn(tier).stack), GOLDEN, tier);
    },
  );

  test('defaults are those that consumers rely on', () => {
    expectDefaults(DEFAULTS, GOLDEN);
  });
});

describe('rules', () => {
  describe.each(flagMatrix)('with $name', ({ context }) => {
    test.each(SHAPES)(
      'AWS Solutions, NIST 800-53 R5, PCI DSS, HIPAA, Serverless and CloudFormation find nothing open in a network %s',
      (_, props) => {
        expectClean(networkIn(Tier.PRODUCTION, props, context).stack, { packs: everyPack() });
      },
    );
  });

  test.each(SHAPES)('CDK warns of nothing in a network %s', (_, props) => {
    const { stack } = networkIn(Tier.PRODUCTION, props);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('what is acknowledged has a reason, and is this', () => {
    const { acknowledged } = expectClean(networkIn(Tier.PRODUCTION).stack, { packs: everyPack() });
    const rules = ['CloudWatchLogGroupEncrypted', 'VPCDefaultSecurityGroupClosed', 'VPCNoUnrestrictedRouteToIGW'];
    expect(
      new Set(acknowledged.filter(({ source }) => source !== 'CloudFormation Validate').map(({ rule }) => rule)),
    ).toEqual(
      new Set(
        ['NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security'].flatMap((pack) => rules.map((rule) => `${pack}-${rule}`)),
      ),
    );
  });

  test('a network without flow logs is found', () => {
    expect(() => expectClean(networkIn(Tier.PRODUCTION, { flowLogs: FlowLogs.none() }).stack)).toThrow('VPC7');
  });
});

describe('services that could never start', () => {
  const service = (stack: Stack, network: Network) =>
    new CfnService(stack, 'Api', {
      networkConfiguration: {
        awsvpcConfiguration: { subnets: network.vpc.selectSubnets(network.subnets('Private')).subnetIds },
      },
    });

  test('a service in a network without egress and without endpoints is an error that names it and the way out', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    service(stack, network);
    expect(() => App.of(stack)!.synth()).toThrow(
      /Service "Network\/Api" could not start.*ecr\.api, ecr\.dkr, logs, secretsmanager, ssm; use Egress\.endpointsOnly/,
    );
  });

  test('also from another stack', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    service(
      new Stack(stack.node.scope!, 'Services', { env: { account: stack.account, region: stack.region } }),
      network,
    );
    expect(() => App.of(stack)!.synth()).toThrow('Service "Services/Api" could not start');
  });

  test('and is none in a network of the same names in another stack of the app', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    const other = new Stack(stack.node.scope!, 'Other', { env: { account: stack.account, region: stack.region } });
    service(other, new Network(other, 'Network', { cidr: '10.1.0.0/16' }));
    expect(() => App.of(stack)!.synth()).not.toThrow();
  });

  test('and is none with the endpoints of Fargate, or elsewhere', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.endpointsOnly(EndpointSet.FARGATE) });
    service(stack, network);
    expect(() => App.of(stack)!.synth()).not.toThrow();
    const none = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    new CfnService(none.stack, 'Api', { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } });
    expect(() => App.of(none.stack)!.synth()).not.toThrow();
  });
});
