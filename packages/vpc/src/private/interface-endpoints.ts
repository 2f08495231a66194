import {
  ISubnet,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { EndpointSet } from '../endpoint-set';

/** An interface endpoint, by the service that it leads to. */
export interface NamedEndpoint {
  /** The service as an identifier: `EcrApi`. */
  readonly id: string;
  readonly service: InterfaceVpcEndpointAwsService;
  readonly endpoint: InterfaceVpcEndpoint;
}

/** The services of several sets, each once. */
export function servicesOf(sets: EndpointSet[]): InterfaceVpcEndpointAwsService[] {
  return [...new Map(sets.flatMap(({ services }) => services).map((service) => [service.shortName, service])).values()];
}

/** Interface endpoints with private DNS, behind one security group that answers HTTPS of the network and calls nobody. */
export function interfaceEndpoints(
  scope: Construct,
  vpc: Vpc,
  services: InterfaceVpcEndpointAwsService[],
  where: { readonly cidr: string; readonly subnets: ISubnet[] },
): { readonly securityGroup: SecurityGroup; readonly endpoints: NamedEndpoint[] } {
  const securityGroup = new SecurityGroup(scope, 'EndpointSecurityGroup', {
    vpc,
    description: 'Interface endpoints: HTTPS from the network',
    allowAllOutbound: false,
  });
  securityGroup.addIngressRule(Peer.ipv4(where.cidr), Port.tcp(443), 'HTTPS from the network');
  const endpoints = services.map((service) => {
    const id = idOf(service);
    const endpoint = new InterfaceVpcEndpoint(scope, `${id}Endpoint`, {
      vpc,
      service,
      privateDnsEnabled: true,
      open: false,
      securityGroups: [securityGroup],
      subnets: { subnets: where.subnets },
    });
    return { id, service, endpoint };
  });
  return { securityGroup, endpoints };
}

/** `ecr.api` becomes `EcrApi`. */
function idOf({ shortName }: InterfaceVpcEndpointAwsService): string {
  return shortName
    .split(/[^A-Za-z0-9]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
