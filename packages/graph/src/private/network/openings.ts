import type { Membership } from './endpoints';
import { EVERYWHERE } from './addresses';
import { ALL_PORTS, Ports, portText } from './ports';
import type { Direction, GroupRule } from './security-groups';

/** Ports that are open from one side to the other, and the rules that open them. */
export interface Opening {
  /** A block or a prefix list, or the construct path of what connects. */
  readonly source: string;
  readonly ports: Ports;
  /** Construct paths of the rules. */
  readonly allowedBy: readonly string[];
  /** Why it may be closed after all. */
  readonly doubts: readonly string[];
}

/** The rules of all groups of an endpoint; a group from outside of the assembly may hold any rule. */
export function rulesOf(groups: readonly Membership[] | undefined, direction: Direction): GroupRule[] {
  if (!groups) return anything(direction, 'no security group', []);
  return groups.flatMap(({ id, rules, mayHoldMore, doubts }) => [
    ...rules
      .filter((rule) => rule.direction === direction)
      .map((rule) => (doubts.length > 0 ? { ...rule, doubts: unique([...rule.doubts, ...doubts]) } : rule)),
    ...(mayHoldMore ? anything(direction, id, [mayHoldMore]) : []),
  ]);
}

function anything(direction: Direction, writtenIn: string, doubts: readonly string[]): GroupRule[] {
  return Object.values(EVERYWHERE).map((cidr) => ({
    direction,
    ports: ALL_PORTS,
    peer: { kind: 'cidr', cidr },
    description: '',
    writtenIn,
    doubts,
  }));
}

/** One opening for each source and range of ports; what one rule certainly opens, another's doubt does not close. */
export function merge(openings: readonly Opening[]): Opening[] {
  const merged = new Map<string, Opening>();
  for (const opening of openings) {
    const key = `${opening.source} ${portText(opening.ports)}`;
    const earlier = merged.get(key);
    merged.set(key, earlier ? both(earlier, opening) : opening);
  }
  return [...merged.values()];
}

function both(a: Opening, b: Opening): Opening {
  return { ...a, allowedBy: unique([...a.allowedBy, ...b.allowedBy]), doubts: fewerDoubts(a.doubts, b.doubts) };
}

/** The doubts about two ways of being open: none when one of them is certain. */
export function fewerDoubts(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.length === 0 || b.length === 0 ? [] : unique([...a, ...b]);
}

export function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
