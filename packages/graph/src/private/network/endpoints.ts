import type { TemplateResource } from '../assembly/template';
import { Alternative, alternatives, stringOf, textOf } from '../evaluation/value';
import type { Model } from '../model';
import { ENDPOINT_TYPES, EndpointType, NAMES } from './endpoint-types';
import type { GroupRules } from './security-groups';
import type { Network } from './network';

/** Where an endpoint stands. */
export interface Place {
  /** Undefined for a subnet, or a whole network, that is not in the assembly: a doubt says so. */
  readonly subnet?: TemplateResource;
  /** Why it may not stand there. */
  readonly doubts: readonly string[];
}

/** A security group that an endpoint is in. */
export interface Membership extends GroupRules {
  /** Why it may not be in that group. */
  readonly doubts: readonly string[];
  /** Set where the templates do not say which group it is. */
  readonly why?: string;
}

/** A resource with an address in a network. */
export interface Endpoint {
  readonly resource: TemplateResource;
  /** The resources that say where it stands: usually itself. */
  readonly holders: readonly TemplateResource[];
  readonly places: readonly Place[];
  /** Undefined where nothing filters, as with a Network Load Balancer without groups. */
  readonly groups?: readonly Membership[];
  readonly startsConnections: boolean;
  /** Why it may not be made. */
  readonly doubts: readonly string[];
}

/** Finds and remembers the endpoints of an assembly. */
export class Endpoints {
  private readonly known = new Map<TemplateResource, Endpoint | undefined>();
  private found?: Endpoint[];
  private inUse?: ReadonlySet<string>;

  constructor(
    private readonly model: Model,
    private readonly network: Network,
  ) {}

  public all(): Endpoint[] {
    this.found ??= this.model.ofType(...Object.keys(ENDPOINT_TYPES)).flatMap((resource) => this.of(resource) ?? []);
    return this.found;
  }

  /** Ids of the security groups that something of the assembly is in. */
  public groupsInUse(): ReadonlySet<string> {
    this.inUse ??= new Set(this.all().flatMap(({ groups = [] }) => groups.map(({ id }) => id)));
    return this.inUse;
  }

  /** The endpoint that a resource is; undefined when it has no address in a network. */
  public of(resource: TemplateResource): Endpoint | undefined {
    if (!this.known.has(resource)) this.known.set(resource, this.read(resource));
    return this.known.get(resource);
  }

  private read(resource: TemplateResource): Endpoint | undefined {
    const type = ENDPOINT_TYPES[resource.type];
    if (!type) return undefined;
    const holders = this.holdersOf(resource);
    const subnets = holders.flatMap((holder) => this.said(holder, ENDPOINT_TYPES[holder.type].subnets));
    const named = holders.flatMap((holder) => this.said(holder, ENDPOINT_TYPES[holder.type].groups));
    // A function that names neither stands in no network of ours.
    if (type.optional && subnets.length === 0 && named.length === 0) return undefined;
    const places = subnets.length > 0 ? subnets.map((subnet) => placeOf(subnet)) : [nowhere(resource, holders)];
    return {
      resource,
      holders,
      places: distinct(places),
      groups: this.groups(type, resource, named, places),
      startsConnections: type.starts ?? false,
      doubts: this.model.doubtsAbout(resource),
    };
  }

  /** What says where a resource stands: for an instance of a database cluster the cluster, for a file system its mount targets. */
  private holdersOf(resource: TemplateResource): readonly TemplateResource[] {
    const { model } = this;
    if (resource.type.endsWith('::DBInstance')) {
      const cluster = follow(model, resource, 'DBClusterIdentifier');
      return cluster.length > 0 ? cluster.map((found) => found.resource) : [resource];
    }
    if (resource.type === 'AWS::EFS::FileSystem')
      return model.naming(resource, 'AWS::EFS::MountTarget', 'FileSystemId').map((found) => found.resource);
    if (resource.type === 'AWS::ECS::Service' && !model.property(resource, 'NetworkConfiguration'))
      return instancesUnder(model, resource);
    return [resource];
  }

  private groups(
    type: EndpointType,
    resource: TemplateResource,
    named: readonly Alternative[],
    places: readonly Place[],
  ): Membership[] | undefined {
    const ofCluster = this.clusterGroup(type, resource);
    if (named.length > 0) {
      const memberships = named.map(({ value, doubts }) => ({
        ...this.network.group(value),
        doubts: value.kind === 'unknown' ? [] : doubts,
        ...(value.kind === 'unknown' && { why: value.why }),
      }));
      return resource.type === 'AWS::EKS::Cluster' ? [...memberships, ...ofCluster] : memberships;
    }
    if (ofCluster.length > 0) return ofCluster;
    const kind = this.model.property(resource, 'Type') ?? this.model.property(resource, 'VpcEndpointType');
    if (['network', 'gateway', 'gatewayloadbalancer'].includes(stringOf(kind)?.toLowerCase() ?? '')) return undefined;
    const subnet = places.find((place) => place.subnet)?.subnet;
    const [vpc] = subnet ? this.model.named(subnet, 'VpcId', 'AWS::EC2::VPC') : [];
    if (vpc) {
      const group = { kind: 'reference', to: vpc.resource, attribute: 'DefaultSecurityGroup' } as const;
      return [{ ...this.network.group(group), doubts: [] }];
    }
    const mayHoldMore = `${resource.path} names no security group that is in this assembly`;
    return [{ id: `the security group of ${resource.path}`, rules: [], mayHoldMore, doubts: [], why: mayHoldMore }];
  }

  /** EKS makes a group for each cluster; its control plane and the nodes that name no other are in it. */
  private clusterGroup(type: EndpointType, resource: TemplateResource): Membership[] {
    const clusters =
      resource.type === 'AWS::EKS::Cluster'
        ? [resource]
        : type.groupOtherwise
          ? this.model.named(resource, 'ClusterName').map((found) => found.resource)
          : [];
    return clusters.map((to) => ({
      ...this.network.group({ kind: 'reference', to, attribute: 'ClusterSecurityGroupId' }),
      doubts: [],
    }));
  }

  private said(resource: TemplateResource, paths: readonly string[]): Alternative[] {
    return paths.flatMap((path) => saidAt(this.model, resource, path));
  }
}

/** All values at a path; `A>B` goes on with the resources that A names. */
export function saidAt(model: Model, resource: TemplateResource, path: string): Alternative[] {
  const [here, ...rest] = path.split('>');
  if (rest.length === 0) return model.items(resource, here).flatMap(alternatives);
  const found = follow(model, resource, here);
  if (found.length > 0)
    return found.flatMap((next) =>
      saidAt(model, next.resource, rest.join('>')).map(({ value, doubts }) => ({
        value,
        doubts: [...next.doubts, ...doubts],
      })),
    );
  // the name of something that is not in the assembly: what it says is not known
  return model.items(resource, here).map((value) => {
    const why = `what ${textOf(value)} says of ${resource.path} is not in this assembly`;
    return { value: { kind: 'unknown', why, text: textOf(value) }, doubts: [why] };
  });
}

/** The resources that a property names by `Ref`, or by what they are called. */
function follow(model: Model, resource: TemplateResource, path: string) {
  const referred = model.named(resource, path);
  if (referred.length > 0) return referred;
  const names = model.items(resource, path).flatMap((value) => stringOf(value)?.toLowerCase() ?? []);
  if (names.length === 0) return [];
  return Object.entries(NAMES).flatMap(([type, property]) =>
    model
      .ofType(type)
      .filter((other) => other !== resource && other.template.assembly === resource.template.assembly)
      .filter((other) => names.includes(stringOf(model.property(other, property))?.toLowerCase() ?? ''))
      .map((other) => ({ resource: other, doubts: model.doubtsAbout(other) })),
  );
}

/** A task without an interface of its own stands on the instances of its cluster: they, or a capacity provider, name it. */
function instancesUnder(model: Model, service: TemplateResource): TemplateResource[] {
  const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
  const clusters = model.named(service, 'Cluster', 'AWS::ECS::Cluster').map(({ resource }) => resource);
  const provided = clusters
    .flatMap((cluster) => model.naming(cluster, 'AWS::ECS::ClusterCapacityProviderAssociations', 'Cluster'))
    .flatMap(({ resource }) => model.named(resource, 'CapacityProviders', 'AWS::ECS::CapacityProvider'))
    .flatMap(({ resource }) => model.named(resource, 'AutoScalingGroupProvider.AutoScalingGroupArn', GROUP));
  const joined = clusters
    .flatMap((cluster) => model.namedBy(cluster))
    .filter(({ type }) => type === 'AWS::EC2::LaunchTemplate' || type === 'AWS::AutoScaling::LaunchConfiguration')
    .flatMap((template) =>
      ['LaunchTemplate', 'MixedInstancesPolicy', 'LaunchConfigurationName'].flatMap((property) =>
        model.naming(template, GROUP, property),
      ),
    );
  return [...new Set([...provided, ...joined].map(({ resource }) => resource))];
}

function placeOf({ value, doubts }: Alternative): Place {
  if (value.kind === 'reference' && value.to.type === 'AWS::EC2::Subnet') return { subnet: value.to, doubts };
  const why = value.kind === 'unknown' ? value.why : `the subnet ${textOf(value)} is not in this assembly`;
  return { doubts: [...new Set([...doubts, why])] };
}

function nowhere(resource: TemplateResource, holders: readonly TemplateResource[]): Place {
  const why =
    holders.length === 0
      ? `the instances that ${resource.path} runs on are not in this assembly`
      : `${resource.path} names no subnet: it stands in the account's default VPC`;
  return { doubts: [why] };
}

/** Each subnet once, and of what is outside of the assembly one place that says all of it. */
function distinct(places: readonly Place[]): Place[] {
  const inside = new Map<TemplateResource, Place>();
  for (const place of places) {
    const earlier = place.subnet && inside.get(place.subnet);
    if (place.subnet && (!earlier || earlier.doubts.length > 0)) inside.set(place.subnet, place);
  }
  const outside = places.filter(({ subnet }) => !subnet).flatMap(({ doubts }) => doubts);
  return [...inside.values(), ...(outside.length > 0 ? [{ doubts: [...new Set(outside)] }] : [])];
}

/** The subnets of this assembly that an endpoint stands in. */
export function subnetsIn({ places }: Endpoint): TemplateResource[] {
  return places.flatMap(({ subnet }) => subnet ?? []);
}
