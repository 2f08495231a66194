import { Findings } from '@groundplan/core';
import {
  AclCidr,
  AclTraffic,
  CfnNetworkAcl,
  CfnNetworkAclEntry,
  CfnVPCCidrBlock,
  NetworkAcl,
  SubnetType,
  TrafficDirection,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** Entries are numbered in steps, so that a user's own fit in between; those of IPv6 follow far behind. */
const FIRST = 100;
const STEP = 10;
const IPV6 = 1000;

/** Answers come back to the ports 1024–65535 (AWS: "Ephemeral ports"); 3389 is left out, it would let RDP in. */
const ANSWERS: readonly (readonly [string, AclTraffic])[] = [
  ['TcpAnswersBelowRdp', AclTraffic.tcpPortRange(1024, 3388)],
  ['TcpAnswersAboveRdp', AclTraffic.tcpPortRange(3390, 65535)],
  ['UdpAnswersBelowRdp', AclTraffic.udpPortRange(1024, 3388)],
  ['UdpAnswersAboveRdp', AclTraffic.udpPortRange(3390, 65535)],
];
const WEB: readonly (readonly [string, AclTraffic])[] = [
  ['Http', AclTraffic.tcpPort(80)],
  ['Https', AclTraffic.tcpPort(443)],
];
/** "Destination unreachable" is how path MTU discovery works; without it large packets vanish. */
const UNREACHABLE = { ipv4: AclTraffic.icmp({ type: 3, code: -1 }), ipv6: AclTraffic.icmpv6({ type: 2, code: 0 }) };

/** AWS Solutions finds every network ACL worth a second look; these were asked for. */
const CHOSEN =
  'A second fence behind the security groups was chosen (NetworkAcls.BY_TIER); it holds answers and tiers only. NetworkAcls.AWS_DEFAULT leaves it to the security groups.';

/** A tier as its ACL sees it. */
export interface FencedTier {
  readonly name: string;
  readonly subnetType: SubnetType;
  /** The block of the whole network. */
  readonly cidr: string;
  /** Of a dual-stack network: the association of its IPv6 block, without which nobody knows the block. */
  readonly ipv6Block?: CfnVPCCidrBlock;
}

/** The network ACL of a tier, by what kind of subnets it has. */
export function presetAcl(scope: Construct, vpc: Vpc, tier: FencedTier): NetworkAcl {
  const acl = new NetworkAcl(scope, `${tier.name}Acl`, { vpc, subnetSelection: { subnetGroupName: tier.name } });
  fence(acl, tier, '', FIRST, AclCidr.ipv4(tier.cidr), AclCidr.anyIpv4(), UNREACHABLE.ipv4);
  if (tier.ipv6Block) {
    acl.node.addDependency(tier.ipv6Block);
    const inside = AclCidr.ipv6(Fn.select(0, vpc.vpcIpv6CidrBlocks));
    fence(acl, tier, 'V6', FIRST + IPV6, inside, AclCidr.anyIpv6(), UNREACHABLE.ipv6);
  }
  for (const child of acl.node.findAll())
    if (CfnNetworkAcl.isCfnNetworkAcl(child) || CfnNetworkAclEntry.isCfnNetworkAclEntry(child))
      Findings.acknowledge(child, ['AwsSolutions-VPC3'], CHOSEN);
  return acl;
}

function fence(
  acl: NetworkAcl,
  { subnetType }: FencedTier,
  suffix: string,
  first: number,
  inside: AclCidr,
  anywhere: AclCidr,
  unreachable: AclTraffic,
): void {
  const isIsolated = subnetType === SubnetType.PRIVATE_ISOLATED;
  const answers = [...ANSWERS, ['PathMtu', unreachable] as const];
  const fromOutside = isIsolated ? [] : subnetType === SubnetType.PUBLIC ? [...WEB, ...answers] : answers;
  const allow = (id: string, position: number, direction: TrafficDirection, cidr: AclCidr, traffic: AclTraffic) =>
    acl.addEntry(`${id}${suffix}`, { ruleNumber: first + position * STEP, direction, cidr, traffic });

  allow('Inside', 0, TrafficDirection.INGRESS, inside, AclTraffic.allTraffic());
  fromOutside.forEach(([id, traffic], i) => allow(id, i + 1, TrafficDirection.INGRESS, anywhere, traffic));
  allow('Out', 0, TrafficDirection.EGRESS, isIsolated ? inside : anywhere, AclTraffic.allTraffic());
}
