import { InternetAccess, RouteTarget } from '../../route';
import type { TemplateResource } from '../assembly/template';
import { booleanOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model, Related } from '../model';
import { Block, Family, isPublic } from './addresses';
import { SubnetRoute, leadsOut, readRoutes } from './routes';

/** A block of the internet that reaches a subnet and is answered. */
export interface WayIn {
  /** Undefined where the templates do not say which. */
  readonly block?: Block;
  readonly doubts: readonly string[];
}

/**
 * How far a subnet's routes reach: each hop is followed to a gateway that is attached, so a dead route reaches nothing. Of
 * a route that is in doubt the farther end counts.
 */
export function internetAccess(model: Model, subnet: TemplateResource): InternetAccess {
  if (isPublicSubnet(model, subnet)) return InternetAccess.BOTH;
  const routes = readRoutes(model, subnet).filter((route) => leadsOut(route));
  return routes.some((route) => reachesOut(model, route)) ? InternetAccess.OUTBOUND : InternetAccess.NONE;
}

function isPublicSubnet(model: Model, subnet: TemplateResource): boolean {
  return ([4, 6] as const).some((family) => waysIn(model, subnet, family).length > 0);
}

/** The routes that lead to the internet and back: connections may start on either side. */
export function waysIn(model: Model, subnet: TemplateResource, family: Family): WayIn[] {
  return readRoutes(model, subnet).flatMap((route) => {
    const gateway = leadsOut(route, family) ? gatewayDoubts(model, subnet, route) : undefined;
    if (!gateway) return [];
    const doubts = [...new Set([...route.doubts, ...gateway])];
    if (!route.blocks) return [{ doubts: [...doubts, `what ${route.destination} holds is not in this assembly`] }];
    return route.blocks
      .filter((block) => block.family === family && isPublic(block))
      .map((block) => ({ block, doubts }));
  });
}

/** Why what a route leads to may let nobody in; undefined when it certainly does not. */
function gatewayDoubts(model: Model, subnet: TemplateResource, route: SubnetRoute): readonly string[] | undefined {
  switch (route.kind) {
    case RouteTarget.INTERNET_GATEWAY:
      return attachmentDoubts(model, subnet, route.target);
    // A firewall that stands in front of the gateway: packets come in through it, and go out the same way.
    case RouteTarget.INTERFACE_ENDPOINT:
      return internetGateways(model, vpcOf(model, subnet)).length > 0 || !vpcIsOwn(model, subnet)
        ? [`what ${route.targetText} lets through is not in this assembly`]
        : undefined;
    case RouteTarget.OTHER:
      // the id of a gateway that only a parameter knows, or a table of somebody else
      return route.target === undefined && route.doubts.length > 0 ? [] : undefined;
    default:
      return undefined;
  }
}

/** A gateway that is attached to nothing leads nowhere; one from outside of the assembly is taken to be attached. */
function attachmentDoubts(
  model: Model,
  subnet: TemplateResource,
  gateway: TemplateResource | undefined,
): readonly string[] | undefined {
  if (!gateway || gateway.type !== 'AWS::EC2::InternetGateway') return [];
  const vpc = vpcOf(model, subnet);
  const attachments = model.naming(gateway, 'AWS::EC2::VPCGatewayAttachment', 'InternetGatewayId');
  const here = attachments.filter(({ resource }) => {
    const id = model.property(resource, 'VpcId');
    return textOf(id) === vpc || unknownIn(id) !== undefined;
  });
  return here.find(({ doubts }) => doubts.length === 0)?.doubts ?? here[0]?.doubts;
}

function vpcOf(model: Model, subnet: TemplateResource): string {
  return textOf(model.property(subnet, 'VpcId'));
}

function vpcIsOwn(model: Model, subnet: TemplateResource): boolean {
  return model.named(subnet, 'VpcId', 'AWS::EC2::VPC').length > 0;
}

/** The attachments of gateways to the internet to a VPC. */
export function internetGateways(model: Model, vpcText: string): Related[] {
  return model
    .ofType('AWS::EC2::VPCGatewayAttachment')
    .filter(
      (attachment) =>
        model.property(attachment, 'InternetGatewayId') !== undefined &&
        textOf(model.property(attachment, 'VpcId')) === vpcText,
    )
    .map((resource) => ({ resource, doubts: model.doubtsAbout(resource) }));
}

function reachesOut(model: Model, { kind, target }: SubnetRoute): boolean {
  switch (kind) {
    case RouteTarget.EGRESS_ONLY_GATEWAY:
      return true;
    case RouteTarget.NAT_GATEWAY:
      // one from outside of the assembly is taken to work
      return !target || natGatewayReachesOut(model, target);
    case RouteTarget.REGIONAL_NAT_GATEWAY:
      return target !== undefined && internetGateways(model, textOf(model.property(target, 'VpcId'))).length > 0;
    case RouteTarget.NAT_INSTANCE:
      return target !== undefined && instanceReachesOut(model, target);
    default:
      return false;
  }
}

function natGatewayReachesOut(model: Model, gateway: TemplateResource): boolean {
  if (stringOf(model.property(gateway, 'ConnectivityType')) === 'private') return false;
  const subnet = model.referred(gateway, 'SubnetId');
  return subnet === undefined || isPublicSubnet(model, subnet);
}

/** A NAT instance needs a subnet with a way in and out, and a public address of its own. */
function instanceReachesOut(model: Model, instance: TemplateResource): boolean {
  const subnet = model.referred(instance, 'SubnetId') ?? model.referred(instance, 'NetworkInterfaces.SubnetId');
  if (!subnet) return false;
  // what the instance says beats what its subnet does for everyone
  const said = model.items(instance, 'NetworkInterfaces.AssociatePublicIpAddress')[0];
  const addressed = said ? booleanOf(said) === true : booleanOf(model.property(subnet, 'MapPublicIpOnLaunch')) === true;
  return (addressed || elasticIps(model, instance).length > 0) && isPublicSubnet(model, subnet);
}

/** The Elastic IPs that are associated with an instance, an interface of it, or an interface. */
export function elasticIps(model: Model, resource: TemplateResource): Related[] {
  const interfaces = [
    ...model.named(resource, 'NetworkInterfaces.NetworkInterfaceId', 'AWS::EC2::NetworkInterface'),
    ...model
      .naming(resource, 'AWS::EC2::NetworkInterfaceAttachment', 'InstanceId')
      .flatMap((attachment) => model.named(attachment.resource, 'NetworkInterfaceId')),
  ];
  return [{ resource, doubts: [] as readonly string[] }, ...interfaces].flatMap(({ resource: holder, doubts }) =>
    [
      ...model.naming(holder, 'AWS::EC2::EIPAssociation', 'InstanceId'),
      ...model.naming(holder, 'AWS::EC2::EIPAssociation', 'NetworkInterfaceId'),
      ...model.naming(holder, 'AWS::EC2::EIP', 'InstanceId'),
    ].map((found) => ({ ...found, doubts: [...doubts, ...found.doubts] })),
  );
}
