/** What stands at the other end of a route. */
export enum RouteTarget {
  /** Connections start on either side. */
  INTERNET_GATEWAY = 'internet gateway',
  /** IPv6, from inside only. */
  EGRESS_ONLY_GATEWAY = 'egress-only gateway',
  NAT_GATEWAY = 'nat gateway',
  /** One that stands in no subnet and spans all zones. */
  REGIONAL_NAT_GATEWAY = 'regional nat gateway',
  /** An instance that forwards packets which are not its own. */
  NAT_INSTANCE = 'nat instance',
  /** S3 or DynamoDB, within AWS. */
  GATEWAY_ENDPOINT = 'gateway endpoint',
  INTERFACE_ENDPOINT = 'interface endpoint',
  TRANSIT_GATEWAY = 'transit gateway',
  PEERING = 'peering',
  VPN_GATEWAY = 'vpn gateway',
  OTHER = 'other',
}

/** One route of a subnet. */
export interface Route {
  /** A CIDR block, a prefix list, or for a gateway endpoint the service: `s3`, `dynamodb`. */
  readonly destination: string;
  readonly targetKind: RouteTarget;
  /** The construct path of what it leads to, or the id of something outside of the assembly. */
  readonly target: string;
  /** Why the route may not be there; empty when it is. */
  readonly unknowns: string[];
}

/** How far the routes of a subnet reach. Network ACLs and security groups come after. */
export enum InternetAccess {
  /** No route to the internet. */
  NONE = 'none',
  /** Connections start inside only: NAT, or an egress-only gateway. */
  OUTBOUND = 'outbound',
  /** Connections start on either side: an internet gateway. */
  BOTH = 'both',
}
