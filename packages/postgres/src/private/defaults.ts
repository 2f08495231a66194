import { Severity, Tier } from '@groundplan/core';

/** Everything about a database that depends on the tier, whatever its kind. The README's table is generated from it. */
export interface DatabaseDefaults {
  /** How long a point in time can be restored to, in days (C15, IP-018). */
  readonly backupDays: number;
  /** Whether it has to be unlocked before it can be deleted (C16, BB-081). */
  readonly deletionProtection: boolean;
  /** What becomes of it with its stack (C16, BB-081). */
  readonly removal: 'destroy' | 'snapshot' | 'retain';
  /** Whether it is encrypted with a key of its own, or with the one of AWS (C17, IP-017). */
  readonly ownKey: boolean;
  /** Which Database Insights: the advanced ones cost by the vCPU and keep 15 months. */
  readonly insights: 'standard' | 'advanced';
  /** How often the operating system is asked, in seconds; 0 is not at all. */
  readonly monitoringSeconds: number;
  /** How long its log is kept, in days (C27). */
  readonly logDays: number;
  /** Whether a snapshot is taken before migrations run (BB-005). */
  readonly snapshotBeforeMigrations: boolean;
  /** How large an instance of the class t4g is (CA-120, CA-121, CA-122). */
  readonly instanceSize: string;
  /** What each of the three instances of a Multi-AZ cluster is; c6gd.medium is the smallest that there is. */
  readonly memberType: string;
  /** What an instance begins with, in GiB (BB-078); less than 20 there is not. */
  readonly storageGiB: number;
  /** Whether an instance has another in a second zone, which takes over when it fails (BB-013, CA-082). */
  readonly multiAz: boolean;
  /** How many tasks of PgBouncer share the clients; two stand in zones of their own. */
  readonly poolTasks: number;
  /** Who is told when users are affected. */
  readonly outageSeverity: Severity;
}

export const DEFAULTS: { readonly [tier in Tier]: DatabaseDefaults } = {
  [Tier.SANDBOX]: {
    backupDays: 1,
    deletionProtection: false,
    removal: 'destroy',
    ownKey: false,
    insights: 'standard',
    monitoringSeconds: 0,
    logDays: 30,
    snapshotBeforeMigrations: false,
    instanceSize: 'micro',
    memberType: 'c6gd.medium',
    storageGiB: 20,
    multiAz: false,
    poolTasks: 1,
    outageSeverity: Severity.WARNING,
  },
  [Tier.DEVELOPMENT]: {
    backupDays: 7,
    deletionProtection: false,
    removal: 'destroy',
    ownKey: false,
    insights: 'standard',
    monitoringSeconds: 0,
    logDays: 30,
    snapshotBeforeMigrations: false,
    instanceSize: 'micro',
    memberType: 'c6gd.medium',
    storageGiB: 20,
    multiAz: false,
    poolTasks: 1,
    outageSeverity: Severity.WARNING,
  },
  [Tier.STAGING]: {
    backupDays: 14,
    deletionProtection: false,
    removal: 'snapshot',
    ownKey: false,
    insights: 'standard',
    monitoringSeconds: 60,
    logDays: 60,
    snapshotBeforeMigrations: false,
    instanceSize: 'small',
    memberType: 'm6gd.large',
    storageGiB: 20,
    multiAz: false,
    poolTasks: 2,
    outageSeverity: Severity.WARNING,
  },
  [Tier.PRODUCTION]: {
    backupDays: 35,
    deletionProtection: true,
    removal: 'retain',
    ownKey: true,
    insights: 'advanced',
    monitoringSeconds: 60,
    logDays: 90,
    snapshotBeforeMigrations: true,
    instanceSize: 'medium',
    memberType: 'm6gd.large',
    storageGiB: 100,
    multiAz: true,
    poolTasks: 2,
    outageSeverity: Severity.CRITICAL,
  },
};

/** What holds in every tier. */
export const FIXED = {
  port: 5432,
  databaseName: 'app',
  /** C18. */
  masterUsername: 'postgres',
  majorVersion: 17,
  /** C18, IP-023, BB-096. */
  rotationDays: 30,
  /** How often RDS rotates a secret that it manages by itself: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html */
  rdsRotationDays: 7,
  /** Half of what a load balancer waits: a client is told in time that there is no connection. */
  borrowSeconds: 30,
  /** Migrations and people connect beside the proxy. */
  poolPercent: 90,
  /** RDS's own default. */
  idleClientSeconds: 1800,
  /** PgBouncer's own default of `default_pool_size`. */
  serverConnections: 20,
  clientConnections: 1000,
  /** One thread, of which a transaction of a few statements takes some tens of microseconds. */
  poolCpu: 256,
  /** The most that Fargate lets a container have between SIGTERM and SIGKILL. */
  poolStopSeconds: 120,
  /** A task that leaves gets no new clients for so long before it is told. */
  poolDrainSeconds: 30,
  /** After a minute without work PgBouncer holds nothing that keeps a database awake: the shortest pause of Aurora is five. */
  poolIdleSeconds: 60,
  poolReportSeconds: 60,
  /** BB-079. */
  backupWindow: '03:00-04:00',
  /** BB-080. */
  maintenanceWindow: 'sun:04:00-sun:05:00',
  /** Its value is the tier: a plan of AWS Backup selects by it. */
  backupTag: 'groundplan:backup',
} as const;

/** From which value on somebody is told. */
export const ALARMS = {
  /** How long a client waits for a connection of a proxy: half of what a request has (C25). */
  borrowSeconds: 1,
  /** C26, CA-096: for 10 minutes. */
  cpuPercent: 80,
  cpuMinutes: 10,
  /** C26, IP-054: more than 10 in 5 minutes. */
  failedConnections: 10,
  /** Of what an instance takes; at the limit nobody gets in. */
  connectionPercent: 80,
  /**
   * Of 2 147 483 648 that PostgreSQL can tell apart; autovacuum begins at 200 million, and 3 million from the end it takes no more
   * writes: https://www.postgresql.org/docs/17/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND. AWS alarms at half:
   * https://aws.amazon.com/blogs/database/implement-an-early-warning-system-for-transaction-id-wraparound-in-amazon-rds-for-postgresql/
   */
  transactionIds: 1_000_000_000,
  /** C26, CA-096: of what an instance begins with. */
  storagePercent: 10,
  /** RDS adds storage when 10 % have been left for five minutes; so long it has for it where it may. */
  storageMinutes: 5,
  growingStorageMinutes: 30,
  /**
   * MB-019. A replica of an instance to which nobody writes is up to five minutes behind, again and again, and never for longer:
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
   */
  replicaLagSeconds: 300,
  replicaLagMinutes: 5,
} as const;
