import { Certainty } from '../../certainty';
import type { InternetPath } from '../../internet-path';
import { Ports, portText } from '../network/ports';
import { unique } from '../network/openings';
import type { Way } from '../paths/way';

export function certaintyOf(doubts: readonly string[]): Certainty {
  return doubts.length === 0 ? Certainty.CERTAIN : Certainty.UNKNOWN;
}

export function portTexts(ports: readonly Ports[]): string[] {
  return unique(ports.map(portText)).sort();
}

/** A way, as its reader sees it. */
export function pathOf({ source, hops, doubts }: Way): InternetPath {
  const shown = hops.map(({ resource, ports, allowedBy, connectsOnward }) => ({
    resource: resource.path,
    type: resource.type,
    ports: portTexts(ports),
    allowedBy: [...allowedBy],
    connectsOnward,
  }));
  const steps = shown.map(({ ports, resource }) => [ports.join(','), resource].filter(Boolean).join(' '));
  const doubt = doubts.length > 0 ? ` (unknown: ${doubts.join('; ')})` : '';
  return {
    source,
    hops: shown,
    certainty: certaintyOf(doubts),
    unknowns: [...doubts],
    text: [`internet (${source})`, ...steps].join(' -> ') + doubt,
  };
}
