import type { Certainty } from './certainty';

/** What one row of "who can reach what" is about. */
export enum ReachKind {
  /** From the internet, possibly through something that passes requests on. */
  INTERNET = 'internet',
  /** Another resource of the assembly that may open a connection. */
  RESOURCE = 'resource',
  /** Something that passes requests on: a balancer, a distribution, a gateway, a proxy. */
  FORWARDER = 'forwarder',
  /** A block or a prefix list that a rule admits, whoever stands behind it. */
  NETWORK = 'network',
  /** A security group that a rule admits, and that no resource of the assembly is in. */
  SECURITY_GROUP = 'security group',
  /** An account, a role, a service or anybody that a resource policy admits. */
  POLICY = 'policy',
}

/** One row of "who can reach what". */
export interface Reach {
  /** Construct path of what is reached. */
  readonly target: string;
  readonly targetType: string;
  readonly kind: ReachKind;
  /** A construct path, a block, a prefix list or a principal. */
  readonly source: string;
  /** Construct paths of what lies between, from the source's side. */
  readonly through: string[];
  /** `5432/tcp`; for a policy its actions. */
  readonly ports: string[];
  /** Construct paths of the rules and policies that allow it. */
  readonly allowedBy: string[];
  readonly certainty: Certainty;
  readonly unknowns: string[];
}

/** One statement of a resource policy. */
export interface PolicyStatement {
  /** `Allow` or `Deny`. */
  readonly effect: string;
  /** `*`, accounts and ARNs, `service:…`, `federated:…`. */
  readonly principals: string[];
  readonly actions: string[];
  /** The keys of its conditions. */
  readonly conditions: string[];
  /** Whether it admits anybody: the principal is `*`, and no condition names somebody or a narrow block of addresses. */
  readonly isPublic: boolean;
  /** Construct path of what holds the policy. */
  readonly writtenIn: string;
  /** What is not known about it, as sentences. */
  readonly unknowns: string[];
}
