import { att, ref } from './assemblies';
import { ANYBODY, group, inNetwork, instance, open, rule, ways } from './small-network';

type Entry = readonly [
  number: number,
  direction: 'in' | 'out',
  action: unknown,
  cidr: unknown,
  ports?: readonly [number, number],
];

/** An ACL of a subnet with TCP entries; without ports an entry is about everything. */
function acl(subnet: string, entries: readonly Entry[]): Record<string, object> {
  const name = `${subnet}Acl`;
  return {
    [name]: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: ref('Vpc') } },
    [`${name}Association`]: {
      Type: 'AWS::EC2::SubnetNetworkAclAssociation',
      Properties: { SubnetId: ref(subnet), NetworkAclId: ref(name) },
    },
    ...Object.fromEntries(
      entries.map(([number, direction, action, cidr, ports], index) => [
        `${name}Entry${index}`,
        {
          Type: 'AWS::EC2::NetworkAclEntry',
          Properties: {
            NetworkAclId: ref(name),
            RuleNumber: number,
            Egress: direction === 'out',
            RuleAction: action,
            CidrBlock: cidr,
            Protocol: ports ? 6 : -1,
            ...(ports && { PortRange: { From: ports[0], To: ports[1] } }),
          },
        },
      ]),
    ),
  };
}

const OUT: Entry = [100, 'out', 'allow', '0.0.0.0/0'];
const SERVER = { Server: instance(ref('Public'), [att('Group', 'GroupId')], true), Group: group([rule(ANYBODY)]) };
const toServer = (...entries: Entry[]) => ways(inNetwork({ ...SERVER, ...acl('Public', entries) }), 'Server');
const way = (ports: string, source = '0.0.0.0/0') => `internet (${source}) -> ${ports} Stack/Server`;

describe('from the internet', () => {
  test('a subnet without an ACL of its own has the default one, which admits everything', () => {
    expect(ways(inNetwork(SERVER), 'Server')).toEqual([way('all')]);
  });
  test('an ACL without entries admits nothing', () => expect(toServer()).toEqual([]));
  test('the first entry that matches decides', () => {
    expect(toServer([1, 'in', 'deny', '0.0.0.0/0'], [2, 'in', 'allow', '0.0.0.0/0'], OUT)).toEqual([]);
    expect(toServer([1, 'in', 'allow', '0.0.0.0/0', [443, 443]], [2, 'in', 'deny', '0.0.0.0/0'], OUT)).toEqual([
      way('443/tcp'),
    ]);
  });
  test('an entry for a block lets that block in', () => {
    expect(toServer([1, 'in', 'allow', '203.0.113.0/24'], OUT)).toEqual([way('all', '203.0.113.0/24')]);
  });
  test('an entry for a private block lets nobody of the internet in', () => {
    expect(toServer([1, 'in', 'allow', '10.0.0.0/8'], OUT)).toEqual([]);
  });
  test('a denied port is taken out of all the others', () => {
    const lines = toServer([1, 'in', 'deny', '0.0.0.0/0', [22, 22]], [2, 'in', 'allow', '0.0.0.0/0'], OUT);
    expect(lines).toEqual([way('0-21/tcp,23-65535/tcp,all/udp,icmp,icmpv6')]);
  });
  test('without a way out for the answers nothing is open', () => {
    const IN: Entry = [1, 'in', 'allow', '0.0.0.0/0'];
    expect(toServer(IN)).toEqual([]);
    expect(toServer(IN, [1, 'out', 'allow', '0.0.0.0/0', [443, 443]])).toEqual([]);
    expect(toServer(IN, [1, 'out', 'allow', '0.0.0.0/0', [32768, 60999]])).toEqual([way('all/tcp')]);
  });
});

describe('between subnets', () => {
  const CLIENT = { Client: instance(ref('Private'), [att('ClientGroup', 'GroupId')]), ClientGroup: group() };
  const between = (resources: Record<string, object>) =>
    open(inNetwork({ ...SERVER, ...CLIENT, ...resources }), 'Client', 'Server');

  test('both ACLs have to let the packet and its answer through', () => {
    const closed = acl('Private', [[1, 'out', 'allow', '10.0.0.0/24', [443, 443]]]);
    expect(between(closed)).toEqual([]);
    const answered = acl('Private', [
      [1, 'out', 'allow', '10.0.0.0/24', [443, 443]],
      [1, 'in', 'allow', '10.0.0.0/24', [1024, 65535]],
    ]);
    expect(between(answered)).toEqual(['443/tcp | certain']);
  });

  test('within one subnet no ACL counts', () => {
    const same = { Client: instance(ref('Public'), [att('ClientGroup', 'GroupId')]) };
    expect(between({ ...same, ...acl('Public', []) })).toEqual(['all | certain']);
  });
});

describe('what is known only when it is deployed', () => {
  const template = {
    Parameters: { P: { Type: 'String' } },
    Conditions: { IsOpen: { 'Fn::Equals': [ref('P'), 'open'] } },
  };
  const inDoubt = (...entries: Entry[]) =>
    ways(inNetwork({ ...SERVER, ...acl('Public', entries) }, template), 'Server');
  const CONDITION = 'the condition "IsOpen" of Stack is known when it is deployed';

  test('an entry that may deny leaves the way open, in doubt', () => {
    const action = { 'Fn::If': ['IsOpen', 'allow', 'deny'] };
    expect(inDoubt([1, 'in', action, '0.0.0.0/0'], [2, 'in', 'allow', '0.0.0.0/0'], OUT)).toEqual([
      `${way('all')} (unknown: ${CONDITION})`,
    ]);
  });

  test('a denied block that only a parameter knows leaves the way open, in doubt', () => {
    const why = 'the parameter "P" of Stack has no default';
    const [line] = inDoubt([1, 'in', 'deny', ref('P')], [2, 'in', 'allow', '0.0.0.0/0'], OUT);
    expect(line).toContain(`${way('all')} (unknown: ${why}`);
  });

  test('an ACL from outside of the assembly', () => {
    const Association = {
      Type: 'AWS::EC2::SubnetNetworkAclAssociation',
      Properties: { SubnetId: ref('Public'), NetworkAclId: 'acl-0123456789abcdef0' },
    };
    expect(ways(inNetwork({ ...SERVER, Association }), 'Server')).toEqual([
      `${way('all')} (unknown: the entries of acl-0123456789abcdef0 are not in this assembly)`,
    ]);
  });
});

describe('the ACL itself', () => {
  test('its entries, in the order in which they are tried', () => {
    const graph = inNetwork(
      acl('Public', [OUT, [2, 'in', 'deny', '0.0.0.0/0', [22, 22]], [1, 'in', 'allow', '10.0.0.0/8']]),
    );
    const entries = graph.networkAclOf(graph.at('Stack/Public'));
    expect(entries.map((entry) => Object.values(entry).slice(0, 5).join(' '))).toEqual([
      'in 1 allow 10.0.0.0/8 all',
      'in 2 deny 0.0.0.0/0 22/tcp',
      'out 100 allow 0.0.0.0/0 all',
    ]);
    expect(graph.networkAclOf(graph.at('Stack/Private'))).toEqual([]);
  });

  test('entries that are added to the default ACL stand before the one that admits everything', () => {
    const Deny = {
      Type: 'AWS::EC2::NetworkAclEntry',
      Properties: {
        NetworkAclId: att('Vpc', 'DefaultNetworkAcl'),
        RuleNumber: 50,
        RuleAction: 'deny',
        CidrBlock: '0.0.0.0/0',
        Protocol: -1,
      },
    };
    expect(ways(inNetwork({ ...SERVER, Deny }), 'Server')).toEqual([]);
  });

  test('a packet', () => {
    const graph = inNetwork(acl('Public', [[1, 'in', 'allow', '0.0.0.0/0', [443, 443]]]));
    const admits = (port: number, direction = 'in', address = '8.8.8.8') =>
      graph.networkAclAdmits(graph.at('Stack/Public'), { direction, port, address, protocol: 'tcp' });
    expect([admits(443), admits(22), admits(443, 'out')]).toEqual([true, false, false]);
    expect(() => admits(443, 'in', 'everywhere')).toThrow(/"everywhere" is no IP address: give one such as "10.0.0.1"/);
    expect(() => admits(443, 'inwards')).toThrow(/"inwards" must be "in" or "out"/);
  });
});
