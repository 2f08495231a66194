import type { TemplateResource } from '../assembly/template';
import { Alternative, booleanOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model } from '../model';
import type { Family } from './addresses';
import { ENDPOINT_TYPES } from './endpoint-types';
import { Endpoint, Place, saidAt } from './endpoints';
import { elasticIps, internetGateways } from './internet-access';

/** Why something may be so after all; undefined when it certainly is not. No doubts: it certainly is. */
type Doubts = readonly string[] | undefined;

/** Whether an endpoint has an address, in one of its places, that the internet can ask. */
export function publicAddress(model: Model, { holders, resource }: Endpoint, place: Place, family: Family): Doubts {
  // a task without an interface of its own has the addresses of its instance
  const asked = resource.type === 'AWS::ECS::Service' ? holders : [resource];
  if (asked.length === 0) return [`whether ${resource.path} has a public address is known when it is deployed`];
  return either(asked.map((one) => (family === 4 ? ipv4(model, one, place) : ipv6(model, one, place))));
}

function ipv4(model: Model, resource: TemplateResource, place: Place): Doubts {
  const elastic = either(elasticIps(model, resource).map(({ doubts }) => doubts));
  return either([elastic, assigned(model, resource, place)]);
}

function assigned(model: Model, resource: TemplateResource, place: Place): Doubts {
  const by = ENDPOINT_TYPES[resource.type]?.publicBy;
  if (!by) return undefined;
  const instances = auroraInstances(model, resource);
  if (instances) return either(instances.map((instance) => assigned(model, instance, place)));
  // A load balancer says it in one more place: this address type has no public IPv4 address.
  if (textOf(model.property(resource, 'IpAddressType')) === 'dualstack-without-public-ipv4') return undefined;
  const said = by.properties.flatMap((property) => saidAt(model, resource, property));
  if (said.length > 0) return either(said.map((one) => isSaid(one, 'values' in by ? by.values : undefined)));
  switch (by.otherwise) {
    case 'as the subnet':
      return bySubnet(model, resource, place, 'MapPublicIpOnLaunch', 'a public address');
    case 'with a gateway':
      return withGateway(model, resource, place);
    default:
      return by.otherwise ? [] : undefined;
  }
}

/** The instances of an Aurora cluster say it, only a Multi-AZ cluster does itself. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
function auroraInstances(model: Model, cluster: TemplateResource): TemplateResource[] | undefined {
  const isAurora =
    cluster.type === 'AWS::RDS::DBCluster' && stringOf(model.property(cluster, 'Engine'))?.startsWith('aurora');
  if (!isAurora) return undefined;
  return model.naming(cluster, 'AWS::RDS::DBInstance', 'DBClusterIdentifier').map(({ resource }) => resource);
}

function isSaid({ value, doubts }: Alternative, values: readonly string[] | undefined): Doubts {
  const open = unknownIn(value);
  if (open) return [...new Set([...doubts, open.why])];
  const isIt = values ? values.includes(textOf(value)) : booleanOf(value);
  return isIt === false ? undefined : doubts;
}

function bySubnet(
  model: Model,
  resource: TemplateResource,
  { subnet, doubts }: Place,
  name: string,
  what: string,
): Doubts {
  if (!subnet) return [...doubts, `whether ${resource.path} has ${what} is known when it is deployed`];
  const said = model.property(subnet, name);
  const open = unknownIn(said);
  if (open) return [open.why];
  return booleanOf(said) === true ? [] : undefined;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html: a gateway of the VPC decides. */
function withGateway(model: Model, resource: TemplateResource, { subnet }: Place): Doubts {
  const vpc = subnet && textOf(model.property(subnet, 'VpcId'));
  if (subnet && model.named(subnet, 'VpcId', 'AWS::EC2::VPC').length > 0)
    return either(internetGateways(model, vpc ?? '').map(({ doubts }) => doubts));
  return [`whether ${resource.path} has a public address is known when it is deployed`];
}

function ipv6(model: Model, resource: TemplateResource, place: Place): Doubts {
  const by = ENDPOINT_TYPES[resource.type]?.ipv6By;
  if (!by) return undefined;
  if (by === 'as its address type') {
    const type = model.property(resource, 'IpAddressType');
    const open = unknownIn(type);
    const isDual = textOf(type).startsWith('dualstack');
    if (!open && !isDual) return undefined;
    const scheme = unknownIn(model.property(resource, 'Scheme'));
    if (stringOf(model.property(resource, 'Scheme')) === 'internal') return undefined;
    return [open, scheme].flatMap((unknown) => unknown?.why ?? []);
  }
  // an IPv6 address is public by itself: what closes it is the route
  const asked = either(
    by.properties
      .flatMap((property) => saidAt(model, resource, property))
      .map(({ value, doubts }) => (textOf(value) === '0' ? undefined : doubts)),
  );
  const given = either([asked, bySubnet(model, resource, place, 'AssignIpv6AddressOnCreation', 'an IPv6 address')]);
  return given && by.setting
    ? [...given, `whether ${resource.path} has an IPv6 address depends on the account's setting ${by.setting}`]
    : given;
}

/** One reason is enough, and a certain one settles it. */
function either(reasons: readonly Doubts[]): Doubts {
  const found = reasons.filter((doubts) => doubts !== undefined);
  return found.find((doubts) => doubts.length === 0) ?? (found.length > 0 ? [...new Set(found.flat())] : undefined);
}
