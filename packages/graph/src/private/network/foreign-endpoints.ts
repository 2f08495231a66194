import type { TemplateResource } from '../assembly/template';
import { EVERYWHERE } from './addresses';
import type { Endpoint } from './endpoints';
import { ALL_PORTS } from './ports';

/** Something outside of the assembly that asks: it may stand anywhere, and be in any group. */
export function standIn(resource: TemplateResource, why: string): Endpoint {
  return {
    resource,
    holders: [],
    places: [{ doubts: [why] }],
    groups: [{ id: `the security group of what ${resource.path} names`, rules: [], mayHoldMore: why, doubts: [], why }],
    startsConnections: false,
    doubts: [],
  };
}

/** CloudFront puts interfaces of its own into the subnets of what a VPC origin names, in a security group of its own. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html */
export function vpcOriginOf(origin: TemplateResource, to: Endpoint): Endpoint {
  const writtenIn = origin.path;
  return {
    resource: origin,
    holders: [],
    places: to.places,
    groups: [
      {
        id: 'CloudFront-VPCOrigins-Service-SG',
        rules: Object.values(EVERYWHERE).map((cidr) => ({
          direction: 'out',
          ports: ALL_PORTS,
          peer: { kind: 'cidr', cidr },
          description: 'the security group that CloudFront makes',
          writtenIn,
          doubts: [],
        })),
        doubts: [],
        why: `which security group CloudFront puts ${origin.path} in is known when it is deployed`,
      },
    ],
    startsConnections: false,
    doubts: [],
  };
}
