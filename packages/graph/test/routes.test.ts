import { att, ref } from './assemblies';
import { ANYBODY, NETWORK, group, inNetwork, instance, open, rule, ways } from './small-network';

const SERVER = { Server: instance(ref('Public'), [att('Group', 'GroupId')], true), Group: group([rule(ANYBODY, 443)]) };

/** A route of the public subnet instead of the one to the gateway. */
const route = (properties: object) => ({
  PublicRoute: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref('PublicTable'), ...properties } },
});
const routed = (properties: object, more: Record<string, object> = {}) =>
  inNetwork({ ...SERVER, ...route(properties), ...more });

describe('how far the routes of a subnet reach', () => {
  const access = (resources: Record<string, object>, subnet = 'Public') => {
    const graph = inNetwork(resources);
    return graph.internetAccessOf(graph.at(`Stack/${subnet}`));
  };
  const NAT = (properties: object = { SubnetId: ref('Public') }) => ({
    Nat: { Type: 'AWS::EC2::NatGateway', Properties: properties },
    PrivateTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    PrivateAssociation: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref('Private'), RouteTableId: ref('PrivateTable') },
    },
    PrivateRoute: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: ref('PrivateTable'), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref('Nat') },
    },
  });

  test('a gateway that is attached: both ways', () => expect(access({})).toBe('both'));
  test('a gateway that is attached to nothing: nowhere', () => {
    expect(access({ Attachment: { Type: 'AWS::SNS::Topic' } })).toBe('none');
  });
  test('a gateway of another VPC: nowhere', () => {
    const Other = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } };
    const Attachment = {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: ref('Other'), InternetGatewayId: ref('Gateway') },
    };
    expect(access({ Other, Attachment })).toBe('none');
  });
  test('no route table of its own: the local network', () => expect(access({}, 'Private')).toBe('none'));
  test('a NAT gateway in a public subnet: outbound', () => expect(access(NAT(), 'Private')).toBe('outbound'));
  test('a NAT gateway in a subnet without a way out: nowhere', () => {
    expect(access(NAT({ SubnetId: ref('Private') }), 'Private')).toBe('none');
    expect(access(NAT({ SubnetId: ref('Public'), ConnectivityType: 'private' }), 'Private')).toBe('none');
  });
  test('a route for a private block alone: nowhere', () => {
    expect(access(route({ DestinationCidrBlock: '10.1.0.0/16', GatewayId: ref('Gateway') }))).toBe('none');
  });
});

test('routesOf lists destinations, targets and what is in doubt', () => {
  const S3 = {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: { VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds: [ref('PublicTable')] },
  };
  const Peering = {
    Type: 'AWS::EC2::Route',
    Condition: 'IsPeered',
    Properties: {
      RouteTableId: ref('PublicTable'),
      DestinationCidrBlock: '10.1.0.0/16',
      VpcPeeringConnectionId: 'pcx-0123456789abcdef0',
    },
  };
  const graph = inNetwork(
    { S3, Peering },
    { Parameters: { P: { Type: 'String' } }, Conditions: { IsPeered: { 'Fn::Equals': [ref('P'), 'yes'] } } },
  );
  expect(graph.routesOf(graph.at('Stack/Public')).map((found) => Object.values(found).flat().join(' | '))).toEqual([
    '0.0.0.0/0 | internet gateway | Stack/Gateway',
    '10.1.0.0/16 | peering | pcx-0123456789abcdef0 | whether Stack/Peering is made depends on the condition "IsPeered"',
    's3 | gateway endpoint | Stack/S3',
  ]);
});

describe('a path needs a route', () => {
  test('for a part of the internet: a path from that part', () => {
    expect(ways(routed({ DestinationCidrBlock: '203.0.113.0/24', GatewayId: ref('Gateway') }), 'Server')).toEqual([
      'internet (203.0.113.0/24) -> 443/tcp Stack/Server',
    ]);
  });

  test('to a prefix list of the assembly: a path from each of its blocks', () => {
    const Offices = {
      Type: 'AWS::EC2::PrefixList',
      Properties: { Entries: [{ Cidr: '203.0.113.0/24' }, { Cidr: '10.9.0.0/16' }] },
    };
    const graph = routed({ DestinationPrefixListId: ref('Offices'), GatewayId: ref('Gateway') }, { Offices });
    expect(ways(graph, 'Server')).toEqual(['internet (203.0.113.0/24) -> 443/tcp Stack/Server']);
  });

  test.each<[string, object, string | undefined]>([
    ['a gateway by its id', { GatewayId: 'igw-0123456789abcdef0' }, ''],
    ['a VPN gateway by its id', { GatewayId: 'vgw-0123456789abcdef0' }, undefined],
    ['a NAT gateway', { NatGatewayId: 'nat-0123456789abcdef0' }, undefined],
    ['a transit gateway', { TransitGatewayId: 'tgw-0123456789abcdef0' }, undefined],
    [
      'a firewall in front of the gateway',
      { VpcEndpointId: 'vpce-0123456789abcdef0' },
      ' (unknown: what vpce-0123456789abcdef0 lets through is not in this assembly)',
    ],
    [
      'a gateway that only a parameter knows',
      { GatewayId: ref('P') },
      ' (unknown: "P" stands in no template of Stack)',
    ],
  ])('%s', (_, target, doubt) => {
    expect(ways(routed({ DestinationCidrBlock: '0.0.0.0/0', ...target }), 'Server')).toEqual(
      doubt === undefined ? [] : [`internet (0.0.0.0/0) -> 443/tcp Stack/Server${doubt}`],
    );
  });

  test('through a table from outside of the assembly: in doubt', () => {
    const PublicAssociation = {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref('Public'), RouteTableId: 'rtb-0123456789abcdef0' },
    };
    expect(ways(inNetwork({ ...SERVER, PublicAssociation }), 'Server')).toEqual([
      'internet (0.0.0.0/0) -> 443/tcp Stack/Server (unknown: the routes of rtb-0123456789abcdef0 are not all in this assembly)',
    ]);
  });

  test('that a condition may take away: in doubt', () => {
    const graph = inNetwork(
      { ...SERVER, PublicRoute: { ...NETWORK.PublicRoute, Condition: 'IsPublic' } },
      { Parameters: { P: { Type: 'String' } }, Conditions: { IsPublic: { 'Fn::Equals': [ref('P'), 'yes'] } } },
    );
    expect(ways(graph, 'Server')).toEqual([
      'internet (0.0.0.0/0) -> 443/tcp Stack/Server (unknown: whether Stack/PublicRoute is made depends on the condition "IsPublic")',
    ]);
  });
});

describe('IPv6', () => {
  const dual = {
    Public: {
      Type: 'AWS::EC2::Subnet',
      Properties: {
        VpcId: ref('Vpc'),
        CidrBlock: '10.0.0.0/24',
        Ipv6CidrBlock: '2001:db8::/64',
        AssignIpv6AddressOnCreation: true,
      },
    },
    ...SERVER,
    Server: instance(ref('Public'), [att('Group', 'GroupId')]),
    Group: group([rule({ CidrIpv6: '::/0' }, 443)]),
  };
  const gateway = (properties: object) => ({
    Route6: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: ref('PublicTable'), DestinationIpv6CidrBlock: '::/0', ...properties },
    },
  });

  test('an address that the subnet assigns is public where a gateway routes it', () => {
    expect(ways(inNetwork({ ...dual, ...gateway({ GatewayId: ref('Gateway') }) }), 'Server')).toEqual([
      'internet (::/0) -> 443/tcp Stack/Server',
    ]);
  });
  test('an egress-only gateway lets nobody in', () => {
    expect(
      ways(inNetwork({ ...dual, ...gateway({ EgressOnlyInternetGatewayId: 'eigw-0123456789abcdef0' }) }), 'Server'),
    ).toEqual([]);
  });
  test('a route for IPv4 alone lets nobody in', () => expect(ways(inNetwork(dual), 'Server')).toEqual([]));
  test('between two, a rule for one family says nothing of the other', () => {
    const Client = instance(ref('Public'), [att('Free', 'GroupId')]);
    const admitting = (peer: object) =>
      open(inNetwork({ ...dual, Client, Free: group(), Group: group([rule(peer, 443)]) }), 'Client', 'Server');
    expect(admitting({ CidrIpv6: '::/0' })).toEqual(['443/tcp | certain']);
    expect(admitting({ CidrIp: '203.0.113.0/24' })).toEqual([]);
    expect(admitting({ CidrIpv6: '2001:db8::/56' })).toEqual([
      '443/tcp | unknown | the addresses of Stack/Client are known when it is deployed',
    ]);
  });
  test('a task gets one only when the account says so', () => {
    const Service = {
      Type: 'AWS::ECS::Service',
      Properties: {
        NetworkConfiguration: {
          AwsvpcConfiguration: { Subnets: [ref('Public')], SecurityGroups: [att('Group', 'GroupId')] },
        },
      },
    };
    expect(ways(inNetwork({ ...dual, Service, ...gateway({ GatewayId: ref('Gateway') }) }), 'Service')).toEqual([
      "internet (::/0) -> 443/tcp Stack/Service (unknown: whether Stack/Service has an IPv6 address depends on the account's setting dualStackIPv6 of ECS)",
    ]);
  });
});
