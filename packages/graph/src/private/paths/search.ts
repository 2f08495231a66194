import type { TemplateResource } from '../assembly/template';
import type { Model } from '../model';
import { blockOf, common } from '../network/addresses';
import { Endpoints } from '../network/endpoints';
import { Network } from '../network/network';
import { Opening, unique } from '../network/openings';
import type { Ports } from '../network/ports';
import { ANYONE } from '../policies/public-access';
import { Asking, Link, Links, isEverywhere, narrow, narrowAll } from './links';
import { Hop, Way, keyOf, mergeWays } from './way';

/** A part of a way: what stands at its beginning, and how it goes on from there. */
interface Trail {
  readonly at: TemplateResource;
  readonly rest: readonly { readonly to: TemplateResource; readonly link: Link }[];
}

/** Looks for ways, from their end backwards. */
export class Search {
  public readonly network: Network;
  public readonly endpoints: Endpoints;
  public readonly links: Links;

  constructor(model: Model) {
    this.network = new Network(model);
    this.endpoints = new Endpoints(model, this.network);
    this.links = new Links(model, this.network, this.endpoints);
  }

  /** Ways on which every hop passes on what it is asked: requests of the internet arrive at the resource. */
  public waysInto(resource: TemplateResource): Way[] {
    return this.ways(resource, undefined, new Set());
  }

  /**
   * Ways that may also lead through code: what runs there is asked, and may ask onward. For each entry and each last
   * hop before the resource one way, the shortest.
   */
  public chainsInto(resource: TemplateResource): Way[] {
    const direct = this.waysInto(resource);
    const onward = this.links
      .into(resource)
      .flatMap((link) =>
        this.shortestInto(link.from, link.arriving, new Set([resource])).flatMap((way) =>
          passOn(way, resource, link, undefined),
        ),
      );
    const known = new Set(direct.map(keyOf));
    return [...direct, ...mergeWays(onward).filter((way) => !known.has(keyOf(way)))];
  }

  private ways(
    resource: TemplateResource,
    wanted: readonly Ports[] | undefined,
    seen: ReadonlySet<TemplateResource>,
  ): Way[] {
    if (seen.has(resource)) return [];
    const visited = new Set([...seen, resource]);
    const { network, doors } = this.links.entriesInto(resource);
    const isAccelerator = resource.type === 'AWS::GlobalAccelerator::Accelerator';
    const entering = [
      ...narrowAll(network, wanted).map((opening) => entry(resource, opening, true)),
      ...narrowAll(doors, wanted).map((opening) => entry(resource, opening, isAccelerator)),
    ];
    const passedOn = this.links
      .into(resource)
      .filter(({ forward }) => forward)
      .flatMap((link) =>
        this.ways(link.from, link.arriving, visited).flatMap((way) => passOn(way, resource, link, wanted)),
      );
    return mergeWays([...entering, ...passedOn]);
  }

  /** Breadth first, so that the first way found from an entry is the shortest. */
  private shortestInto(
    resource: TemplateResource,
    arriving: readonly Ports[] | undefined,
    excluded: ReadonlySet<TemplateResource>,
  ): Way[] {
    const found = new Map<string, Way>();
    const seen = new Set([...excluded, resource]);
    let front: Trail[] = [{ at: resource, rest: [] }];
    while (front.length > 0) {
      const next: Trail[] = [];
      for (const { at, rest } of front) {
        const wanted = rest.length > 0 ? rest[0].link.arriving : arriving;
        for (const way of this.ways(at, wanted, excluded))
          for (const whole of along(way, rest, arriving)) {
            if (!found.has(keyOf(whole))) found.set(keyOf(whole), whole);
          }
        // a balancer may lead here by several listeners: all of them are tried
        const links = this.links.into(at).filter((link) => !seen.has(link.from) && isOpen(link, wanted));
        for (const link of links) {
          seen.add(link.from);
          next.push({ at: link.from, rest: [{ to: at, link }, ...rest] });
        }
      }
      front = next;
    }
    return [...found.values()];
  }
}

/** A way with the rest of a trail; every hop is asked on the ports that the next one needs it to be asked on. */
function along(way: Way, rest: Trail['rest'], arriving: readonly Ports[] | undefined): Way[] {
  return rest.reduce<Way[]>(
    (ways, { to, link }, index) =>
      ways.flatMap((sofar) =>
        passOn(sofar, to, link, index + 1 < rest.length ? rest[index + 1].link.arriving : arriving),
      ),
    [way],
  );
}

function isOpen({ plain, kept }: Link, wanted: readonly Ports[] | undefined): boolean {
  if (plain && (plain.ports.length === 0 || narrow(plain.ports, wanted).length > 0)) return true;
  return kept !== undefined && narrowAll(kept, wanted).length > 0;
}

function entry(resource: TemplateResource, { source, ports, allowedBy, doubts }: Opening, isClient: boolean): Way {
  const hop: Hop = { resource, ports: [ports], allowedBy, connectsOnward: false };
  return { source, hops: [hop], doubts, client: isClient ? 'the source' : undefined };
}

/** A way with one more hop: as the last hop asks, or with the address of the client where that is kept. */
function passOn(way: Way, to: TemplateResource, link: Link, wanted: readonly Ports[] | undefined): Way[] {
  if (link.kept && way.client)
    return narrowAll(link.kept, wanted).flatMap((opening) => keepClient(way, to, opening) ?? []);
  if (!link.plain) return [];
  const ports = narrow(link.plain.ports, wanted);
  if (link.plain.ports.length > 0 && ports.length === 0) return [];
  const client = link.overInternet ? ('a forwarder' as const) : undefined;
  return [{ ...extend(way, to, { ...link.plain, ports }, link.forward), client }];
}

/** Only clients that the target's rule admits get through. */
function keepClient(way: Way, to: TemplateResource, { source, ports, allowedBy, doubts }: Opening): Way | undefined {
  const open = extend(way, to, { ports: [ports], allowedBy, doubts }, true);
  if (isEverywhere(source) && source.includes(':') === way.source.includes(':')) return open;
  const [admitted, asking] = [blockOf(source), blockOf(way.source)];
  const isPrecise = way.client === 'the source' && admitted;
  if (isPrecise && way.source === ANYONE) return { ...open, source };
  if (isPrecise && asking) {
    const shared = common(admitted, asking);
    return shared && { ...open, source: shared.text };
  }
  if (isEverywhere(source)) return open;
  return { ...open, doubts: unique([...open.doubts, `whether a client comes from ${source} is not in this assembly`]) };
}

function extend(way: Way, to: TemplateResource, { ports, allowedBy, doubts }: Asking, isForward: boolean): Way {
  const last = way.hops.length - 1;
  const hops = way.hops.map((hop, index) => (index === last && !isForward ? { ...hop, connectsOnward: true } : hop));
  return {
    source: way.source,
    hops: [...hops, { resource: to, ports, allowedBy, connectsOnward: false }],
    doubts: unique([...way.doubts, ...doubts]),
    client: way.client,
  };
}
