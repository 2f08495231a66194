import { RouteTarget } from '../../route';
import type { TemplateResource } from '../assembly/template';
import { stringOf, textOf } from '../evaluation/value';
import { admitted } from './acls';
import { Block, EVERYWHERE, Family, blockOf, common, contains } from './addresses';
import type { Endpoint, Place } from './endpoints';
import type { Network } from './network';
import { Opening, merge, rulesOf, unique } from './openings';
import { Peer, doubtAboutList } from './peers';
import { Ports, answeredBy, commonPorts, ephemeral } from './ports';
import type { GroupRule } from './security-groups';

/** Why something may be so after all; undefined when it certainly is not. */
type Doubts = readonly string[] | undefined;

/** An endpoint in one of its places: a connection runs between two of these. */
interface Side {
  readonly endpoint: Endpoint;
  readonly place: Place;
}

/** What is open from one endpoint to another: the rules of both, the ACLs and the routes between them. */
export function between(network: Network, from: Endpoint, to: Endpoint): Opening[] {
  // most pairs have no rule about each other at all, and are done with here
  const arriving = rulesOf(to.groups, 'in').filter((rule) => mayMeet(rule, from));
  if (arriving.length === 0) return [];
  const leaving = rulesOf(from.groups, 'out').filter((rule) => mayMeet(rule, to));
  const openings: Opening[] = [];
  for (const start of from.places)
    for (const end of to.places)
      for (const family of [4, 6] as const) {
        const way = connected(network, start, end, family);
        if (!way) continue;
        const here: Side = { endpoint: from, place: start };
        const there: Side = { endpoint: to, place: end };
        for (const out of leaving) {
          const reachesOut = meets(network, out, there, family);
          if (!reachesOut) continue;
          for (const into of arriving) {
            const shared = commonPorts(out.ports, into.ports);
            const reachesIn = shared && meets(network, into, here, family);
            if (!reachesIn) continue;
            const why = [...way, ...reachesOut, ...reachesIn, ...out.doubts, ...into.doubts];
            for (const { ports, doubts } of throughAcls(network, start, end, family, shared))
              openings.push({
                source: from.resource.path,
                ports,
                allowedBy: [into.writtenIn, out.writtenIn],
                doubts: unique([...why, ...doubts]),
              });
          }
        }
      }
  return merge(openings);
}

/** Why two places may not be connected; undefined when they certainly are not. */
function connected(network: Network, start: Place, end: Place, family: Family): Doubts {
  if (!start.subnet || !end.subnet) return family === 4 ? unique([...start.doubts, ...end.doubts]) : undefined;
  const doubts = [...start.doubts, ...end.doubts];
  if (family === 6 && !(isDualStack(network, start.subnet) && isDualStack(network, end.subnet))) return undefined;
  const [here, there] = [start.subnet, end.subnet].map((subnet) => network.model.property(subnet, 'VpcId'));
  if (textOf(here) === textOf(there)) return doubts;
  const open = [here, there].find((vpc) => vpc?.kind === 'unknown');
  if (open?.kind === 'unknown') return unique([...doubts, open.why]);
  const out = peered(network, start.subnet, end.subnet, family);
  // the answers need a route too
  const back = out && peered(network, end.subnet, start.subnet, family);
  return back && unique([...doubts, ...out, ...back]);
}

function isDualStack({ model }: Network, subnet: TemplateResource): boolean {
  return model.property(subnet, 'Ipv6CidrBlock') !== undefined;
}

/** A route from one subnet to another one's block, through a peering connection or a transit gateway. */
function peered(network: Network, from: TemplateResource, to: TemplateResource, family: Family): Doubts {
  const block = blockIn(network, to);
  const ways = network.routesOf(from).flatMap(({ kind, blocks, destination, target, doubts, targetText }) => {
    const toThere = blocks?.filter(
      (route) => route.family === family && (family === 6 || !block || common(route, block)),
    );
    if (toThere?.length === 0) return [];
    const unsure = !blocks || !block || family === 6 ? [`what ${destination} holds of ${to.path} is not known`] : [];
    if (kind === RouteTarget.PEERING) return joins(network, target, to) ? [[...doubts, ...unsure]] : [];
    if (kind === RouteTarget.TRANSIT_GATEWAY)
      return [[...doubts, ...unsure, `where the transit gateway ${targetText} leads is not in this assembly`]];
    // a table of somebody else may hold such a route
    return kind === RouteTarget.OTHER && !target && doubts.length > 0 ? [doubts] : [];
  });
  return ways.find((doubts) => doubts.length === 0) ?? ways[0];
}

/** Whether a peering connection has the VPC of a subnet at one of its ends; one from outside of the assembly may. */
function joins({ model }: Network, peering: TemplateResource | undefined, subnet: TemplateResource): boolean {
  if (!peering) return true;
  const ends = ['VpcId', 'PeerVpcId'].map((property) => model.property(peering, property));
  const vpc = textOf(model.property(subnet, 'VpcId'));
  return ends.some((end) => textOf(end) === vpc || end?.kind === 'unknown');
}

/** Whether a rule may be about an endpoint, wherever that stands. */
function mayMeet({ peer }: GroupRule, endpoint: Endpoint): boolean {
  return peer.kind !== 'group' || membership(peer, endpoint) !== undefined;
}

/** Whether an endpoint is in the group that a rule names. */
function membership({ group, why }: Extract<Peer, { kind: 'group' }>, { groups = [] }: Endpoint): Doubts {
  const member = groups.find(({ id }) => id === group);
  if (member) return member.doubts;
  if (groups.length === 0) return undefined;
  const unsure = why ?? groups.find((other) => other.why)?.why;
  return unsure === undefined ? undefined : [unsure];
}

/** Whether a rule's other side is an endpoint: why it may not be, or undefined when it is not. */
function meets(network: Network, { peer }: GroupRule, side: Side, family: Family): Doubts {
  const { endpoint } = side;
  switch (peer.kind) {
    case 'group':
      return membership(peer, endpoint);
    case 'cidr':
      return holds(network, peer.cidr, side, family);
    case 'prefix list': {
      if (!peer.cidrs) return family === 4 ? [doubtAboutList(peer.list)] : undefined;
      const found = peer.cidrs
        .map((cidr) => holds(network, cidr, side, family))
        .filter((doubts) => doubts !== undefined);
      return found.find((doubts) => doubts.length === 0) ?? found[0];
    }
    case 'unknown':
      return (peer.family ?? family) === family ? [peer.why] : undefined;
  }
}

/** Whether a block holds an endpoint's address in one of its places. */
function holds(network: Network, cidr: string, { endpoint, place }: Side, family: Family): Doubts {
  const block = blockOf(cidr);
  if (!block) return [`"${cidr}" is no block of addresses`];
  if (block.family !== family) return undefined;
  if (cidr === EVERYWHERE[family]) return [];
  const unknown = [`the addresses of ${endpoint.resource.path} are known when it is deployed`];
  if (family === 6) return unknown;
  const own = fixedAddress(network, endpoint) ?? (place.subnet && blockIn(network, place.subnet));
  if (!own) return unknown;
  if (contains(block, own)) return [];
  return common(block, own) ? unknown : undefined;
}

/** The private address that an instance was given. */
function fixedAddress({ model }: Network, { resource }: Endpoint): Block | undefined {
  return blockOf(stringOf(model.property(resource, 'PrivateIpAddress')) ?? '');
}

/** The IPv4 block of a subnet, where the template says it. */
function blockIn({ model }: Network, subnet: TemplateResource): Block | undefined {
  return blockOf(stringOf(model.property(subnet, 'CidrBlock')) ?? '');
}

/** The ports that the ACLs on the way let through, with the answers. */
function throughAcls(
  network: Network,
  { subnet: start }: Place,
  { subnet: end }: Place,
  family: Family,
  ports: Ports,
): { ports: Ports; doubts: readonly string[] }[] {
  // ACLs stand between subnets, not within one
  if (!start || !end || start === end) return [{ ports, doubts: [] }];
  const [leaving, arriving] = [network.aclOf(start), network.aclOf(end)];
  if (leaving.isDefault && arriving.isDefault) return [{ ports, doubts: [] }];
  const [here, there] = [start, end].map((subnet) => blockIn(network, subnet));
  if (!here || !there || family === 6)
    return [{ ports, doubts: [`the addresses of ${start.path} and ${end.path} are known when it is deployed`] }];
  return admitted(leaving, 'out', there, ports).flatMap((out) =>
    admitted(arriving, 'in', here, out.ports).flatMap((into) =>
      admitted(arriving, 'out', here, ephemeral(into.ports)).flatMap((answer) =>
        admitted(leaving, 'in', there, answer.ports).map((back) => ({
          ports: answeredBy(into.ports, back.ports),
          doubts: unique([...out.doubts, ...into.doubts, ...answer.doubts, ...back.doubts]),
        })),
      ),
    ),
  );
}
