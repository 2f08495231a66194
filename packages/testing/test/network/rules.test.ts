import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Packet } from '../../src';
import { aNetwork } from './fixtures';

const https: Packet = { direction: 'in', protocol: 'tcp', port: 443, address: '198.51.100.7' };
const { INGRESS, EGRESS } = ec2.TrafficDirection;

describe('a network ACL', () => {
  function withAcl() {
    const network = aNetwork();
    const acl = new ec2.NetworkAcl(network.stack, 'Acl', {
      vpc: network.vpc,
      subnetSelection: { subnetGroupName: 'private' },
    });
    const add = (id: string, entry: ec2.CommonNetworkAclEntryOptions) => acl.addEntry(id, entry);
    add('Https', {
      ruleNumber: 100,
      cidr: ec2.AclCidr.anyIpv4(),
      traffic: ec2.AclTraffic.tcpPort(443),
      direction: INGRESS,
    });
    add('Block', {
      ruleNumber: 90,
      cidr: ec2.AclCidr.ipv4('203.0.113.0/24'),
      traffic: ec2.AclTraffic.allTraffic(),
      direction: INGRESS,
      ruleAction: ec2.Action.DENY,
    });
    add('Answers', {
      ruleNumber: 100,
      cidr: ec2.AclCidr.anyIpv4(),
      traffic: ec2.AclTraffic.tcpPortRange(1024, 65535),
      direction: EGRESS,
    });
    const reading = network.read();
    return {
      acl: reading.aclOf(reading.subnetsOf('private')[0]),
      other: reading.aclOf(reading.subnetsOf('public')[0]),
    };
  }

  test('lists its entries in the order in which they are tried', () => {
    expect(withAcl().acl.entries).toEqual([
      { direction: 'in', number: 90, action: 'deny', cidr: '203.0.113.0/24', protocol: 'all', ports: 'all' },
      { direction: 'in', number: 100, action: 'allow', cidr: '0.0.0.0/0', protocol: 'tcp', ports: '443' },
      { direction: 'out', number: 100, action: 'allow', cidr: '0.0.0.0/0', protocol: 'tcp', ports: '1024-65535' },
    ]);
  });

  test.each<[boolean, string, Partial<Packet>]>([
    [true, 'what a rule allows', {}],
    [false, 'another port', { port: 22 }],
    [false, 'another protocol', { protocol: 'udp' }],
    [false, 'an address that a lower number denies', { address: '203.0.113.9' }],
    [true, 'the answer', { direction: 'out', port: 50000 }],
    [false, 'a connection from inside', { direction: 'out', port: 443 }],
    [false, 'IPv6, of which no rule speaks', { address: '2001:db8::1' }],
  ])('admits (%s) %s', (admitted, _, packet) => {
    expect(withAcl().acl.admits({ ...https, ...packet })).toBe(admitted);
  });

  test('of a subnet without one is the default, which allows everything', () => {
    const { other } = withAcl();
    expect(other.logicalId).toBe('');
    expect(other.admits({ ...https, port: 22 })).toBe(true);
    expect(other.admits({ ...https, address: '2001:db8::1' })).toBe(true);
  });
});

describe('the ports of a security group', () => {
  function aGroup(props: Partial<ec2.SecurityGroupProps> = {}) {
    const { stack, vpc, read } = aNetwork();
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false, ...props });
    return { stack, vpc, group, read };
  }

  test('are none when nothing was opened', () => {
    const { group, read } = aGroup();
    expect(read().openPorts(group)).toEqual([]);
  });

  test('are those of its own rules and those that stand beside it', () => {
    const { stack, vpc, group, read } = aGroup();
    const client = new ec2.SecurityGroup(stack, 'Client', { vpc });
    group.addIngressRule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(443), 'HTTPS from the VPC');
    group.connections.allowFrom(client, ec2.Port.tcpRange(5432, 5433), 'database');
    expect(read().openPorts(group)).toEqual([
      { direction: 'in', peer: '10.0.0.0/16', protocol: 'tcp', ports: '443', description: 'HTTPS from the VPC' },
      {
        direction: 'in',
        peer: expect.stringMatching(/^Client/),
        protocol: 'tcp',
        ports: '5432-5433',
        description: 'database',
      },
    ]);
  });

  test('say that everything is open when it is', () => {
    const { group, read } = aGroup({ allowAllOutbound: true });
    group.addIngressRule(ec2.Peer.anyIpv6(), ec2.Port.allTraffic(), 'all');
    expect(read().openPorts(group)).toEqual([
      { direction: 'in', peer: '::/0', protocol: 'all', ports: 'all', description: 'all' },
      expect.objectContaining({ direction: 'out', peer: '0.0.0.0/0', protocol: 'all', ports: 'all' }),
    ]);
  });

  test('are asked for by construct, logical id or reading alike', () => {
    const { stack, group, read } = aGroup({ allowAllOutbound: true });
    const logicalId = stack.getLogicalId(group.node.defaultChild as ec2.CfnSecurityGroup);
    expect(read().openPorts(logicalId)).toEqual(read().openPorts(group));
    expect(read().openPorts({ logicalId })).toEqual(read().openPorts(group));
  });
});
