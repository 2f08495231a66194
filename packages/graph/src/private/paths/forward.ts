import type { TemplateResource } from '../assembly/template';
import type { Model, Related } from '../model';
import { unique } from '../network/openings';
import type { Ports } from '../network/ports';

/** What a forwarder's requests go through. */
export enum Over {
  /** Security groups, ACLs and routes of a VPC. */
  NETWORK = 'network',
  /** The internet: what is asked has to be open to it. */
  INTERNET = 'internet',
  /** AWS itself: nothing that a template could close. */
  SERVICE = 'service',
}

/** Something that passes on what it is asked: a balancer, a distribution, a gateway, a proxy. */
export interface Forward {
  readonly from: TemplateResource;
  /** The ports on which it is asked; undefined when any. */
  readonly arriving?: readonly Ports[];
  /** The ports on which it asks; undefined when any. */
  readonly leaving?: readonly Ports[];
  /** Construct paths of what says so. */
  readonly allowedBy: readonly string[];
  readonly over: Over;
  /** What stands in the network in its place, such as a VPC link. */
  readonly asks?: TemplateResource;
  /** Packets keep the address of the client: the rules of what is asked are about the client. */
  readonly keepsClient?: boolean;
  readonly doubts: readonly string[];
}

/** A forward that AWS itself carries, said by resources that may not be there. */
export function serviceForward(from: TemplateResource, ...by: readonly Related[]): Forward {
  return {
    from,
    allowedBy: unique(by.map(({ resource }) => resource.path)),
    over: Over.SERVICE,
    doubts: unique(by.flatMap(({ doubts }) => doubts)),
  };
}

/** A resource that is there. */
export function certainly(model: Model, resource: TemplateResource): Related {
  return { resource, doubts: model.doubtsAbout(resource) };
}
