import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Duration } from 'aws-cdk-lib/core';
import { FIXED } from './private/defaults';

/** Whose the password of the master user is. */
export interface ManagedMasterOptions {
  /**
   * What the user is called. It never changes once the database stands.
   *
   * @default 'postgres' (C18)
   */
  readonly username?: string;
  /**
   * How often the password changes, 1 to 1000 days.
   *
   * @default 30 days (IP-023, BB-096), by a schedule on the secret of RDS; 7 days are RDS's own and need no schedule
   */
  readonly rotateEvery?: Duration;
}

/** How the master user of a password that RDS does not manage is called. */
export interface GeneratedMasterOptions {
  /**
   * What the user is called. It never changes once the database stands.
   *
   * @default 'postgres' (C18)
   */
  readonly username?: string;
  /**
   * How often a function of AWS, which CloudFormation puts into your network, changes the password: 1 to 1000 days.
   *
   * @default never
   */
  readonly rotateEvery?: Duration;
  /**
   * The subnets of that function. It has to reach Secrets Manager from there, and nothing else but the database.
   *
   * @default the private ones, whose egress leads there
   */
  readonly rotationSubnets?: SubnetSelection;
}

/**
 * The user that a database begins with. Nothing but migrations should be that user: give applications users of their own with
 * `addUser`.
 */
export class MasterUser {
  /**
   * RDS makes the password, keeps it in a secret and changes it. No function of yours is needed, and nobody sees it.
   *
   * AWS documents a rotation every 7 days, and lets a schedule of yours change that; that CloudFormation's resource for schedules
   * is taken for such a secret is what its validator says, and was not seen on AWS. `rotateEvery: Duration.days(7)` goes without.
   */
  public static managed(options: ManagedMasterOptions = {}): MasterUser {
    return new MasterUser(
      options.username ?? FIXED.masterUsername,
      options.rotateEvery ?? Duration.days(FIXED.rotationDays),
    );
  }

  /**
   * A password in a secret of yours, for an instance with read replicas: RDS makes none of an instance whose password it manages
   * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations). It stays as it
   * is, or a function that AWS hosts changes it: `rotateEvery`. That brings a transform into the template
   * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-secretsmanager.html), and was not seen on AWS.
   */
  public static generated(options: GeneratedMasterOptions = {}): MasterUser {
    const { username = FIXED.masterUsername, rotateEvery, rotationSubnets } = options;
    return new MasterUser(username, rotateEvery, false, rotationSubnets);
  }

  private constructor(
    /** @internal */
    public readonly _username: string,
    /** @internal Nothing where nobody changes the password. */
    public readonly _rotateEvery?: Duration,
    /** @internal Whether RDS keeps the password. */
    public readonly _isManaged = true,
    /** @internal */
    public readonly _rotationSubnets?: SubnetSelection,
  ) {}
}
