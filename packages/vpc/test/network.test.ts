import { Environment, Tier } from '@groundplan/core';
import { InternetAccess, RouteTarget, TemplateGraph } from '@groundplan/graph';
import { internetAccessByTier, subnetsIn } from '@groundplan/testing';
import { App, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Egress, EndpointSet, Network } from '../src';
import { TIERS, environmentOf, networkIn } from './environments';

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
    new Network(stack, 'Network', { zones: 2 });
    for (const zone of [0, 1])
      Template.fromStack(stack).resourcePropertiesCountIs(
        'AWS::EC2::Subnet',
        { AvailabilityZone: { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] } },
        3,
      );
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

  test('dual stack: private subnets reach out over IPv6 and are not reached', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT, { dualStack: true });
    const graph = TemplateGraph.of(stack);
    expect(new Set(subnetsIn(graph).map(({ ipv6 }) => ipv6)).size).toBe(6);
    for (const { ipv6 } of subnetsIn(graph)) expect(ipv6).toContain('64 bits');
    for (const targets of targetsOf(graph, 'Private')) expect(targets).toContain(RouteTarget.EGRESS_ONLY_GATEWAY);
    expect(internetAccessByTier(graph)).toEqual({ Public: BOTH, Private: OUTBOUND, Isolated: NONE });
  });

  test('the default security group is closed when asked, at the price of one Lambda function', () => {
    const template = Template.fromStack(networkIn(Tier.PRODUCTION, { closeDefaultSecurityGroup: true }).stack);
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
    template.resourceCountIs('AWS::Lambda::Function', 1);
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
