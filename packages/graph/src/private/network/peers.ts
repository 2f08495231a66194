import { Value, alternatives, at, itemsOf, stringOf, textOf } from '../evaluation/value';
import type { Model } from '../model';
import type { Family } from './addresses';

/** Who stands on the other side of a rule. */
export type Peer =
  /** `why` where the templates do not say which group it is. */
  | { readonly kind: 'group'; readonly group: string; readonly why?: string }
  | { readonly kind: 'cidr'; readonly cidr: string }
  /** `cidrs` are known for a prefix list of this assembly. */
  | { readonly kind: 'prefix list'; readonly list: string; readonly cidrs?: readonly string[] }
  | UnknownPeer;

/** A block, or a whole rule, that the templates do not say. */
interface UnknownPeer {
  readonly kind: 'unknown';
  readonly why: string;
  readonly text: string;
  /** The family of a block, which its property says. */
  readonly family?: Family;
  /** It is the IPv6 block of a VPC: AWS assigns it, so that nobody of the internet stands in it. */
  readonly isOwnBlock?: boolean;
}

/** The peers that a rule may have: one, where no condition decides. */
export function peersOf(
  model: Model,
  direction: 'in' | 'out',
  rule: Value,
): { readonly peer: Peer; readonly doubts: readonly string[] }[] {
  const side = direction === 'in' ? 'Source' : 'Destination';
  const sayers: readonly [string, (value: Value) => Peer][] = [
    [`${side}SecurityGroupId`, groupPeer],
    [`${side}SecurityGroupName`, groupPeer],
    [`${side}PrefixListId`, (list) => listPeer(model, list)],
    ['CidrIp', (cidr) => cidrPeer(cidr, 4)],
    ['CidrIpv6', (cidr) => cidrPeer(cidr, 6)],
  ];
  if (rule.kind === 'unknown') return [{ peer: { kind: 'unknown', why: rule.why, text: rule.text }, doubts: [] }];
  const found = sayers.flatMap(([property, peer]) =>
    alternatives(at(rule, property)).map(({ value, doubts }) => ({
      peer: peer(value),
      // what is unknown as a whole says so itself
      doubts: value.kind === 'unknown' ? [] : doubts,
    })),
  );
  const why = 'a rule names no other side';
  return found.length > 0 ? found : [{ peer: { kind: 'unknown', why, text: '?' }, doubts: [] }];
}

function groupPeer(value: Value): Peer {
  return { kind: 'group', group: textOf(value), ...(value.kind === 'unknown' && { why: value.why }) };
}

/** The blocks of a prefix list of this assembly; those of one that AWS or somebody else keeps are not known. */
function listPeer(model: Model, list: Value): Peer {
  const isOwn = list.kind === 'reference' && list.to.type === 'AWS::EC2::PrefixList';
  const entries = isOwn ? itemsOf(model.property(list.to, 'Entries')).map((entry) => stringOf(at(entry, 'Cidr'))) : [];
  const isKnown = isOwn && entries.every((cidr) => cidr !== undefined);
  return { kind: 'prefix list', list: textOf(list), ...(isKnown && { cidrs: entries as string[] }) };
}

function cidrPeer(value: Value, family: Family): Peer {
  const [cidr, text] = [stringOf(value), textOf(value)];
  if (cidr !== undefined) return { kind: 'cidr', cidr };
  const why = value.kind === 'unknown' ? value.why : `"${text}" is known when it is deployed`;
  return { kind: 'unknown', why, text, family, isOwnBlock: isOfVpc(value) };
}

/** Whether a value is a block of a VPC itself. */
export function isOfVpc(value: Value): boolean {
  return value.kind === 'reference' && value.to.type === 'AWS::EC2::VPC';
}

/** One line: a block, the id of a prefix list or of a group; of a group of the assembly its path. */
export function peerText(peer: Peer): string {
  switch (peer.kind) {
    case 'group':
      return peer.group.replace(/^\$\{([^}]*)\}$/, '$1');
    case 'cidr':
      return peer.cidr;
    case 'prefix list':
      return peer.list.replace(/^\$\{([^}]*)\}$/, '$1');
    case 'unknown':
      return peer.text;
  }
}

/** What is said of a prefix list whose blocks are not in the assembly. */
export function doubtAboutList(list: string): string {
  return `what the prefix list ${list} holds is not in this assembly`;
}
