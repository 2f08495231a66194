import type { TemplateResource } from '../assembly/template';
import type { Model } from '../model';
import { EVERYWHERE } from '../network/addresses';
import { between } from '../network/connections';
import { Endpoint, Endpoints } from '../network/endpoints';
import { fromInternet, publicSources, throughSubnet } from '../network/from-internet';
import { standIn, vpcOriginOf } from '../network/foreign-endpoints';
import type { Network } from '../network/network';
import { Opening, fewerDoubts, merge, rulesOf, unique } from '../network/openings';
import { Ports, commonPorts } from '../network/ports';
import { balancerPorts } from './balancers';
import { openDoors } from './doors';
import { Forward, Over } from './forward';
import { forwardsInto } from './forwards';
import { foreignGroups } from './target-groups';

/** How a resource is asked by another one. */
export interface Link {
  readonly from: TemplateResource;
  readonly forward: boolean;
  /** The ports on which `from` must be asked for this. */
  readonly arriving?: readonly Ports[];
  /** As `from` itself asks. Without ports, a service asks. */
  readonly plain?: Asking;
  /** As the client asks whose packets `from` passes on with their address; then `plain` is for those without one. */
  readonly kept?: readonly Opening[];
  /** The packets go out to the internet and come back from there. */
  readonly overInternet: boolean;
}

export interface Asking {
  readonly ports: readonly Ports[];
  readonly allowedBy: readonly string[];
  readonly doubts: readonly string[];
}

/** Finds and remembers what asks what, and what the internet asks. */
export class Links {
  private readonly known = new Map<TemplateResource, Link[]>();
  private readonly entries = new Map<TemplateResource, { network: Opening[]; doors: Opening[] }>();

  constructor(
    private readonly model: Model,
    private readonly network: Network,
    private readonly endpoints: Endpoints,
  ) {}

  /** What can ask a resource: forwarders, and everything that may open a connection to it. */
  public into(to: TemplateResource): Link[] {
    const known = this.known.get(to);
    if (known) return known;
    const forwards = forwardsInto(this.model, to).flatMap((forward) => this.forwardLink(forward, to) ?? []);
    const links = [...forwards, ...this.connections(to)].map((link) => this.withDoubts(link, to));
    this.known.set(to, links);
    return links;
  }

  /** How a resource is asked from the internet without anything between: through a network, or at a door of AWS. */
  public entriesInto(resource: TemplateResource): { network: Opening[]; doors: Opening[] } {
    const known = this.entries.get(resource);
    if (known) return known;
    const endpoint = this.endpoints.of(resource);
    const network = endpoint ? [...this.ownEntries(endpoint), ...this.foreignEntries(endpoint)] : [];
    const entries = {
      network: network.map((opening) => ({
        ...opening,
        doubts: unique([...opening.doubts, ...this.model.doubtsAbout(resource)]),
      })),
      doors: openDoors(this.model, resource),
    };
    this.entries.set(resource, entries);
    return entries;
  }

  private ownEntries(endpoint: Endpoint): Opening[] {
    const open = fromInternet(this.network, endpoint);
    if (!endpoint.resource.type.startsWith('AWS::ElasticLoadBalancing')) return open;
    // nobody answers on a port without a listener
    return merge(
      balancerPorts(this.model, endpoint.resource).flatMap(({ ports, doubts }) =>
        narrowAll(open, [ports]).map((opening) => ({ ...opening, doubts: unique([...opening.doubts, ...doubts]) })),
      ),
    );
  }

  /** Through target groups that are not in the assembly. */
  private foreignEntries(to: Endpoint): Opening[] {
    return foreignGroups(this.model, to.resource).flatMap(({ group, port }) => {
      const why = `who leads to the target group ${group} is not in this assembly`;
      const wanted = port === undefined ? undefined : [{ protocol: 'tcp', first: port, last: port }];
      return narrowAll(between(this.network, standIn(to.resource, why), to), wanted).map((opening) => ({
        ...opening,
        source: group,
      }));
    });
  }

  private forwardLink(forward: Forward, to: TemplateResource): Link | undefined {
    const { from, arriving, leaving, allowedBy, doubts } = forward;
    const link = { from, forward: true, arriving, overInternet: forward.over === Over.INTERNET };
    const end = this.endpoints.of(to);
    if (forward.over === Over.SERVICE || !end) return { ...link, plain: { ports: leaving ?? [], allowedBy, doubts } };
    if (forward.over === Over.INTERNET) {
      const plain = this.askingFromOutside(forward, to);
      return plain && { ...link, plain };
    }
    const start = this.asker(forward, end);
    const plain = start && asking(narrowAll(between(this.network, start, end), leaving), forward);
    const kept = forward.keepsClient ? this.asClient(end, forward) : undefined;
    return plain || kept?.length ? { ...link, plain, kept } : undefined;
  }

  /** What asks in the network: the forwarder, its link into the VPC, or what stands for one that is not in the assembly. */
  private asker({ from, asks, keepsClient }: Forward, end: Endpoint): Endpoint | undefined {
    if (asks?.type === 'AWS::CloudFront::VpcOrigin') return vpcOriginOf(asks, end);
    const start = this.endpoints.of(asks ?? from);
    if (start || keepsClient) return start;
    return standIn(asks ?? from, `what ${(asks ?? from).path} asks with is not in this assembly`);
  }

  /** Asked by its public name: it has to be open to the internet, as if anybody asked. */
  private askingFromOutside({ from, leaving, allowedBy, doubts }: Forward, to: TemplateResource): Asking | undefined {
    const open = narrowAll(this.entriesInto(to).network, leaving).map((opening) => ({
      ...opening,
      doubts: isEverywhere(opening.source)
        ? opening.doubts
        : [...opening.doubts, `whether ${from.path} asks from ${opening.source} is not in this assembly`],
    }));
    return asking(open, { allowedBy, doubts });
  }

  /** Where the packets keep the client's address the target's rules are about the client; no route of its own is needed. */
  private asClient(to: Endpoint, { allowedBy, leaving, doubts }: Forward): Opening[] {
    const open = to.places.flatMap((place) =>
      rulesOf(to.groups, 'in').flatMap((rule) =>
        ([4, 6] as const)
          .flatMap((family) => publicSources(rule.peer, family))
          .flatMap((source) =>
            throughSubnet(this.network, place, source, rule.ports, { routed: false }).map((opening) => ({
              ...opening,
              allowedBy: [...allowedBy, rule.writtenIn],
              doubts: unique([...doubts, ...rule.doubts, ...source.doubts, ...opening.doubts]),
            })),
          ),
      ),
    );
    return merge(narrowAll(open, leaving));
  }

  private connections(to: TemplateResource): Link[] {
    const end = this.endpoints.of(to);
    if (!end) return [];
    return this.endpoints
      .all()
      .filter(({ startsConnections, resource }) => startsConnections && resource !== to)
      .flatMap((start) => {
        const plain = asking(between(this.network, start, end), { allowedBy: [], doubts: [] });
        return plain ? [{ from: start.resource, forward: false, plain, overInternet: false }] : [];
      });
  }

  /** Neither side may be made after all. */
  private withDoubts(link: Link, to: TemplateResource): Link {
    const made = [...this.model.doubtsAbout(link.from), ...this.model.doubtsAbout(to)];
    if (made.length === 0) return link;
    const doubted = <T extends { readonly doubts: readonly string[] }>(what: T): T => ({
      ...what,
      doubts: unique([...what.doubts, ...made]),
    });
    return { ...link, plain: link.plain && doubted(link.plain), kept: link.kept?.map(doubted) };
  }
}

export function isEverywhere(source: string): boolean {
  return Object.values(EVERYWHERE).includes(source);
}

/** Everything that is open as one; doubts count only when nothing is open without one. */
function asking(open: readonly Opening[], by: Pick<Asking, 'allowedBy' | 'doubts'>): Asking | undefined {
  if (open.length === 0) return undefined;
  return {
    ports: open.map(({ ports }) => ports),
    allowedBy: unique([...by.allowedBy, ...open.flatMap(({ allowedBy }) => allowedBy)]),
    doubts: unique([...by.doubts, ...open.map(({ doubts }) => doubts).reduce(fewerDoubts)]),
  };
}

export function narrow(ports: readonly Ports[], wanted: readonly Ports[] | undefined): Ports[] {
  if (!wanted) return [...ports];
  return ports.flatMap((open) => wanted.flatMap((want) => commonPorts(open, want) ?? []));
}

export function narrowAll(openings: readonly Opening[], wanted: readonly Ports[] | undefined): Opening[] {
  return openings.flatMap((opening) => narrow([opening.ports], wanted).map((ports) => ({ ...opening, ports })));
}
