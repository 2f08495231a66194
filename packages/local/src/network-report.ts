import type { RouteTable, Subnet, Tag } from '@aws-sdk/client-ec2';
import { AwsEnvironment, knownEnvironments } from './environments';
import { LocalAws } from './local-aws';

/** One network as EC2 describes it, told the way a person asks about it. */
export interface NetworkReport extends AwsEnvironment {
  readonly vpcId: string;
  readonly name: string;
  readonly cidr: string;
  readonly ipv6Cidrs: string[];
  readonly tiers: TierReport[];
  readonly endpoints: EndpointReport[];
}

/** The subnets that CDK made from one subnet configuration. */
export interface TierReport {
  readonly name: string;
  /** Public, Private, Isolated: CDK's word for it. */
  readonly type: string;
  readonly subnets: SubnetReport[];
  /** How the tier reaches the internet, one entry per different way. */
  readonly egress: string[];
}

export interface SubnetReport {
  readonly subnetId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  /** Where packets to anywhere go. */
  readonly egress: string;
}

export interface EndpointReport {
  readonly id: string;
  /** Without the region: `s3`, `ssmmessages`. */
  readonly service: string;
  readonly type: string;
  readonly subnets: number;
}

/** The networks that stacks made, in all environments that were deployed to. The default VPC is none of them. */
export async function networkReports(aws: LocalAws, environments = knownEnvironments(aws)): Promise<NetworkReport[]> {
  const all = await Promise.all(environments.map((environment) => reportsOf(aws, environment)));
  return all.flat();
}

async function reportsOf(aws: LocalAws, environment: AwsEnvironment): Promise<NetworkReport[]> {
  // The one SDK client that takes long to load: only who asks for networks waits for it.
  const ec2 = await import('@aws-sdk/client-ec2');
  const client = new ec2.EC2Client(aws.clientConfig(environment.account, environment.region));
  const paging = { client };
  try {
    const vpcs = (await pages(ec2.paginateDescribeVpcs(paging, {}), 'Vpcs')).filter((vpc) => !vpc.IsDefault);
    if (vpcs.length === 0) return [];
    const [subnets, tables, natGateways, internetGateways, endpoints] = await Promise.all([
      pages(ec2.paginateDescribeSubnets(paging, {}), 'Subnets'),
      pages(ec2.paginateDescribeRouteTables(paging, {}), 'RouteTables'),
      pages(ec2.paginateDescribeNatGateways(paging, {}), 'NatGateways'),
      pages(ec2.paginateDescribeInternetGateways(paging, {}), 'InternetGateways'),
      pages(ec2.paginateDescribeVpcEndpoints(paging, {}), 'VpcEndpoints'),
    ]);
    const zoneOf = new Map(subnets.map((subnet) => [subnet.SubnetId, subnet.AvailabilityZone]));
    const nats = new Map(
      natGateways
        .filter((nat) => nat.State !== 'deleted' && nat.State !== 'deleting' && nat.State !== 'failed')
        .map((nat) => [
          nat.NatGatewayId,
          nat.AvailabilityMode === 'regional'
            ? `regional NAT gateway ${nat.NatGatewayId}`
            : `NAT gateway ${nat.NatGatewayId} in ${zoneOf.get(nat.SubnetId)}`,
        ]),
    );
    const attached = new Map(internetGateways.map((gw) => [gw.InternetGatewayId, gw.Attachments?.[0]?.VpcId]));

    return vpcs.map((vpc) => {
      const own = subnets.filter((subnet) => subnet.VpcId === vpc.VpcId);
      const report = own.map((subnet) => {
        const table = tableOf(subnet, tables);
        return {
          tier: tagOf(subnet.Tags, 'aws-cdk:subnet-name') ?? 'untagged',
          type: tagOf(subnet.Tags, 'aws-cdk:subnet-type') ?? '',
          subnetId: subnet.SubnetId!,
          zone: subnet.AvailabilityZone!,
          cidr: subnet.CidrBlock ?? '',
          ipv6Cidr: subnet.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock,
          egress: egressOf(table, nats, (id) => attached.get(id) === vpc.VpcId),
        };
      });
      return {
        ...environment,
        vpcId: vpc.VpcId!,
        name: tagOf(vpc.Tags, 'Name') ?? '',
        cidr: vpc.CidrBlock!,
        ipv6Cidrs: (vpc.Ipv6CidrBlockAssociationSet ?? []).map((association) => association.Ipv6CidrBlock!),
        tiers: tiersOf(report),
        endpoints: endpoints
          .filter((endpoint) => endpoint.VpcId === vpc.VpcId)
          .map((endpoint) => ({
            id: endpoint.VpcEndpointId!,
            service: endpoint.ServiceName!.replace(/^com\.amazonaws\.[^.]+\./, ''),
            type: endpoint.VpcEndpointType ?? 'Gateway',
            subnets: endpoint.SubnetIds?.length ?? 0,
          })),
      };
    });
  } finally {
    client.destroy();
  }
}

function tiersOf(subnets: (SubnetReport & { tier: string; type: string })[]): TierReport[] {
  const names = [...new Set(subnets.map(({ tier }) => tier))];
  const tiers = names.map((name) => {
    const own = subnets.filter(({ tier }) => tier === name);
    const sorted = own.sort((a, b) => a.zone.localeCompare(b.zone) || a.cidr.localeCompare(b.cidr));
    return {
      name,
      type: own[0].type,
      subnets: sorted.map(({ tier: _tier, type: _type, ...subnet }) => subnet),
      egress: [...new Set(sorted.map(({ egress }) => egress))],
    };
  });
  const order = ['Public', 'Private', 'Isolated'];
  return tiers.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type) || a.name.localeCompare(b.name));
}

/** The table that a subnet is associated with, else the main one of its VPC. */
function tableOf(subnet: Subnet, tables: RouteTable[]): RouteTable | undefined {
  const own = tables.filter((table) => table.VpcId === subnet.VpcId);
  return (
    own.find((table) => table.Associations?.some(({ SubnetId }) => SubnetId === subnet.SubnetId)) ??
    own.find((table) => table.Associations?.some(({ Main }) => Main))
  );
}

function egressOf(
  table: RouteTable | undefined,
  nats: Map<string | undefined, string>,
  isAttached: (internetGateway: string) => boolean,
): string {
  const route = table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0');
  if (route === undefined) return 'no route to the internet';
  // The API names some targets by where they came in through: what the id begins with is what it is.
  const target =
    route.NatGatewayId ??
    route.GatewayId ??
    route.NetworkInterfaceId ??
    route.InstanceId ??
    route.TransitGatewayId ??
    '';
  if (target.startsWith('nat-')) return nats.get(target) ?? `NAT gateway ${target}, which does not exist`;
  if (target.startsWith('igw-'))
    return isAttached(target) ? `internet gateway ${target}` : `internet gateway ${target}, which is not attached`;
  if (target.startsWith('eni-') || target.startsWith('i-')) return `NAT instance ${route.InstanceId ?? target}`;
  return target || 'a route without a target';
}

function tagOf(tags: Tag[] | undefined, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}

async function pages<Page, Key extends keyof Page>(
  paginator: AsyncIterable<Page>,
  key: Key,
): Promise<NonNullable<Page[Key]> extends (infer Item)[] ? Item[] : never> {
  const items: unknown[] = [];
  for await (const page of paginator) items.push(...((page[key] as unknown[] | undefined) ?? []));
  return items as never;
}
