import type { TemplateResource } from '../assembly/template';
import { Value, alternatives, at, stringOf, textOf } from '../evaluation/value';
import type { Model } from '../model';
import { EVERYWHERE } from './addresses';
import { ALL_PORTS, Ports, portsOf } from './ports';
import { Peer, peersOf } from './peers';

export type Direction = 'in' | 'out';

/** One rule of a security group. */
export interface GroupRule {
  readonly direction: Direction;
  readonly ports: Ports;
  readonly peer: Peer;
  readonly description: string;
  /** Construct path of what holds the rule: the group, or a rule that stands beside it. */
  readonly writtenIn: string;
  /** Why the rule may not be there, or may be narrower. */
  readonly doubts: readonly string[];
}

/** A security group, known by the text of its id: groups from outside of the assembly have one too. */
export interface GroupRules {
  readonly id: string;
  readonly rules: readonly GroupRule[];
  /** Why there may be more rules than these. */
  readonly mayHoldMore?: string;
}

/** Rules by the id of the group that they stand beside. */
export type RulesBeside = ReadonlyMap<string, readonly GroupRule[]>;

/** The rules that are resources of their own: `AWS::EC2::SecurityGroupIngress` and `…Egress`. */
export function readRulesBeside(model: Model): RulesBeside {
  const rules = new Map<string, GroupRule[]>();
  for (const [type, direction] of [
    ['AWS::EC2::SecurityGroupIngress', 'in'],
    ['AWS::EC2::SecurityGroupEgress', 'out'],
  ] as const)
    for (const holder of model.ofType(type)) {
      const group = model.property(holder, 'GroupId') ?? model.property(holder, 'GroupName');
      for (const { value, doubts } of alternatives(group)) {
        // whoever is in a group that only a parameter names is in that same group: it is no reason for doubt
        const why = group?.kind === 'unknown' && !group.options ? [] : doubts;
        const found = rulesOf(model, direction, model.properties(holder), holder, why);
        rules.set(textOf(value), [...(rules.get(textOf(value)) ?? []), ...found]);
      }
    }
  return rules;
}

/** The rules of a security group: written within it, beside it, and those that EC2 adds. */
export function readGroup(model: Model, group: Value, allBeside: RulesBeside): GroupRules {
  const id = textOf(group);
  const beside = allBeside.get(id) ?? [];
  if (group.kind === 'reference') {
    const { to, attribute } = group;
    if (to.type === 'AWS::EC2::SecurityGroup' && attribute === '')
      return { id, rules: [...inlineRules(model, to), ...beside].filter(matchesSomething) };
    if (attribute === 'DefaultSecurityGroup') {
      const own = isClosedByCdk(model, to) ? [] : ownMembers(id, "the VPC's default security group");
      return { id, rules: [...own, ...beside] };
    }
    // https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
    if (attribute === 'ClusterSecurityGroupId')
      return { id, rules: [...ownMembers(id, 'the security group that EKS makes for a cluster'), ...beside] };
  }
  return { id, rules: beside, mayHoldMore: `the rules of ${id} are not all in this assembly` };
}

/** A new VPC's default group admits its own members and lets everything out. https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html */
function ownMembers(id: string, description: string): GroupRule[] {
  const peer: Peer = { kind: 'group', group: id };
  return [
    { direction: 'in', ports: ALL_PORTS, peer, writtenIn: id, description, doubts: [] },
    ...everythingOut(id, description),
  ];
}

/** CDK's custom resource takes all rules of the default group away. */
function isClosedByCdk(model: Model, vpc: TemplateResource): boolean {
  return model.naming(vpc, 'Custom::VpcRestrictDefaultSG', 'DefaultSecurityGroupId').length > 0;
}

function inlineRules(model: Model, group: TemplateResource): GroupRule[] {
  const inline = (property: string, direction: Direction) =>
    model.items(group, property).flatMap((item) =>
      // a rule that a condition may take away counts, with that doubt
      alternatives(item).flatMap(({ value, doubts }) => rulesOf(model, direction, value, group, doubts)),
    );
  const [ingress, egress] = [inline('SecurityGroupIngress', 'in'), inline('SecurityGroupEgress', 'out')];
  // EC2 takes its rule "everything out" away only for egress that is written within the group.
  const added = 'the rule that EC2 adds to a group without egress rules';
  if (egress.length === 0) return [...ingress, ...everythingOut(group.path, added)];
  const doubts = egress.every((rule) => rule.doubts.length > 0) ? egress[0].doubts : undefined;
  const maybe = doubts ? everythingOut(group.path, added).map((rule) => ({ ...rule, doubts })) : [];
  return [...ingress, ...egress, ...maybe];
}

function everythingOut(writtenIn: string, description: string): GroupRule[] {
  return Object.values(EVERYWHERE).map((cidr) => ({
    direction: 'out',
    ports: ALL_PORTS,
    peer: { kind: 'cidr', cidr },
    description,
    writtenIn,
    doubts: [],
  }));
}

/** One rule for each side that it may be about. */
function rulesOf(
  model: Model,
  direction: Direction,
  rule: Value,
  holder: TemplateResource,
  why: readonly string[],
): GroupRule[] {
  const { ports, doubts } = portsOf(at(rule, 'IpProtocol'), at(rule, 'FromPort'), at(rule, 'ToPort'));
  return peersOf(model, direction, rule).map((found) => ({
    direction,
    ports,
    peer: found.peer,
    description: stringOf(at(rule, 'Description')) ?? '',
    writtenIn: holder.path,
    doubts: [...new Set([...why, ...found.doubts, ...doubts, ...model.doubtsAbout(holder)])],
  }));
}

/** CDK writes "allow no outbound traffic" as a rule for one impossible packet, because an empty list means "allow all". */
function matchesSomething({ ports, peer }: GroupRule): boolean {
  return !(peer.kind === 'cidr' && peer.cidr === '255.255.255.255/32' && ports.protocol === 'icmp');
}
