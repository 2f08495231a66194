import type { Duration } from 'aws-cdk-lib/core';

/** How RDS Proxy keeps connections. */
export interface RdsProxyOptions {
  /**
   * How long a client waits for a connection before it is told that there is none, 1 second to 5 minutes.
   *
   * @default 30 seconds: a load balancer gives up after 60
   */
  readonly borrowTimeout?: Duration;
  /**
   * How much of `max_connections` the proxy may take, 1 to 100 percent.
   *
   * @default 90: migrations and people connect beside it
   */
  readonly maxConnectionsPercent?: number;
  /**
   * After how long without a word a client is sent away, 1 minute to 8 hours.
   *
   * @default 30 minutes
   */
  readonly idleClientTimeout?: Duration;
}

/** Whether something between applications and the database keeps connections open and shares them. */
export class Pooling {
  /** Applications connect to the database itself; each pools for itself. */
  public static none(): Pooling {
    return new Pooling(undefined);
  }

  /**
   * RDS Proxy: many clients share few connections, a failover takes seconds and keeps clients connected, and users come with their
   * secrets or with IAM. It costs by the vCPU or ACU of the database and hour, keeps one that could sleep awake, and pins a session
   * that uses temporary tables, `SET`, advisory locks or `LISTEN` (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html).
   */
  public static rdsProxy(options: RdsProxyOptions = {}): Pooling {
    return new Pooling(options);
  }

  /** Whether it keeps connections open all the time, so that a database which could sleep never does. */
  public readonly keepsAwake: boolean;

  private constructor(
    /** @internal */
    public readonly _rdsProxy: RdsProxyOptions | undefined,
  ) {
    this.keepsAwake = _rdsProxy !== undefined;
  }
}
