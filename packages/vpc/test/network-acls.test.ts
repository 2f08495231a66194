import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { subnetsIn } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { NetworkAcls, NetworkProps } from '../src';
import { networkIn } from './environments';

describe('network ACLs (BB-064)', () => {
  const byTier: NetworkProps = { networkAcls: NetworkAcls.BY_TIER };
  const graphOf = (props: NetworkProps) => TemplateGraph.of(networkIn(Tier.DEVELOPMENT, props).stack);
  // each is made once, by the first test that asks
  const made: { graph?: TemplateGraph; dualStack?: TemplateGraph } = {};
  const graph = () => (made.graph ??= graphOf(byTier));
  const dualStack = () => (made.dualStack ??= graphOf({ ...byTier, dualStack: true }));
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
      expect(admits(graph(), tier, port, '203.0.113.9')).toEqual([expected, expected]);
    });

    test('in dual stack, over IPv4 and IPv6', () => {
      for (const address of ['203.0.113.9', '2001:db8::9'])
        expect(admits(dualStack(), tier, port, address)).toEqual([expected, expected]);
    });
  });

  test.each(['Public', 'Private', 'Isolated'])('from within the network to %s, everything passes', (tier) => {
    for (const network of [graph(), dualStack()]) expect(admits(network, tier, 5432, '10.0.4.7')).toEqual([true, true]);
    const ipv6 = { direction: 'in', action: 'allow', cidr: expect.stringContaining('Ipv6CidrBlocks'), ports: 'all' };
    for (const { resource } of subnetsIn(dualStack(), tier))
      expect(dualStack().networkAclOf(resource)).toContainEqual(expect.objectContaining(ipv6));
  });

  test('what an isolated subnet sends stays in the network', () => {
    for (const network of [graph(), dualStack()]) {
      expect(admits(network, 'Isolated', 5432, '10.0.4.7', 'out')).toEqual([true, true]);
      expect(admits(network, 'Isolated', 443, '203.0.113.9', 'out')).toEqual([false, false]);
    }
    expect(admits(dualStack(), 'Isolated', 443, '2001:db8::9', 'out')).toEqual([false, false]);
  });

  const answers = ['1024-3388/tcp', '3390-65535/tcp', '1024-3388/udp', '3390-65535/udp'];
  test.each([
    ['Public', ['80/tcp', '443/tcp', ...answers], '0.0.0.0/0'],
    ['Private', answers, '0.0.0.0/0'],
    ['Isolated', undefined, '10.0.0.0/16'],
  ])('the entries of %s, in steps that leave room for others', (tier, open, out) => {
    const entries = (dual: boolean) => {
      const network = graphOf({ ...byTier, zones: 1, dualStack: dual });
      const [{ resource }] = subnetsIn(network, tier);
      return network
        .networkAclOf(resource)
        .map(({ direction, ruleNumber, action, ports, cidr }) =>
          [direction, ruleNumber, action, ports, cidr].join(' '),
        );
    };
    const family = (first: number, inside: string, everywhere: string, icmp: string, outside: string) => [
      `in ${first} allow all ${inside}`,
      ...(open ? [...open, icmp] : []).map((ports, i) => `in ${first + 10 * (i + 1)} allow ${ports} ${everywhere}`),
      `out ${first} allow all ${outside}`,
    ];
    const ipv4 = family(100, '10.0.0.0/16', '0.0.0.0/0', 'icmp', out);
    const block = '${Network/Network/Vpc/Resource.Ipv6CidrBlocks}';
    const ipv6 = family(1100, block, '::/0', 'icmpv6', open ? '::/0' : block);
    expect(entries(false)).toEqual(ipv4);
    expect(entries(true).sort()).toEqual([...ipv4, ...ipv6].sort());
  });

  test('"destination unreachable" comes through, and no other ICMP: path MTU discovery needs it', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT, { ...byTier, dualStack: true });
    const entries = Template.fromStack(stack).findResources('AWS::EC2::NetworkAclEntry');
    const icmp = Object.values(entries).filter(({ Properties }) => Properties.Icmp);
    expect(
      new Set(icmp.map(({ Properties: { Protocol, Icmp } }) => [Protocol, Icmp.Type, Icmp.Code].join(' '))),
    ).toEqual(new Set(['1 3 -1', '58 2 0']));
  });

  test('none are made by default: security groups decide alone', () => {
    for (const props of [{}, { networkAcls: NetworkAcls.AWS_DEFAULT }])
      Template.fromStack(networkIn(Tier.PRODUCTION, props).stack).resourceCountIs('AWS::EC2::NetworkAcl', 0);
  });

  test('own entries go in between', () => {
    const { network } = networkIn(Tier.DEVELOPMENT, byTier);
    expect(network.aclOf('Public').node.id).toBe('PublicAcl');
    expect(() => network.aclOf('Cache')).toThrow(
      new Error(
        'Network "Network/Network": tier must be one with a network ACL (Public, Private, Isolated), got "Cache"; name one of them',
      ),
    );
    expect(() => networkIn(Tier.DEVELOPMENT).network.aclOf('Public')).toThrow(
      'tier must be one with a network ACL (none; use networkAcls: NetworkAcls.BY_TIER), got "Public"',
    );
  });
});
