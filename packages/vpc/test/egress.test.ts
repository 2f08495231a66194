import { Tier } from '@groundplan/core';
import { InternetAccess, TemplateGraph } from '@groundplan/graph';
import { internetAccessByTier } from '@groundplan/testing';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Egress } from '../src';
import { networkIn } from './environments';

const { OUTBOUND } = InternetAccess;

describe('egress', () => {
  test('instance: open to the network only, with encrypted disk and tokens for its metadata', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.instance() });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::Instance', {
      InstanceType: 't4g.nano',
      SourceDestCheck: false,
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Monitoring: true,
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', DeleteOnTermination: true } },
      ],
      NetworkInterfaces: [{ AssociatePublicIpAddress: true }],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: ['tcp', 'udp', 'icmp'].map((IpProtocol) => ({
        CidrIp: network.cidr,
        IpProtocol,
        Description: 'The network',
      })),
    });
    const graph = TemplateGraph.of(stack);
    expect(internetAccessByTier(graph)).toMatchObject({ Private: OUTBOUND });
    expect(graph.pathsFromInternetTo(graph.resourcesOfType('AWS::EC2::Instance')[0])).toEqual([]);
  });

  test('instance: of the type that is asked for, and one for all zones', () => {
    const egress = Egress.instance({ instanceType: new InstanceType('c7gn.medium') });
    const template = Template.fromStack(networkIn(Tier.PRODUCTION, { egress }).stack);
    template.resourceCountIs('AWS::EC2::Instance', 1);
    template.hasResourceProperties('AWS::EC2::Instance', { InstanceType: 'c7gn.medium' });
  });

  test.each<[string, Egress, boolean]>([
    ['none', Egress.none(), false],
    ['endpoints only', Egress.endpointsOnly(), false],
    ['single NAT gateway', Egress.single(), true],
    ['one NAT gateway per zone', Egress.perAz(), true],
    ['regional NAT gateway', Egress.regional(), true],
    ['NAT instance', Egress.instance(), true],
  ])('%s: the private tier reaches the internet or does not', (description, egress, reaches) => {
    expect([egress.description, egress.reachesInternet]).toEqual([description, reaches]);
    const graph = TemplateGraph.of(networkIn(Tier.DEVELOPMENT, { egress }).stack);
    expect(internetAccessByTier(graph).Private).toBe(reaches ? OUTBOUND : InternetAccess.NONE);
  });

  test('regional: CDK has nothing to warn of', () => {
    const { stack } = networkIn(Tier.PRODUCTION, { egress: Egress.regional() });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('a NAT gateway stands in a public subnet, also when there is another public tier', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, {
      additionalTiers: [{ name: 'AnotherPublic', subnetType: SubnetType.PUBLIC }],
    });
    const [first] = network.vpc.selectSubnets(network.subnets('Public')).subnets;
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::NatGateway', {
      SubnetId: stack.resolve(first.subnetId),
    });
  });
});
