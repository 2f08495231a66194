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
   * A password that is made once, for an instance with read replicas: RDS makes none of an instance whose password it manages
   * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations). A secret of
   * yours holds it, and nothing changes it by itself: that would need a function of yours in the network.
   */
  public static generated(options: GeneratedMasterOptions = {}): MasterUser {
    return new MasterUser(options.username ?? FIXED.masterUsername);
  }

  private constructor(
    /** @internal */
    public readonly _username: string,
    /** @internal Nothing where RDS does not manage the password. */
    public readonly _rotateEvery?: Duration,
  ) {}
}
