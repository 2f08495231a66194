import { CfnParameter, Fn, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { RouteTarget, SecurityGroupRule, TemplateGraph } from '../src';
import { graphOfApp, newApp } from './apps';

const machineImage = ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' });
const natInstance = () => ec2.NatProvider.instanceV2({ instanceType: new ec2.InstanceType('t4g.nano'), machineImage });

/** A stack with a `Vpc` of CDK's own, three tiers in two zones; `change` is what is special about it. */
function aNetwork(props: ec2.VpcProps = {}, change: (vpc: ec2.Vpc, stack: Stack) => void = () => undefined) {
  const stack = new Stack(newApp(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
    ...props,
  });
  change(vpc, stack);
  return TemplateGraph.of(stack);
}

const routes = (graph: TemplateGraph, subnet: string) => graph.routesOf(graph.at(`Stack/Vpc/${subnet}`));
const access = (graph: TemplateGraph) =>
  ['Public', 'Private', 'Isolated'].map((tier) =>
    [1, 2].map((zone) => graph.internetAccessOf(graph.at(`Stack/Vpc/${tier}Subnet${zone}`))).join(),
  );
const TIERS = ['both,both', 'outbound,outbound', 'none,none'];

describe('the way out of the private tier of an ec2.Vpc', () => {
  test.each<[string, RouteTarget, string, ec2.VpcProps]>([
    ['a NAT gateway per zone', RouteTarget.NAT_GATEWAY, 'PublicSubnet2/NATGateway', {}],
    ['one NAT gateway', RouteTarget.NAT_GATEWAY, 'PublicSubnet1/NATGateway', { natGateways: 1 }],
    [
      'a regional NAT gateway',
      RouteTarget.REGIONAL_NAT_GATEWAY,
      'RegionalNatGateway',
      { natGatewayProvider: ec2.NatProvider.regionalGateway() },
    ],
    [
      'a NAT instance',
      RouteTarget.NAT_INSTANCE,
      'PublicSubnet1/NatInstance',
      { natGateways: 1, natGatewayProvider: natInstance() },
    ],
  ])('%s', (_, targetKind, target, props) => {
    const graph = aNetwork(props);
    expect(routes(graph, 'PrivateSubnet2')).toEqual([
      { destination: '0.0.0.0/0', targetKind, target: expect.stringContaining(target), unknowns: [] },
    ]);
    expect(routes(graph, 'IsolatedSubnet2')).toEqual([]);
    expect(access(graph)).toEqual(TIERS);
  });

  test('over IPv6 alone: an egress-only gateway', () => {
    const graph = aNetwork({ ipProtocol: ec2.IpProtocol.DUAL_STACK, natGateways: 0 });
    expect(routes(graph, 'PrivateSubnet1')).toMatchObject([
      { destination: '::/0', targetKind: RouteTarget.EGRESS_ONLY_GATEWAY, unknowns: [] },
    ]);
    expect(access(graph)).toEqual(TIERS);
  });

  const instanceIn = (vpc: ec2.Vpc) =>
    vpc.node.findAll().find((child): child is ec2.CfnInstance => child instanceof ec2.CfnInstance) as ec2.CfnInstance;

  test.each<[string, (instance: ec2.CfnInstance) => void]>([
    ['checks the source of its packets', (instance) => (instance.sourceDestCheck = true)],
    [
      'has no public address',
      (instance) =>
        instance.addPropertyOverride('NetworkInterfaces', [
          { DeviceIndex: '0', AssociatePublicIpAddress: false, SubnetId: instance.subnetId },
        ]),
    ],
  ])('ends at an instance that %s', (_, change) => {
    const props = { natGateways: 1, natGatewayProvider: natInstance() };
    expect(access(aNetwork(props, (vpc) => change(instanceIn(vpc))))[1]).toBe('none,none');
  });

  test('an endpoint of S3 is a route of the tiers that have it, and no way out', () => {
    const graph = aNetwork({}, (vpc) =>
      vpc.addGatewayEndpoint('S3', {
        service: ec2.GatewayVpcEndpointAwsService.S3,
        subnets: [{ subnetGroupName: 'Isolated' }],
      }),
    );
    expect(routes(graph, 'IsolatedSubnet1').map(({ destination }) => destination)).toEqual(['s3']);
    expect(routes(graph, 'PrivateSubnet1').map(({ destination }) => destination)).toEqual(['0.0.0.0/0']);
    expect(access(graph)).toEqual(TIERS);
  });
});

describe('packets at the ACL of an ec2.Vpc in dual stack', () => {
  const graph = aNetwork({ ipProtocol: ec2.IpProtocol.DUAL_STACK }, (vpc, stack) => {
    const acl = new ec2.NetworkAcl(stack, 'Acl', { vpc, subnetSelection: { subnetGroupName: 'Private' } });
    const add = (id: string, ruleNumber: number, cidr: ec2.AclCidr, traffic: ec2.AclTraffic, isOut = false) =>
      acl.addEntry(id, {
        ruleNumber,
        cidr,
        traffic,
        direction: isOut ? ec2.TrafficDirection.EGRESS : ec2.TrafficDirection.INGRESS,
        ruleAction: id === 'Block' ? ec2.Action.DENY : ec2.Action.ALLOW,
      });
    add('Block', 90, ec2.AclCidr.ipv4('203.0.113.0/24'), ec2.AclTraffic.allTraffic());
    add('Https', 100, ec2.AclCidr.anyIpv4(), ec2.AclTraffic.tcpPort(443));
    add('Web', 110, ec2.AclCidr.anyIpv6(), ec2.AclTraffic.tcpPort(80));
    add('Inside', 120, ec2.AclCidr.ipv6(Fn.select(0, vpc.vpcIpv6CidrBlocks)), ec2.AclTraffic.allTraffic());
    const partner = new CfnParameter(stack, 'Partner').valueAsString;
    add('Partner', 130, ec2.AclCidr.ipv6(partner), ec2.AclTraffic.udpPort(53));
    add('Answers', 100, ec2.AclCidr.anyIpv4(), ec2.AclTraffic.tcpPortRange(1024, 65535), true);
  });
  const packet = { direction: 'in', protocol: 'tcp', port: 443, address: '198.51.100.7' };

  test.each<[boolean, string, Partial<typeof packet>]>([
    [true, 'what an entry allows', {}],
    [false, 'another port', { port: 22 }],
    [false, 'another protocol', { protocol: 'udp' }],
    [false, 'an address that a lower number denies', { address: '203.0.113.9' }],
    [true, 'the answer', { direction: 'out', port: 50000 }],
    [false, 'a connection from inside', { direction: 'out' }],
    [true, 'what an entry of IPv6 allows', { address: '2001:db8::1', port: 80 }],
    [false, 'an IPv4 address on a port of IPv6', { port: 80 }],
    [false, 'an IPv6 address on a port of IPv4', { address: '2001:db8::1' }],
    [
      true,
      'in doubt, what a block that a parameter says may ask',
      { address: '2001:db8::1', protocol: 'udp', port: 53 },
    ],
    [false, 'an IPv4 address on what an unknown block of IPv6 may ask', { protocol: 'udp', port: 53 }],
    [false, "the internet on what the network's own IPv6 block may ask", { address: '2001:db8::1', port: 22 }],
  ])('are let through (%s): %s', (admitted, _, change) => {
    const subnet = graph.at('Stack/Vpc/PrivateSubnet1');
    expect(graph.networkAclAdmits(subnet, { ...packet, ...change })).toBe(admitted);
  });

  test('are all let through where there is none', () => {
    const subnet = graph.at('Stack/Vpc/IsolatedSubnet1');
    const admits = (address: string) => graph.networkAclAdmits(subnet, { ...packet, port: 22, address });
    expect([admits('198.51.100.7'), admits('2001:db8::1')]).toEqual([true, true]);
  });
});

describe('the rules of an ec2.SecurityGroup', () => {
  const rulesOf = (props: Partial<ec2.SecurityGroupProps>, open: (group: ec2.SecurityGroup, vpc: ec2.Vpc) => void) => {
    let group!: ec2.SecurityGroup;
    const graph = graphOfApp((stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
      group = new ec2.SecurityGroup(stack, 'Group', { vpc, ...props });
      open(group, vpc);
    });
    expect(graph.rulesOf(graph.at('Stack/Group'))).toEqual(graph.rulesOf(group));
    return graph.rulesOf(group).map(lineOf);
  };
  const lineOf = ({ direction, ports, peer, description }: SecurityGroupRule) =>
    `${direction} ${ports} ${peer}: ${description}`;

  test('are none where nothing was opened', () => {
    expect(rulesOf({ allowAllOutbound: false }, () => undefined)).toEqual([]);
  });

  test('are those within it and those that stand beside it, with what they are for', () => {
    const rules = rulesOf({ allowAllOutbound: false }, (group, vpc) => {
      const client = new ec2.SecurityGroup(vpc, 'Client', { vpc });
      group.addIngressRule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(443), 'HTTPS from the VPC');
      group.connections.allowFrom(client, ec2.Port.tcpRange(5432, 5433), 'database');
    });
    expect(rules).toEqual([
      'in 443/tcp 10.0.0.0/16: HTTPS from the VPC',
      'in 5432-5433/tcp Stack/Vpc/Client/Resource: database',
    ]);
  });

  test('say that everything is open when it is', () => {
    const rules = rulesOf({}, (group) => group.addIngressRule(ec2.Peer.anyIpv6(), ec2.Port.allTraffic(), 'all'));
    expect(rules).toEqual(['in all ::/0: all', 'out all 0.0.0.0/0: Allow all outbound traffic by default']);
  });
});
