import { RouteTarget } from '../../route';
import type { TemplateResource } from '../assembly/template';
import { Value, alternatives, at, booleanOf, itemsOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model, Related } from '../model';
import { Block, EVERYWHERE, Family, blockOf, isPublic } from './addresses';

/** Where a subnet's route table sends a block. */
export interface SubnetRoute {
  /** A block, a prefix list, or for a gateway endpoint the service (`s3`, `dynamodb`). */
  readonly destination: string;
  /** The blocks that the destination stands for; undefined where the templates do not say. */
  readonly blocks?: readonly Block[];
  readonly kind: RouteTarget;
  readonly target?: TemplateResource;
  readonly targetText: string;
  /** Why the route may not be there, or may lead elsewhere. */
  readonly doubts: readonly string[];
}

/** The routes of a subnet, those of gateway endpoints included; the VPC's local route, which is always there, is left out. */
export function readRoutes(model: Model, subnet: TemplateResource): SubnetRoute[] {
  const associations = model.naming(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId');
  // without one it has the VPC's main table, which no template can change: it holds the local route alone
  if (associations.length === 0) return isOwn(model, subnet) ? [] : [unreadable('the main route table of its VPC', [])];
  return associations.flatMap(({ resource, doubts }) =>
    alternatives(model.property(resource, 'RouteTableId')).flatMap((table) =>
      tableRoutes(model, table.value, [...doubts, ...(table.value.kind === 'unknown' ? [] : table.doubts)]),
    ),
  );
}

/** Whether the VPC of a subnet is in the assembly. */
function isOwn(model: Model, subnet: TemplateResource): boolean {
  return model.named(subnet, 'VpcId', 'AWS::EC2::VPC').length > 0;
}

function tableRoutes(model: Model, table: Value, why: readonly string[]): SubnetRoute[] {
  const id = textOf(table);
  const own = table.kind === 'reference' ? table.to : undefined;
  const named: readonly Related[] = own
    ? model.naming(own, 'AWS::EC2::Route', 'RouteTableId')
    : model
        .ofType('AWS::EC2::Route')
        .filter((route) => textOf(model.property(route, 'RouteTableId')) === id)
        .map((resource) => ({ resource, doubts: model.doubtsAbout(resource) }));
  const routes = [
    ...named.flatMap(({ resource, doubts }) => routeOf(model, resource, doubts)),
    ...(own ? endpointRoutes(model, own) : []),
  ].map((route) => ({ ...route, doubts: [...new Set([...why, ...route.doubts])] }));
  return own ? routes : [...routes, unreadable(id, why)];
}

/** What stands for the routes of a table that is not in the assembly. */
function unreadable(table: string, why: readonly string[]): SubnetRoute {
  return {
    destination: EVERYWHERE[4],
    blocks: Object.values(EVERYWHERE).flatMap((cidr) => blockOf(cidr) ?? []),
    kind: RouteTarget.OTHER,
    targetText: table,
    doubts: [...why, `the routes of ${table} are not all in this assembly`],
  };
}

function endpointRoutes(model: Model, table: TemplateResource): SubnetRoute[] {
  return model
    .naming(table, 'AWS::EC2::VPCEndpoint', 'RouteTableIds')
    .filter(
      ({ resource }) =>
        (stringOf(model.property(resource, 'VpcEndpointType')) ?? 'Gateway').toLowerCase() === 'gateway',
    )
    .map(({ resource, doubts }) => ({
      destination: textOf(model.property(resource, 'ServiceName')).split('.').pop() ?? '',
      blocks: [],
      kind: RouteTarget.GATEWAY_ENDPOINT,
      target: resource,
      targetText: resource.path,
      doubts,
    }));
}

const TARGETS: Readonly<Record<string, RouteTarget>> = {
  GatewayId: RouteTarget.OTHER,
  NatGatewayId: RouteTarget.NAT_GATEWAY,
  InstanceId: RouteTarget.OTHER,
  NetworkInterfaceId: RouteTarget.OTHER,
  EgressOnlyInternetGatewayId: RouteTarget.EGRESS_ONLY_GATEWAY,
  TransitGatewayId: RouteTarget.TRANSIT_GATEWAY,
  VpcPeeringConnectionId: RouteTarget.PEERING,
  VpcEndpointId: RouteTarget.INTERFACE_ENDPOINT,
};

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];

/** One route for each destination and each target that it may have. */
function routeOf(model: Model, route: TemplateResource, why: readonly string[]): SubnetRoute[] {
  const destinations = DESTINATIONS.flatMap((name) => alternatives(model.property(route, name)));
  const targets = Object.keys(TARGETS).flatMap((property) =>
    alternatives(model.property(route, property)).map((target) => ({ property, ...target })),
  );
  const found = targets.length > 0 ? targets : [{ property: 'GatewayId', value: undefined, doubts: [] }];
  return destinations.flatMap((destination) =>
    found.map(({ property, value, doubts }) => {
      const target = value?.kind === 'reference' ? value.to : undefined;
      return {
        destination: textOf(destination.value),
        blocks: blocksOf(model, destination.value),
        kind: (target && kindOf(model, target)) ?? importedGateway(value) ?? TARGETS[property],
        target,
        targetText: target?.path ?? textOf(value),
        doubts: [...new Set([...why, ...destination.doubts, ...doubts, ...(target ? model.doubtsAbout(target) : [])])],
      };
    }),
  );
}

/** The blocks that a destination stands for: one, or those of a prefix list of this assembly. */
function blocksOf(model: Model, destination: Value): Block[] | undefined {
  const block = blockOf(textOf(destination));
  if (block) return [block];
  if (destination.kind !== 'reference' || destination.to.type !== 'AWS::EC2::PrefixList') return undefined;
  const entries = itemsOf(model.property(destination.to, 'Entries')).map((entry) => at(entry, 'Cidr'));
  return unknownIn({ kind: 'list', items: entries.flatMap((entry) => entry ?? []) })
    ? undefined
    : entries.flatMap((entry) => blockOf(textOf(entry)) ?? []);
}

/** What the resource at the end of a route is, where the route's property alone does not say it. */
function kindOf(model: Model, target: TemplateResource): RouteTarget | undefined {
  switch (target.type) {
    case 'AWS::EC2::InternetGateway':
    case 'AWS::EC2::VPCGatewayAttachment':
      return RouteTarget.INTERNET_GATEWAY;
    case 'AWS::EC2::VPNGateway':
      return RouteTarget.VPN_GATEWAY;
    case 'AWS::EC2::NatGateway':
      return stringOf(model.property(target, 'AvailabilityMode')) === 'regional'
        ? RouteTarget.REGIONAL_NAT_GATEWAY
        : undefined;
    case 'AWS::EC2::Instance':
    case 'AWS::EC2::NetworkInterface':
      // Without this, EC2 drops packets that are not the instance's own: it is not a NAT.
      return booleanOf(model.property(target, 'SourceDestCheck')) === false ? RouteTarget.NAT_INSTANCE : undefined;
    default:
      return undefined;
  }
}

/** Ids of gateways from outside of the assembly say what they are. */
function importedGateway(value: Value | undefined): RouteTarget | undefined {
  const id = stringOf(value);
  if (id?.startsWith('igw-')) return RouteTarget.INTERNET_GATEWAY;
  if (id?.startsWith('vpce-')) return RouteTarget.INTERFACE_ENDPOINT;
  return id?.startsWith('vgw-') ? RouteTarget.VPN_GATEWAY : undefined;
}

/** Whether a route serves addresses of the internet, as far as is known. */
export function leadsOut({ blocks, kind }: SubnetRoute, family?: Family): boolean {
  if (kind === RouteTarget.GATEWAY_ENDPOINT) return false;
  return blocks?.some((block) => (family === undefined || block.family === family) && isPublic(block)) ?? true;
}
