import { att, ref } from './assemblies';
import { ANYBODY, group, inNetwork, instance, ofGroup, open, rule, ways } from './small-network';

const CLIENT = { Client: instance(ref('Private'), [att('ClientGroup', 'GroupId')]), ClientGroup: group() };

/** A server with one rule, asked by a client. */
const asked = (serverRule: object, more: Record<string, object> = {}) =>
  inNetwork({
    ...CLIENT,
    Server: instance(ref('Public'), [att('ServerGroup', 'GroupId')]),
    ServerGroup: group([serverRule]),
    ...more,
  });

describe('who is admitted', () => {
  test.each<[string, object, string[]]>([
    ['a group', rule(ofGroup('ClientGroup'), 443), ['443/tcp | certain']],
    ['another group', rule(ofGroup('OtherGroup'), 443), []],
    ['the block of its subnet', rule({ CidrIp: '10.0.1.0/24' }, 443), ['443/tcp | certain']],
    ['the block of another subnet', rule({ CidrIp: '10.0.2.0/24' }, 443), []],
    ['a block from outside', rule({ CidrIp: '203.0.113.0/24' }, 443), []],
    ['everybody by IPv6 alone', rule({ CidrIpv6: '::/0' }, 443), []],
    ['all ports', rule({ CidrIp: '10.0.0.0/16' }), ['all | certain']],
    [
      'one address of its subnet',
      rule({ CidrIp: '10.0.1.7/32' }, 443),
      ['443/tcp | unknown | the addresses of Stack/Client are known when it is deployed'],
    ],
    ['a prefix list with its block', rule({ SourcePrefixListId: ref('Offices') }, 443), ['443/tcp | certain']],
    ['a prefix list without it', rule({ SourcePrefixListId: ref('Partners') }, 443), []],
    [
      'a prefix list of AWS',
      rule({ SourcePrefixListId: 'pl-63a5400a' }, 443),
      ['443/tcp | unknown | what the prefix list pl-63a5400a holds is not in this assembly'],
    ],
  ])('%s', (_, serverRule, expected) => {
    const list = (Cidr: string) => ({
      Type: 'AWS::EC2::PrefixList',
      Properties: { AddressFamily: 'IPv4', MaxEntries: 1, PrefixListName: 'x', Entries: [{ Cidr }] },
    });
    const graph = asked(serverRule, {
      OtherGroup: group(),
      Offices: list('10.0.1.0/24'),
      Partners: list('203.0.113.0/24'),
    });
    expect(open(graph, 'Client', 'Server')).toEqual(expected);
  });

  test('an instance with an address of its own is in the block of that address', () => {
    const Client = {
      Type: 'AWS::EC2::Instance',
      Properties: {
        SubnetId: ref('Private'),
        PrivateIpAddress: '10.0.1.7',
        SecurityGroupIds: [att('ClientGroup', 'GroupId')],
      },
    };
    expect(open(asked(rule({ CidrIp: '10.0.1.7/32' }, 443), { Client }), 'Client', 'Server')).toEqual([
      '443/tcp | certain',
    ]);
    expect(open(asked(rule({ CidrIp: '10.0.1.8/32' }, 443), { Client }), 'Client', 'Server')).toEqual([]);
  });

  test('a port that is the attribute of a database is the port of its engine', () => {
    const Database = {
      Type: 'AWS::RDS::DBCluster',
      Properties: { Engine: 'aurora-postgresql', VpcSecurityGroupIds: [att('ClientGroup', 'GroupId')] },
    };
    const port = att('Database', 'Endpoint.Port');
    expect(open(asked(rule(ofGroup('ClientGroup'), port), { Database }), 'Client', 'Server')).toEqual([
      '5432/tcp | certain',
    ]);
  });
});

describe('what a group lets out', () => {
  const through = (egress?: object[], more = {}) =>
    open(asked(rule(ofGroup('ClientGroup'), 443), { ClientGroup: group([], egress), ...more }), 'Client', 'Server');

  test('everything, when it holds no egress rule', () => expect(through()).toEqual(['443/tcp | certain']));
  test('everything still, when an egress rule stands beside it', () => {
    const Beside = {
      Type: 'AWS::EC2::SecurityGroupEgress',
      Properties: { GroupId: att('ClientGroup', 'GroupId'), ...rule({ CidrIp: '192.0.2.0/24' }, 443) },
    };
    expect(through(undefined, { Beside })).toEqual(['443/tcp | certain']);
  });
  test('only what is written within it', () => {
    expect(through([rule({ CidrIp: '10.0.0.0/24' }, 443)])).toEqual(['443/tcp | certain']);
    expect(through([rule({ CidrIp: '10.0.0.0/24' }, 80)])).toEqual([]);
  });
  test("nothing, when it holds CDK's rule for one impossible packet", () => {
    expect(through([{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' }])).toEqual([]);
  });
});

describe('rules beside a group count as if they stood within it', () => {
  const Beside = {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: { GroupId: att('ServerGroup', 'GroupId'), ...rule(ofGroup('ClientGroup'), 5432) },
  };

  test('and the answer names the rule', () => {
    const graph = asked(rule(ANYBODY, 80), { Beside });
    const [, second] = graph.openPorts(graph.at('Stack/Client'), graph.at('Stack/Server'));
    expect(second).toMatchObject({ ports: '5432/tcp', allowedBy: ['Stack/Beside', 'Stack/ClientGroup'] });
  });

  test('rulesOf lists both, and what EC2 adds', () => {
    const graph = asked(rule(ANYBODY, 80), { Beside });
    const rules = graph.rulesOf(graph.at('Stack/ServerGroup'));
    expect(rules.map(({ direction, ports, peer, writtenIn }) => `${direction} ${ports} ${peer} ${writtenIn}`)).toEqual([
      'in 80/tcp 0.0.0.0/0 Stack/ServerGroup',
      'out all 0.0.0.0/0 Stack/ServerGroup',
      'out all ::/0 Stack/ServerGroup',
      'in 5432/tcp Stack/ClientGroup Stack/Beside',
    ]);
  });
});

describe('groups that no template says', () => {
  test("an instance that names none is in its VPC's default group, whose members may talk to each other", () => {
    const bare = { Type: 'AWS::EC2::Instance', Properties: { SubnetId: ref('Private') } };
    const graph = inNetwork({ ...CLIENT, One: bare, Two: bare });
    expect(open(graph, 'One', 'Two')).toEqual(['all | certain']);
    expect(open(graph, 'Client', 'Two')).toEqual([]);
  });

  test("CDK's custom resource closes the default group", () => {
    const bare = { Type: 'AWS::EC2::Instance', Properties: { SubnetId: ref('Private') } };
    const Closing = {
      Type: 'Custom::VpcRestrictDefaultSG',
      Properties: { DefaultSecurityGroupId: att('Vpc', 'DefaultSecurityGroup') },
    };
    expect(open(inNetwork({ One: bare, Two: bare, Closing }), 'One', 'Two')).toEqual([]);
  });

  test('a group from outside of the assembly may hold any rule', () => {
    const graph = inNetwork({ ...CLIENT, Server: instance(ref('Public'), ['sg-0123456789abcdef0'], true) });
    const why = 'the rules of sg-0123456789abcdef0 are not all in this assembly';
    expect(open(graph, 'Client', 'Server')).toEqual([`all | unknown | ${why}`]);
    expect(ways(graph, 'Server')).toEqual([`internet (0.0.0.0/0) -> all Stack/Server (unknown: ${why})`]);
  });

  test('a group that only a parameter names may be any group', () => {
    const graph = asked(rule({ SourceSecurityGroupId: ref('Other') }, 443), {});
    const why = '"Other" stands in no template of Stack';
    expect(open(graph, 'Client', 'Server')).toEqual([`443/tcp | unknown | ${why}`]);
    expect(ways(graph, 'Server')).toEqual([]);
  });
});

describe('rules that depend on what is known only when it is deployed', () => {
  const template = {
    Parameters: { From: { Type: 'String' }, Port: { Type: 'Number' } },
    Conditions: { IsOpen: { 'Fn::Equals': [ref('From'), 'open'] } },
  };
  const server = (ingress: unknown) =>
    inNetwork(
      {
        Server: instance(ref('Public'), [att('Group', 'GroupId')], true),
        Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: ref('Vpc'), SecurityGroupIngress: ingress } },
      },
      template,
    );
  const CONDITION = 'the condition "IsOpen" of Stack is known when it is deployed';

  test('a block from a parameter without a default', () => {
    expect(ways(server([rule({ CidrIp: ref('From') }, 443)]), 'Server')).toEqual([
      'internet (${Stack/From}) -> 443/tcp Stack/Server (unknown: the parameter "From" of Stack has no default)',
    ]);
  });

  test('an unknown IPv6 block admits nobody who comes by IPv4', () => {
    expect(ways(server([rule({ CidrIpv6: ref('From') }, 443)]), 'Server')).toEqual([]);
  });

  test("the VPC's own IPv6 block, which AWS assigns, is no way from the internet in either family", () => {
    const own = { 'Fn::Select': [0, att('Vpc', 'Ipv6CidrBlocks')] };
    const dualStack = {
      Blocks: { Type: 'AWS::EC2::VPCCidrBlock', Properties: { VpcId: ref('Vpc'), AmazonProvidedIpv6CidrBlock: true } },
      Public: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: ref('Vpc'),
          CidrBlock: '10.0.0.0/24',
          Ipv6CidrBlock: { 'Fn::Select': [0, { 'Fn::Cidr': [own, 1, '64'] }] },
          AssignIpv6AddressOnCreation: true,
        },
      },
      Route6: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('PublicTable'), DestinationIpv6CidrBlock: '::/0', GatewayId: ref('Gateway') },
      },
      Server: instance(ref('Public'), [att('Group', 'GroupId')], true),
    };
    const graph = (ingress: object) => inNetwork({ ...dualStack, Group: group([ingress]) });
    expect(ways(graph(rule({ CidrIpv6: own }, 443)), 'Server')).toEqual([]);
    expect(ways(graph(rule({ CidrIpv6: '::/0' }, 443)), 'Server')).toHaveLength(1);
  });

  test('a block that a condition chooses: what is private on one side is no way in', () => {
    const cidr = { 'Fn::If': ['IsOpen', '0.0.0.0/0', '10.0.0.0/8'] };
    expect(ways(server([rule({ CidrIp: cidr }, 443)]), 'Server')).toEqual([
      `internet (0.0.0.0/0) -> 443/tcp Stack/Server (unknown: ${CONDITION})`,
    ]);
  });

  test.each<[string, unknown]>([
    ['a rule', [{ 'Fn::If': ['IsOpen', rule(ANYBODY, 443), ref('AWS::NoValue')] }]],
    ['all rules', { 'Fn::If': ['IsOpen', [rule(ANYBODY, 443)], ref('AWS::NoValue')] }],
  ])('%s that a condition may take away', (_, ingress) => {
    expect(ways(server(ingress), 'Server')).toEqual([
      `internet (0.0.0.0/0) -> 443/tcp Stack/Server (unknown: ${CONDITION})`,
    ]);
  });

  test('a port from a parameter: any port, in doubt', () => {
    expect(ways(server([rule(ANYBODY, ref('Port'))]), 'Server')).toEqual([
      'internet (0.0.0.0/0) -> all/tcp Stack/Server (unknown: the parameter "Port" of Stack has no default)',
    ]);
  });

  test('what one rule certainly opens, another does not cast doubt on', () => {
    expect(ways(server([rule(ANYBODY, 443), rule({ CidrIp: ref('From') }, 443)]), 'Server')).toContain(
      'internet (0.0.0.0/0) -> 443/tcp Stack/Server',
    );
  });
});
