import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { subnetsIn } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { NetworkAcls, NetworkProps } from '../src';
import { networkIn } from './environments';

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
