import type { Resource, Resources } from './resources';
import { referenceIn, textOf } from './text';

/** What stands at the other end of a route. */
export type RouteKind =
  | 'internet gateway'
  | 'egress-only gateway'
  | 'nat gateway'
  | 'regional nat gateway'
  | 'nat instance'
  | 'gateway endpoint'
  | 'vpn gateway'
  | 'transit gateway'
  | 'peering'
  | 'interface endpoint'
  | 'other';

/** Where a subnet's route table sends traffic. */
export interface RouteReading {
  /** A CIDR, a prefix list, or for a gateway endpoint the service (`s3`, `dynamodb`). */
  readonly destination: string;
  readonly kind: RouteKind;
  /** The logical id of the gateway, the instance or the endpoint; its text when it was imported. */
  readonly target: string;
}

/** The route table of a subnet; undefined when it is left to the VPC's main table, which is local only. */
function routeTableOf(resources: Resources, subnet: string): string | undefined {
  const [association] = resources.referring('AWS::EC2::SubnetRouteTableAssociation', 'SubnetId', subnet);
  return association && referenceIn(association.properties.RouteTableId);
}

/** The routes of a subnet, those that gateway endpoints add included; the VPC's own local route is not listed. */
export function readRoutes(resources: Resources, subnet: string): RouteReading[] {
  const table = routeTableOf(resources, subnet);
  if (!table) return [];
  const routes = resources.referring('AWS::EC2::Route', 'RouteTableId', table).map((route) => ({
    destination: textOf(
      route.properties.DestinationCidrBlock ??
        route.properties.DestinationIpv6CidrBlock ??
        route.properties.DestinationPrefixListId,
    ),
    ...endOf(resources, route),
  }));
  return [...routes, ...endpointRoutes(resources, table)];
}

function endpointRoutes(resources: Resources, table: string): RouteReading[] {
  return resources
    .ofType('AWS::EC2::VPCEndpoint')
    .filter(({ properties }) => (properties.VpcEndpointType ?? 'Gateway') === 'Gateway')
    .filter(({ properties }) => ((properties.RouteTableIds ?? []) as unknown[]).map(referenceIn).includes(table))
    .map(({ id, properties }) => ({
      destination: textOf(properties.ServiceName).split('.').pop() ?? '',
      kind: 'gateway endpoint',
      target: id,
    }));
}

const TARGETS: Readonly<Record<string, RouteKind>> = {
  GatewayId: 'other',
  NatGatewayId: 'nat gateway',
  InstanceId: 'other',
  NetworkInterfaceId: 'other',
  EgressOnlyInternetGatewayId: 'egress-only gateway',
  TransitGatewayId: 'transit gateway',
  VpcPeeringConnectionId: 'peering',
  VpcEndpointId: 'interface endpoint',
};

function endOf(resources: Resources, route: Resource): Pick<RouteReading, 'kind' | 'target'> {
  const property = Object.keys(TARGETS).find((name) => route.properties[name] !== undefined);
  if (!property) return { kind: 'other', target: '' };
  const end = resources.referred(route, property);
  return {
    kind: (end && kindOf(end)) ?? TARGETS[property],
    target: end?.id ?? textOf(route.properties[property]),
  };
}

/** What the resource at the end of a route is, where the route's property alone does not say it. */
function kindOf({ type, properties }: Resource): RouteKind | undefined {
  switch (type) {
    case 'AWS::EC2::InternetGateway':
      return 'internet gateway';
    case 'AWS::EC2::VPNGateway':
      return 'vpn gateway';
    case 'AWS::EC2::NatGateway':
      return properties.AvailabilityMode === 'regional' ? 'regional nat gateway' : undefined;
    case 'AWS::EC2::Instance':
    case 'AWS::EC2::NetworkInterface':
      // Without this, EC2 drops packets that are not the instance's own: it is not a NAT.
      return properties.SourceDestCheck === false ? 'nat instance' : undefined;
    default:
      return undefined;
  }
}
