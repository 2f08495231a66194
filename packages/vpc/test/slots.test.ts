import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { subnetsIn } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { NetworkProps } from '../src';
import { networkIn } from './environments';

/** `Cache 10.0.12.0/24`, in the order in which the subnets are made. */
function places(props: NetworkProps): string[] {
  const graph = TemplateGraph.of(networkIn(Tier.DEVELOPMENT, props).stack);
  return subnetsIn(graph).map(({ tier, cidr }) => `${tier} ${cidr}`);
}

describe('every subnet has the address of its slot', () => {
  const additionalTiers = [{ name: 'Cache', subnetType: SubnetType.PRIVATE_ISOLATED }];

  test('a tier begins where the zones of the one before it would end', () => {
    expect(places({ cidr: '172.16.32.0/20', zoneSlots: 3, subnetMask: 26, additionalTiers })).toEqual([
      'Public 172.16.32.0/26',
      'Public 172.16.32.64/26',
      'Private 172.16.32.192/26',
      'Private 172.16.33.0/26',
      'Isolated 172.16.33.128/26',
      'Isolated 172.16.33.192/26',
      'Cache 172.16.34.64/26',
      'Cache 172.16.34.128/26',
    ]);
  });

  test('another zone takes the next slot of each tier and moves nobody', () => {
    const [two, three] = [2, 3].map((zones) => places({ zones, additionalTiers }));
    expect(three.filter((place) => !two.includes(place))).toEqual([
      'Public 10.0.2.0/24',
      'Private 10.0.6.0/24',
      'Isolated 10.0.10.0/24',
      'Cache 10.0.14.0/24',
    ]);
    expect(three).toEqual(expect.arrayContaining(two));
  });

  test('in dual stack it is the same slot of the IPv6 block, asked for in full', () => {
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { dualStack: true, additionalTiers }).stack);
    const blocks = Object.values(template.findResources('AWS::EC2::Subnet')).map(
      ({ Properties: { Ipv6CidrBlock } }) => Ipv6CidrBlock['Fn::Select'],
    );
    expect(blocks.map(([slot]) => slot)).toEqual([0, 1, 4, 5, 8, 9, 12, 13]);
    for (const [, block] of blocks)
      expect(block['Fn::Cidr']).toEqual([{ 'Fn::Select': [0, expect.objectContaining({})] }, 256, '64']);
  });

  test('nothing in a public subnet gets an address unasked, of either family', () => {
    const assigned = (props: NetworkProps) =>
      Object.values(
        Template.fromStack(networkIn(Tier.DEVELOPMENT, { zones: 1, ...props }).stack).findResources('AWS::EC2::Subnet'),
      ).map(({ Properties: { AssignIpv6AddressOnCreation: ipv6, MapPublicIpOnLaunch: ipv4 } }) => [ipv4, ipv6]);
    expect(assigned({ dualStack: true })).toEqual([
      [false, false],
      [false, true],
      [false, true],
    ]);
    expect(assigned({})).toEqual([
      [false, undefined],
      [false, undefined],
      [false, undefined],
    ]);
  });
});
