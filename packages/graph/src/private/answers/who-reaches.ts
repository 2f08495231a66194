import { Reach, ReachKind } from '../../reach';
import type { TemplateResource } from '../assembly/template';
import type { Model } from '../model';
import { fewerDoubts, merge, rulesOf, unique } from '../network/openings';
import { peerText } from '../network/peers';
import { portText } from '../network/ports';
import type { Endpoint } from '../network/endpoints';
import type { GroupRule } from '../network/security-groups';
import type { Link } from '../paths/links';
import type { Search } from '../paths/search';
import { TYPES_WITH_POLICY } from '../policies/documents';
import { blocksPublicPolicies } from '../policies/public-access';
import { statementsOn } from '../policies/statements';
import { certaintyOf, portTexts } from './paths';

type Row = Omit<Reach, 'target' | 'targetType'>;

/** Everything that can reach a resource, one row for each. */
export function whoReaches(model: Model, search: Search, target: TemplateResource): Reach[] {
  const about = { target: target.path, targetType: target.type };
  return [
    ...search.waysInto(target).map(({ source, hops, doubts }) => ({
      ...about,
      kind: ReachKind.INTERNET,
      source,
      through: hops.slice(0, -1).map(({ resource }) => resource.path),
      ports: portTexts(hops[hops.length - 1].ports),
      allowedBy: unique(hops.flatMap(({ allowedBy }) => allowedBy)),
      certainty: certaintyOf(doubts),
      unknowns: [...doubts],
    })),
    ...fromResources(search.links.into(target)).map((reach) => ({ ...about, ...reach })),
    ...fromNetworks(search, target).map((reach) => ({ ...about, ...reach })),
    ...fromPolicies(model, target).map((reach) => ({ ...about, ...reach })),
  ];
}

/** One row for each resource that asks, in whichever ways it does. */
function fromResources(links: readonly Link[]): Row[] {
  const asking = new Map<string, Link[]>();
  for (const link of links) {
    const key = `${link.forward} ${link.from.path}`;
    asking.set(key, [...(asking.get(key) ?? []), link]);
  }
  return [...asking.values()].map((same) => {
    const ways = same.flatMap(({ plain, kept = [] }) => [
      ...(plain ? [plain] : []),
      ...kept.map((opening) => ({ ...opening, ports: [opening.ports] })),
    ]);
    const doubts = ways.map((way) => way.doubts).reduce(fewerDoubts);
    return {
      kind: same[0].forward ? ReachKind.FORWARDER : ReachKind.RESOURCE,
      source: same[0].from.path,
      through: [],
      ports: portTexts(ways.flatMap(({ ports }) => ports)),
      allowedBy: unique(ways.flatMap(({ allowedBy }) => allowedBy)),
      certainty: certaintyOf(doubts),
      unknowns: [...doubts],
    };
  });
}

/** Rules for blocks and prefix lists, and for groups that no resource of the assembly is in. */
function fromNetworks(search: Search, target: TemplateResource): Row[] {
  const endpoint = search.endpoints.of(target);
  if (!endpoint) return [];
  const rules = rulesOf(endpoint.groups, 'in');
  const isGroup = ({ peer }: GroupRule) => peer.kind === 'group';
  const isEmpty = ({ peer }: GroupRule) => peer.kind === 'group' && !search.endpoints.groupsInUse().has(peer.group);
  return [
    ...admitted(
      ReachKind.NETWORK,
      endpoint,
      rules.filter((rule) => !isGroup(rule)),
    ),
    ...admitted(ReachKind.SECURITY_GROUP, endpoint, rules.filter(isEmpty)),
  ];
}

function admitted(kind: ReachKind, endpoint: Endpoint, rules: readonly GroupRule[]): Row[] {
  const openings = rules.map(({ peer, ports, writtenIn, doubts }) => ({
    source: peerText(peer),
    ports,
    allowedBy: [writtenIn],
    doubts: unique([...endpoint.doubts, ...doubts, ...('why' in peer && peer.why ? [peer.why] : [])]),
  }));
  return merge(openings).map(({ source, ports, allowedBy, doubts }) => ({
    kind,
    source,
    through: [],
    ports: [portText(ports)],
    allowedBy: [...allowedBy],
    certainty: certaintyOf(doubts),
    unknowns: [...doubts],
  }));
}

function fromPolicies(model: Model, target: TemplateResource): Row[] {
  if (!TYPES_WITH_POLICY.includes(target.type)) return [];
  const isBlocked = target.type === 'AWS::S3::Bucket' && blocksPublicPolicies(model, target) === true;
  return statementsOn(model, target)
    .filter(({ allows, isPublic }) => allows && !(isBlocked && isPublic))
    .flatMap(({ principals, actions, writtenIn, doubts }) =>
      principals.map((source) => ({
        kind: ReachKind.POLICY,
        source,
        through: [],
        ports: [...actions],
        allowedBy: [writtenIn],
        certainty: certaintyOf(doubts),
        unknowns: [...doubts],
      })),
    );
}
