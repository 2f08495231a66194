import type { TemplateResource } from '../assembly/template';
import { fewerDoubts, unique } from '../network/openings';
import type { Ports } from '../network/ports';

/** A resource on a way, and how it is entered. */
export interface Hop {
  readonly resource: TemplateResource;
  readonly ports: readonly Ports[];
  readonly allowedBy: readonly string[];
  /** Its code decides to connect onward; without this, what arrives is passed on. */
  readonly connectsOnward: boolean;
}

/** A way from the internet: every hop after the first is asked by the one before it. */
export interface Way {
  readonly source: string;
  readonly hops: readonly Hop[];
  readonly doubts: readonly string[];
  /** Whose public address the packets carry: the source's, a forwarder's, or none that is public. */
  readonly client?: 'the source' | 'a forwarder';
}

/** What makes two ways the same one: where they start, and what they lead through. */
export function keyOf({ source, hops }: Way): string {
  return [source, ...hops.map(({ resource }) => resource.path)].join(' > ');
}

/** Ways that differ only in ports and rules are one. */
export function mergeWays(ways: readonly Way[]): Way[] {
  const merged = new Map<string, Way>();
  for (const way of ways) {
    const earlier = merged.get(keyOf(way));
    merged.set(keyOf(way), earlier ? union(earlier, way) : way);
  }
  return [...merged.values()];
}

function union(a: Way, b: Way): Way {
  return {
    ...a,
    hops: a.hops.map((hop, index) => ({
      ...hop,
      ports: [...hop.ports, ...b.hops[index].ports],
      allowedBy: unique([...hop.allowedBy, ...b.hops[index].allowedBy]),
    })),
    doubts: fewerDoubts(a.doubts, b.doubts),
    client: a.client ?? b.client,
  };
}
