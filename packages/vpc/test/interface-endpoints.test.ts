import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Egress, EndpointSet } from '../src';
import { networkIn } from './environments';

describe('interface endpoints', () => {
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
    expect(network.interfaceEndpoints.map(({ node }) => node.id)).toEqual([
      'EcrApiEndpoint',
      'EcrDkrEndpoint',
      'LogsEndpoint',
      'SecretsmanagerEndpoint',
      'SsmEndpoint',
      'SsmmessagesEndpoint',
      'Ec2messagesEndpoint',
      'MonitoringEndpoint',
      'XrayEndpoint',
    ]);
  });

  test('interface endpoints answer HTTPS of the network and call nobody', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { endpoints: [EndpointSet.SSM] });
    const rules = TemplateGraph.of(stack).rulesOf(network.endpointSecurityGroup!);
    expect(rules).toMatchObject([{ direction: 'in', ports: '443/tcp', peer: '10.0.0.0/16', unknowns: [] }]);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Interface endpoints: HTTPS from the network',
      SecurityGroupIngress: [{ Description: 'HTTPS from the network' }],
    });
  });

  test.each<[string, EndpointSet, string[]]>([
    ['a Fargate task', EndpointSet.FARGATE, ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'ssm']],
    ['a shell', EndpointSet.SSM, ['ssm', 'ssmmessages', 'ec2messages']],
    ['a database', EndpointSet.DATA, ['secretsmanager', 'kms', 'rds']],
    ['messages', EndpointSet.MESSAGING, ['sqs', 'sns', 'events']],
    ['observability', EndpointSet.OBSERVABILITY, ['logs', 'monitoring', 'xray']],
  ])('%s needs these services', (_, { services }, names) => {
    expect(services.map(({ shortName }) => shortName)).toEqual(names);
  });

  test('egress by endpoints only brings those of Fargate, or the sets that are named', () => {
    const ids = (egress: Egress) =>
      networkIn(Tier.DEVELOPMENT, { egress }).network.interfaceEndpoints.map(({ node }) => node.id);
    expect(ids(Egress.endpointsOnly())).toHaveLength(5);
    expect(ids(Egress.endpointsOnly(EndpointSet.DATA))).toEqual([
      'SecretsmanagerEndpoint',
      'KmsEndpoint',
      'RdsEndpoint',
    ]);
  });

  test('they stand in private subnets, and without any there is no security group', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { endpoints: [EndpointSet.SSM], endpointZones: 2 });
    const subnetIds = network.vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId));
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { SubnetIds: subnetIds }, 3);
    const { network: without } = networkIn(Tier.DEVELOPMENT);
    expect([without.interfaceEndpoints, without.endpointSecurityGroup]).toEqual([[], undefined]);
  });
});
