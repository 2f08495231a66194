import type { GraphResource, TemplateGraph } from '@groundplan/graph';

/** A subnet, and where it stands. */
export interface TierSubnet {
  /** The name of the subnet group, from CDK's tag `aws-cdk:subnet-name`. */
  readonly tier: string;
  /** A name, or one line about the choice where the deployment makes it. */
  readonly zone: string;
  readonly cidr: string;
  /** A block, or a slice of the VPC's; empty when the subnet has none. */
  readonly ipv6: string;
  /** What the graph takes questions about: `graph.routesOf(resource)`. */
  readonly resource: GraphResource;
}

/**
 * The subnets of a tier, or all of them, in the order of their templates. Asking for a tier that is not there is an error:
 * a loop over nothing would prove nothing.
 */
export function subnetsIn(graph: TemplateGraph, tier?: string): TierSubnet[] {
  const all = graph.resourcesOfType('AWS::EC2::Subnet').map((resource) => subnetOf(graph, resource));
  const subnets = all.filter((subnet) => tier === undefined || subnet.tier === tier);
  if (subnets.length > 0) return subnets;
  const wanted = tier === undefined ? 'no subnet' : `no subnet in tier "${tier}"`;
  throw new Error(`There is ${wanted}; the assembly has: ${tiersOf(all).join(', ') || 'no subnets at all'}.`);
}

/** How far the routes of each tier reach: `{ Public: 'both', Isolated: 'none' }`; `none | both` where its subnets differ. */
export function internetAccessByTier(graph: TemplateGraph): Record<string, string> {
  const subnets = subnetsIn(graph);
  return Object.fromEntries(
    tiersOf(subnets).map((tier) => {
      const own = subnets.filter((subnet) => subnet.tier === tier);
      return [tier, [...new Set(own.map(({ resource }) => graph.internetAccessOf(resource)))].join(' | ')];
    }),
  );
}

function subnetOf(graph: TemplateGraph, resource: GraphResource): TierSubnet {
  const properties = graph.propertiesOf(resource);
  const tags = (properties.Tags ?? []) as { readonly Key: string; readonly Value: string }[];
  return {
    tier: tags.find(({ Key }) => Key === 'aws-cdk:subnet-name')?.Value ?? '',
    zone: properties.AvailabilityZone ?? '',
    cidr: properties.CidrBlock ?? '',
    ipv6: properties.Ipv6CidrBlock ?? '',
    resource,
  };
}

function tiersOf(subnets: readonly TierSubnet[]): string[] {
  return [...new Set(subnets.map(({ tier }) => tier))];
}
