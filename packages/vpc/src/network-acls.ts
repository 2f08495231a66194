/** Which network ACLs stand in front of the subnets: a second, stateless fence behind the security groups. */
export class NetworkAcls {
  /**
   * The VPC's default ACL, which lets everything through: security groups decide alone. AWS Solutions advises it (VPC3:
   * "Network ACLs should be used sparingly").
   */
  public static readonly AWS_DEFAULT = new NetworkAcls(false);
  /**
   * One per tier (BB-064). Public: ports 80 and 443 from anywhere, and answers. Private: the network itself, and answers
   * from outside. Isolated: the network itself in both directions and nothing else. SSH and RDP from outside are never let
   * through. Entries are numbered from 100 in steps of 10: your own go in between with `network.aclOf(tier).addEntry(…)`.
   */
  public static readonly BY_TIER = new NetworkAcls(true);

  private constructor(
    /** @internal */
    public readonly _byTier: boolean,
  ) {}
}
