import type { TemplateResource } from '../assembly/template';
import { Block, EVERYWHERE, Family, blockOf, common, isPublic } from './addresses';
import { admitted } from './acls';
import type { Endpoint, Place } from './endpoints';
import type { WayIn } from './internet-access';
import type { Network } from './network';
import { Opening, merge, rulesOf, unique } from './openings';
import { Peer, doubtAboutList, peerText } from './peers';
import { Ports, answeredBy, ephemeral } from './ports';
import { publicAddress } from './public-addresses';

/** Who on the internet a rule admits. */
export interface PublicSource {
  readonly source: string;
  readonly block: Block;
  readonly doubts: readonly string[];
}

/** What is open to an endpoint from the internet: a public address, a route, the ACL and a rule have to meet. */
export function fromInternet(network: Network, to: Endpoint): Opening[] {
  const openings = ([4, 6] as const).flatMap((family) =>
    to.places.flatMap((place) => {
      const address = publicAddress(network.model, to, place, family);
      if (!address) return [];
      return rulesOf(to.groups, 'in').flatMap((rule) =>
        publicSources(rule.peer, family).flatMap((source) =>
          throughSubnet(network, place, source, rule.ports).map((open) => ({
            ...open,
            allowedBy: [rule.writtenIn],
            doubts: unique([...address, ...rule.doubts, ...source.doubts, ...open.doubts]),
          })),
        ),
      );
    }),
  );
  return merge(openings);
}

/** The blocks of a rule's peer that hold addresses of the internet. */
export function publicSources(peer: Peer, family: Family): PublicSource[] {
  const everywhere = blockOf(EVERYWHERE[family]) as Block;
  const source = peerText(peer);
  const blocks = (cidrs: readonly string[]) =>
    cidrs.flatMap((cidr) => {
      const block = blockOf(cidr);
      return block && block.family === family && isPublic(block) ? [{ source: cidr, block, doubts: [] }] : [];
    });
  switch (peer.kind) {
    case 'group':
      return [];
    case 'cidr':
      return blockOf(peer.cidr)
        ? blocks([peer.cidr])
        : [{ source, block: everywhere, doubts: [`"${peer.cidr}" is no block of addresses`] }];
    case 'prefix list':
      return peer.cidrs
        ? blocks(peer.cidrs)
        : [{ source, block: everywhere, doubts: [doubtAboutList(peerText(peer))] }];
    case 'unknown':
      if (peer.isOwnBlock || (peer.family ?? family) !== family) return [];
      return [{ source, block: everywhere, doubts: [peer.why] }];
  }
}

/** What of a source's packets gets into a subnet and is answered; behind a balancer no route of its own is needed. */
export function throughSubnet(
  network: Network,
  { subnet, doubts: place }: Place,
  { source, block }: PublicSource,
  ports: Ports,
  { routed = true } = {},
): { source: string; ports: Ports; doubts: readonly string[] }[] {
  if (!subnet) return [{ source, ports, doubts: place }];
  const ways: readonly WayIn[] = routed ? network.waysInto(subnet, block.family) : [{ doubts: [] }];
  return ways.flatMap((way) => {
    const part = way.block ? common(way.block, block) : block;
    if (!part || !isPublic(part)) return [];
    return throughAcl(network, subnet, part, ports).map((open) => ({
      // a route or an ACL for a part of the block lets that part through
      source: open.block === block ? source : open.block.text,
      ports: open.ports,
      doubts: unique([...place, ...way.doubts, ...open.doubts]),
    }));
  });
}

/** ACLs keep no state: the answers have to get out, to whatever port the client chose. */
function throughAcl(network: Network, subnet: TemplateResource, from: Block, ports: Ports) {
  const acl = network.aclOf(subnet);
  return admitted(acl, 'in', from, ports)
    .filter(({ block }) => isPublic(block))
    .flatMap((arriving) =>
      admitted(acl, 'out', arriving.block, ephemeral(arriving.ports))
        .filter(({ block }) => isPublic(block))
        .map((answers) => ({
          ports: answeredBy(arriving.ports, answers.ports),
          block: answers.block,
          doubts: [...arriving.doubts, ...answers.doubts],
        })),
    );
}
