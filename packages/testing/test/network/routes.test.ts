import { CfnResource, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { NetworkReading } from '../../src';
import { aNetwork, reachByTier } from './fixtures';

const imageOf = () => ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' });
const natInstance = () =>
  ec2.NatProvider.instanceV2({ instanceType: new ec2.InstanceType('t4g.nano'), machineImage: imageOf() });

describe('subnets', () => {
  test('carry tier, zone and block', () => {
    const network = aNetwork().read();
    expect(network.subnetsOf('isolated').map(({ zone, cidr, ipv6, vpc }) => ({ zone, cidr, ipv6, vpc }))).toEqual([
      { zone: 'eu-west-1a', cidr: '10.0.4.0/24', ipv6: '', vpc: 'Vpc8378EB38' },
      { zone: 'eu-west-1b', cidr: '10.0.5.0/24', ipv6: '', vpc: 'Vpc8378EB38' },
    ]);
    expect(network.subnetsOf('public').map(({ mapsPublicIp }) => mapsPublicIp)).toEqual([true, true]);
  });

  test('carry their slice of the IPv6 block', () => {
    const slices = aNetwork({ ipProtocol: ec2.IpProtocol.DUAL_STACK })
      .read()
      .subnets.map(({ ipv6 }) => ipv6);
    expect(new Set(slices).size).toBe(6);
    expect(slices[0]).toMatch(/^slices\(.*64 bits\)\[0\]$/);
  });

  test('are read from a template too', () => {
    const { stack, read } = aNetwork();
    expect(NetworkReading.ofTemplate(Template.fromStack(stack).toJSON()).subnets).toEqual(read().subnets);
  });

  test('a tier that does not exist is an error, not an empty list', () => {
    expect(() => aNetwork().read().subnetsOf('data')).toThrow('the template has: public, private, isolated');
  });
});

describe('routes', () => {
  test('name the kind of gateway and where it stands', () => {
    const network = aNetwork().read();
    const [first] = network.subnetsOf('private');
    expect(network.routesOf(first)).toEqual([
      { destination: '0.0.0.0/0', kind: 'nat gateway', target: expect.stringContaining('publicSubnet1NATGateway') },
    ]);
    expect(network.routesOf(network.subnetsOf('isolated')[0])).toEqual([]);
  });

  test('include those of gateway endpoints, only in the tiers that have them', () => {
    const { vpc, read } = aNetwork();
    vpc.addGatewayEndpoint('S3', {
      service: ec2.GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnetGroupName: 'isolated' }],
    });
    const network = read();
    const services = (tier: string) =>
      network.routesOf(network.subnetsOf(tier)[0]).map(({ destination }) => destination);
    expect(services('isolated')).toEqual(['s3']);
    expect(services('private')).toEqual(['0.0.0.0/0']);
  });

  test('of a subnet without a route table of its own are none', () => {
    const { stack, read } = aNetwork();
    new CfnResource(stack, 'Bare', { type: 'AWS::EC2::Subnet', properties: { CidrBlock: '10.0.9.0/24' } });
    expect(read().routesOf('Bare')).toEqual([]);
    expect(read().reachesInternet('Bare')).toBe('no');
  });

  test('asking for something that is no subnet is an error', () => {
    const { vpc, read } = aNetwork();
    expect(() => read().routesOf('Nothing')).toThrow('Nothing is not in the template');
    expect(() => read().routesOf(vpc)).toThrow('is a AWS::EC2::VPC; expected a AWS::EC2::Subnet');
  });
});

describe('reach', () => {
  test.each([
    ['a NAT gateway per zone', {}, 'out'],
    ['one NAT gateway', { natGateways: 1 }, 'out'],
    ['a regional NAT gateway', { natGatewayProvider: ec2.NatProvider.regionalGateway() }, 'out'],
    ['a NAT instance', { natGateways: 1, natGatewayProvider: natInstance() }, 'out'],
    ['no NAT at all', { natGateways: 0 }, 'no'],
  ])('with %s', (_, props, reach) => {
    const tiers = [
      { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
      // CDK refuses a tier with egress when there is no NAT
      {
        name: 'private',
        subnetType: reach === 'no' ? ec2.SubnetType.PRIVATE_ISOLATED : ec2.SubnetType.PRIVATE_WITH_EGRESS,
      },
    ];
    const network = aNetwork({ subnetConfiguration: tiers, ...props }).read();
    expect(reachByTier(network)).toEqual({ public: 'in and out', private: reach });
  });

  test.each([
    ['nat gateway', {}],
    ['regional nat gateway', { natGatewayProvider: ec2.NatProvider.regionalGateway() }],
    ['nat instance', { natGatewayProvider: natInstance() }],
  ])('the way out is a %s', (kind, props) => {
    const network = aNetwork(props).read();
    expect(network.routesOf(network.subnetsOf('private')[0]).map((route) => route.kind)).toEqual([kind]);
  });

  test('over IPv6 alone is out through an egress-only gateway', () => {
    const network = aNetwork({ ipProtocol: ec2.IpProtocol.DUAL_STACK, natGateways: 0 }).read();
    expect(network.routesOf(network.subnetsOf('private')[0]).map(({ kind }) => kind)).toEqual(['egress-only gateway']);
    expect(reachByTier(network)).toEqual({ public: 'in and out', private: 'out', isolated: 'no' });
  });

  test('ends where the internet gateway is not attached', () => {
    const { vpc, read } = aNetwork();
    vpc.node.tryRemoveChild('VPCGW');
    expect(reachByTier(read())).toEqual({ public: 'no', private: 'no', isolated: 'no' });
  });

  test('ends at a NAT gateway that stands in a tier without a way out', () => {
    const { vpc, read } = aNetwork({ natGateways: 1 });
    const [gateway] = vpc.publicSubnets[0].node.children.filter((child) => child.node.id === 'NATGateway');
    (gateway as ec2.CfnNatGateway).subnetId = vpc.isolatedSubnets[0].subnetId;
    expect(reachByTier(read())).toMatchObject({ public: 'in and out', private: 'no' });
  });

  test('ends at an instance that checks the source of its packets', () => {
    const { vpc, read } = aNetwork({ natGateways: 1, natGatewayProvider: natInstance() });
    const instance = vpc.node.findAll().find((child): child is ec2.CfnInstance => child instanceof ec2.CfnInstance);
    instance!.sourceDestCheck = true;
    expect(reachByTier(read())).toMatchObject({ private: 'no' });
  });

  test('ends at a NAT instance without a public address', () => {
    const { vpc, read } = aNetwork({ natGateways: 1, natGatewayProvider: natInstance() });
    const instance = vpc.node.findAll().find((child): child is ec2.CfnInstance => child instanceof ec2.CfnInstance);
    instance!.addPropertyOverride('NetworkInterfaces', [
      { DeviceIndex: '0', AssociatePublicIpAddress: false, SubnetId: instance!.subnetId },
    ]);
    expect(reachByTier(read())).toMatchObject({ private: 'no' });
  });
});
