import type { Resource, Resources } from './resources';
import { RouteReading, readRoutes } from './route';
import { referenceIn } from './text';

/** `in and out`: connections start on either side. `out`: only from inside. Read from routes; ACLs and groups come after. */
export type InternetReach = 'in and out' | 'out' | 'no';

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** How far a subnet's routes reach: each hop is followed to a gateway that is attached, so a dead route reaches nothing. */
export function readReach(resources: Resources, subnet: string): InternetReach {
  const routes = readRoutes(resources, subnet).filter(({ destination }) => EVERYWHERE.includes(destination));
  if (routes.some(({ kind, target }) => kind === 'internet gateway' && attached(resources, target)))
    return 'in and out';
  return routes.some((route) => leadsOut(resources, route)) ? 'out' : 'no';
}

function leadsOut(resources: Resources, { kind, target }: RouteReading): boolean {
  const end = resources.byId(target);
  switch (kind) {
    case 'egress-only gateway':
      return true;
    case 'nat gateway':
      if (!end || end.properties.ConnectivityType === 'private') return false;
      return standsInPublic(resources, referenceIn(end.properties.SubnetId));
    case 'regional nat gateway':
      return vpcHasGateway(resources, referenceIn(end?.properties.VpcId));
    case 'nat instance':
      return end !== undefined && instanceLeadsOut(resources, end);
    default:
      return false;
  }
}

/** A NAT instance needs a subnet with a way in and out, and a public address of its own. */
function instanceLeadsOut(resources: Resources, instance: Resource): boolean {
  const [primary] = (instance.properties.NetworkInterfaces ?? []) as Record<string, unknown>[];
  const subnet = referenceIn(instance.properties.SubnetId ?? primary?.SubnetId);
  const addressed =
    // what the instance says beats what its subnet does for everyone
    (primary?.AssociatePublicIpAddress ?? resources.byId(subnet)?.properties.MapPublicIpOnLaunch) === true ||
    ['InstanceId', 'NetworkInterfaceId'].some(
      (property) => resources.referring('AWS::EC2::EIPAssociation', property, instance.id).length > 0,
    ) ||
    resources.referring('AWS::EC2::EIP', 'InstanceId', instance.id).length > 0;
  return addressed && standsInPublic(resources, subnet);
}

function standsInPublic(resources: Resources, subnet: string | undefined): boolean {
  return subnet !== undefined && readReach(resources, subnet) === 'in and out';
}

function attached(resources: Resources, gateway: string): boolean {
  return resources.referring('AWS::EC2::VPCGatewayAttachment', 'InternetGatewayId', gateway).length > 0;
}

function vpcHasGateway(resources: Resources, vpc: string | undefined): boolean {
  return resources
    .ofType('AWS::EC2::VPCGatewayAttachment')
    .some(({ properties }) => properties.InternetGatewayId !== undefined && referenceIn(properties.VpcId) === vpc);
}
