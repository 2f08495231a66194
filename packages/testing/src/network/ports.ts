import { portRange } from './acl';
import type { Resources } from './resources';
import { referenceIn, textOf } from './text';

/** A hole in a security group. */
export interface OpenPort {
  readonly direction: 'in' | 'out';
  /** The other side: a CIDR, a prefix list, or the logical id of a security group. */
  readonly peer: string;
  readonly protocol: string;
  /** `443`, `1024-65535`, or `all`. */
  readonly ports: string;
  readonly description: string;
}

/** The rules of a security group, written within it or beside it. */
export function readPorts(resources: Resources, group: string): OpenPort[] {
  const inline = resources.byId(group)?.properties ?? {};
  const beside = (type: string) => resources.referring(type, 'GroupId', group).map(({ properties }) => properties);
  const rules = (property: string, type: string) => [...((inline[property] ?? []) as Rule[]), ...beside(type)];
  return [
    ...rules('SecurityGroupIngress', 'AWS::EC2::SecurityGroupIngress').map((rule) => portOf('in', rule)),
    ...rules('SecurityGroupEgress', 'AWS::EC2::SecurityGroupEgress').map((rule) => portOf('out', rule)),
  ].filter(({ peer, protocol }) => !isNoRule(peer, protocol));
}

type Rule = Readonly<Record<string, unknown>>;

function portOf(direction: 'in' | 'out', rule: Rule): OpenPort {
  const side = direction === 'in' ? 'Source' : 'Destination';
  const group = rule[`${side}SecurityGroupId`];
  const protocol = textOf(rule.IpProtocol);
  return {
    direction,
    peer: group
      ? (referenceIn(group) ?? textOf(group))
      : textOf(rule.CidrIp ?? rule.CidrIpv6 ?? rule[`${side}PrefixListId`]),
    protocol: protocol === '-1' ? 'all' : protocol,
    ports:
      protocol === '-1' ? 'all' : portRange(rule.FromPort as number | undefined, rule.ToPort as number | undefined),
    description: textOf(rule.Description),
  };
}

/** CDK writes "allow no outbound traffic" as a rule that matches nothing, because an empty list means "allow all". */
function isNoRule(peer: string, protocol: string): boolean {
  return peer === '255.255.255.255/32' && protocol === 'icmp';
}
