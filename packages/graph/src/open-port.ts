import type { Certainty } from './certainty';

/** Ports on which one resource can open a connection to another. */
export interface OpenPort {
  /** `5432/tcp`, `1024-65535/udp`, `icmp`, `all`. */
  readonly ports: string;
  /** Construct paths of the rules that open them. */
  readonly allowedBy: string[];
  readonly certainty: Certainty;
  /** What is not known about it, as sentences. */
  readonly unknowns: string[];
}

/** One rule of a security group. */
export interface SecurityGroupRule {
  /** `in` or `out`. */
  readonly direction: string;
  /** `443/tcp`, `all`. */
  readonly ports: string;
  /** A block, a prefix list, or the construct path of a security group. */
  readonly peer: string;
  readonly description: string;
  /** Construct path of what holds the rule. */
  readonly writtenIn: string;
  /** Why it may not be there, or may be narrower. */
  readonly unknowns: string[];
}

/** One entry of a network ACL. */
export interface NetworkAclEntry {
  /** `in` or `out`. */
  readonly direction: string;
  /** Entries are tried in the order of their numbers; the first that matches decides. */
  readonly ruleNumber: number;
  /** `allow` or `deny`. */
  readonly action: string;
  readonly cidr: string;
  /** `443/tcp`, `all`. */
  readonly ports: string;
  /** Why it may not be there, or may be another one. */
  readonly unknowns: string[];
}

/** A packet, as a network ACL sees it. */
export interface Packet {
  /** `in` for one that arrives at the subnet, `out` for one that leaves it. */
  readonly direction: string;
  /** `tcp` or `udp`. */
  readonly protocol: string;
  /** The port that the packet is addressed to. */
  readonly port: number;
  /** The address, or the block, on the other side. */
  readonly address: string;
}
