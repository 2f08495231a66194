import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { CpuArchitecture, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
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

/** How PgBouncer keeps connections, and where it runs. */
export interface PgBouncerOptions {
  /**
   * How many tasks share the clients, 1 to 10. One that is replaced finishes the transactions that have begun; its clients connect
   * again, to another.
   *
   * @default by tier: 1, and 2 in staging and production, in zones of their own
   */
  readonly tasks?: number;
  /**
   * How many connections each task opens to the database at the most, 1 to 1000, and as many again to its readers.
   *
   * @default 20, PgBouncer's own: as many transactions run at once, and all others wait for one to end
   */
  readonly serverConnections?: number;
  /**
   * How many clients each task takes, 10 to 10000. One that waits costs a few kB.
   *
   * @default 1000
   */
  readonly clientConnections?: number;
  /**
   * How long a client waits for a connection before it is told that there is none, 1 second to 5 minutes.
   *
   * @default 30 seconds: a load balancer gives up after 60
   */
  readonly borrowTimeout?: Duration;
  /**
   * CPU units of a task: 256, 512 or 1024. PgBouncer is one thread, and uses no more than one vCPU.
   *
   * @default 256, with 512 MiB
   */
  readonly cpu?: number;
  /**
   * The processor that the image is built for. It installs PgBouncer when it is built: where that is on a machine of another kind,
   * Docker needs QEMU there (https://docs.docker.com/build/building/multi-platform/#qemu).
   *
   * @default `CpuArchitecture.ARM64` (BB-089)
   */
  readonly architecture?: CpuArchitecture;
  /**
   * A secret with `certificate` and `key` in PEM, by which clients can verify whom they talk to: `sslmode=verify-full`.
   *
   * @default each task makes its own, by which connections are encrypted and nobody is told apart: `sslmode=require`
   */
  readonly certificate?: ISecret;
  /**
   * The cluster that it runs in.
   *
   * @default one of its own
   */
  readonly cluster?: ICluster;
  /**
   * The subnets of its tasks.
   *
   * @default the private ones: they fetch their image and write their log
   */
  readonly subnets?: SubnetSelection;
}

/** Whether something between applications and the database keeps connections open and shares them. */
export class Pooling {
  /** Applications connect to the database itself; each pools for itself. */
  public static none(): Pooling {
    return new Pooling();
  }

  /**
   * RDS Proxy: many clients share few connections, a failover takes seconds and keeps clients connected, and users come with their
   * secrets or with IAM. It costs by the vCPU or ACU of the database and hour, keeps one that could sleep awake, and pins a session
   * that uses temporary tables, `SET`, advisory locks or `LISTEN` (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html).
   */
  public static rdsProxy(options: RdsProxyOptions = {}): Pooling {
    return new Pooling(options);
  }

  /**
   * PgBouncer on Fargate, in transaction mode: many clients share few connections, a transaction at a time. It costs the same
   * whatever stands behind it, and lets a database sleep. What belongs to a session does not outlive a transaction: `SET`, temporary
   * tables, session-level advisory locks, `LISTEN` (https://www.pgbouncer.org/features.html); prepared statements do. Users come with
   * their secrets; those without one, and the user that the database began with, go to the database itself.
   */
  public static pgBouncer(options: PgBouncerOptions = {}): Pooling {
    return new Pooling(undefined, options);
  }

  /** Whether it keeps connections open all the time, so that a database which could sleep never does. */
  public readonly keepsAwake: boolean;

  private constructor(
    /** @internal */
    public readonly _rdsProxy?: RdsProxyOptions,
    /** @internal */
    public readonly _pgBouncer?: PgBouncerOptions,
  ) {
    this.keepsAwake = _rdsProxy !== undefined;
  }
}
