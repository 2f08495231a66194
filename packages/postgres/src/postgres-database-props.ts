import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { DataProtectionPolicy, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { MasterUser } from './master-user';
import type { Pooling } from './pooling';

/** What RDS keeps of a database by itself. */
export interface BackupOptions {
  /**
   * How long any second can be restored to, 1 to 35 days (IP-018, IP-019).
   *
   * @default by tier: 1, 7, 14, 35 days
   */
  readonly retention?: Duration;
  /**
   * When the daily snapshot is taken, `hh:mm-hh:mm` in UTC.
   *
   * @default '03:00-04:00' (BB-079)
   */
  readonly window?: string;
}

/** What becomes of what PostgreSQL writes to its log. */
export interface DatabaseLogOptions {
  /**
   * How long it is kept.
   *
   * @default by tier: 30, 30, 60, 90 days
   */
  readonly retention?: RetentionDays;
  /**
   * The key that it is encrypted with.
   *
   * @default the one of CloudWatch Logs
   */
  readonly encryptionKey?: IKey;
  /**
   * What is masked in it. `log_statement: 'all'` needs one in production: statements hold personal data (C45).
   *
   * @default nothing: the log holds no values of statements, but those that failed or took longer than a second
   */
  readonly redaction?: DataProtectionPolicy;
}

/** What every database says, whatever its kind. */
export interface PostgresDatabaseProps {
  /** The network that it stands in. */
  readonly vpc: IVpc;
  /**
   * The subnets that it stands in, of two zones at least.
   *
   * @default the isolated ones (C13, BB-077): no route leads to the internet, nor from there
   */
  readonly subnets?: SubnetSelection;
  /**
   * The database that is made with it: a small letter, then small letters, digits and "_". It never changes once it stands.
   *
   * @default 'app'
   */
  readonly databaseName?: string;
  /**
   * The major version: 14 to 18. Of the minor ones it is the newest that aws-cdk-lib knows. Another number is the explicit word for
   * an upgrade, which takes the database away for minutes and cannot be undone: the guide "Running PostgreSQL" says how it is done.
   *
   * @default 17 (C14, BB-013); another default comes only with a major version of this library
   */
  readonly majorVersion?: number;
  /**
   * Parameters by their PostgreSQL names, which stand over ours (BB-082).
   *
   * @default TLS is forced; DDL and what takes longer than a second is logged; a statement ends after 5 minutes, a transaction
   * that does nothing after one
   */
  readonly parameters?: { [name: string]: string };
  /**
   * The user that it begins with.
   *
   * @default `MasterUser.managed()`: RDS keeps and changes the password
   */
  readonly master?: MasterUser;
  /**
   * What RDS keeps of it by itself.
   *
   * @default by tier; see `BackupOptions`
   */
  readonly backup?: BackupOptions;
  /**
   * When AWS may change it, `ddd:hh:mm-ddd:hh:mm` in UTC, at another time than the backup.
   *
   * @default 'sun:04:00-sun:05:00' (BB-080)
   */
  readonly maintenanceWindow?: string;
  /**
   * The key that storage, snapshots and the master's secret are encrypted with. It never changes once the database stands.
   *
   * @default by tier: the one of AWS, and in production one of its own, which outlives it
   */
  readonly encryptionKey?: IKey;
  /**
   * Where PostgreSQL's log goes.
   *
   * @default CloudWatch Logs; see `DatabaseLogOptions`
   */
  readonly logs?: DatabaseLogOptions;
  /**
   * Whether something between applications and the database shares connections.
   *
   * @default `Pooling.none()`: each application pools for itself
   */
  readonly pooling?: Pooling;
  /**
   * Whether it has to be unlocked before it can be deleted.
   *
   * @default by tier: only in production (BB-081)
   */
  readonly deletionProtection?: boolean;
  /**
   * What becomes of it with its stack.
   *
   * @default by tier: it is gone in sandbox and development, a snapshot stays in staging, and it stays in production (C16)
   */
  readonly removalPolicy?: RemovalPolicy;
}
