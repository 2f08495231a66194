import { BlockList, isIPv6 } from 'node:net';
import type { Resources } from './resources';
import { referenceIn, textOf } from './text';

export interface AclEntry {
  readonly direction: 'in' | 'out';
  readonly number: number;
  readonly action: 'allow' | 'deny';
  /** The other side: where `in` comes from, where `out` goes to. */
  readonly cidr: string;
  readonly protocol: string;
  /** `443`, `1024-65535`, or `all`. */
  readonly ports: string;
}

/** One packet, seen from the subnet. */
export interface Packet {
  readonly direction: 'in' | 'out';
  readonly protocol: 'tcp' | 'udp';
  /** The port that the packet is addressed to. */
  readonly port: number;
  /** The address on the other side. */
  readonly address: string;
}

/** The network ACL of a subnet: rules are tried by number, the first that matches decides, and without one it is denied. */
export class AclReading {
  constructor(
    /** Empty for the VPC's default ACL, which allows everything. */
    public readonly logicalId: string,
    /** In the order in which they are tried, `in` before `out`. */
    public readonly entries: AclEntry[],
  ) {}

  /** Whether a packet passes. ACLs keep no state: ask for the answer too. */
  public admits(packet: Packet): boolean {
    const decides = this.entries.find(
      ({ direction, cidr, protocol, ports }) =>
        direction === packet.direction &&
        (protocol === 'all' || protocol === packet.protocol) &&
        inRange(packet.port, ports) &&
        inBlock(packet.address, cidr),
    );
    return decides?.action === 'allow';
  }
}

const ALLOW_ALL: AclEntry[] = (['in', 'out'] as const).flatMap((direction) =>
  ['0.0.0.0/0', '::/0'].map((cidr, index): AclEntry => {
    return { direction, number: 100 + index, action: 'allow', cidr, protocol: 'all', ports: 'all' };
  }),
);

/** The ACL that is associated with a subnet, or the VPC's default one. */
export function readAcl(resources: Resources, subnet: string): AclReading {
  const [association] = resources.referring('AWS::EC2::SubnetNetworkAclAssociation', 'SubnetId', subnet);
  const acl = association && referenceIn(association.properties.NetworkAclId);
  if (!acl) return new AclReading('', ALLOW_ALL);
  const entries = resources
    .referring('AWS::EC2::NetworkAclEntry', 'NetworkAclId', acl)
    .map(({ properties }) => entryOf(properties))
    .sort((a, b) => (a.direction === b.direction ? a.number - b.number : a.direction === 'in' ? -1 : 1));
  return new AclReading(acl, entries);
}

const PROTOCOLS: Readonly<Record<string, string>> = { '-1': 'all', 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

function entryOf(properties: Readonly<Record<string, unknown>>): AclEntry {
  const protocol = textOf(properties.Protocol);
  const range = properties.PortRange as { From: number; To: number } | undefined;
  return {
    direction: properties.Egress === true ? 'out' : 'in',
    number: Number(properties.RuleNumber),
    action: properties.RuleAction === 'allow' ? 'allow' : 'deny',
    cidr: textOf(properties.CidrBlock ?? properties.Ipv6CidrBlock),
    protocol: PROTOCOLS[protocol] ?? protocol,
    ports: portRange(range?.From, range?.To),
  };
}

/** A range of ports as text. */
export function portRange(from: number | undefined, to: number | undefined): string {
  if (from === undefined || from === -1 || (from === 0 && to === 65535)) return 'all';
  return from === to || to === undefined ? String(from) : `${from}-${to}`;
}

function inRange(port: number, ports: string): boolean {
  if (ports === 'all') return true;
  const [from, to = from] = ports.split('-').map(Number);
  return port >= from && port <= to;
}

/** A block that the template only refers to (a VPC's own) contains no address that a test can name. */
function inBlock(address: string, cidr: string): boolean {
  const [net, bits] = cidr.split('/');
  if (!/^[0-9a-f.:]+$/i.test(net) || isIPv6(net) !== isIPv6(address)) return false;
  const list = new BlockList();
  const family = isIPv6(net) ? 'ipv6' : 'ipv4';
  list.addSubnet(net, Number(bits), family);
  return list.check(address, family);
}
