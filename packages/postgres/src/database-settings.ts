import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type {
  BackupProps,
  Credentials,
  DatabaseInsightsMode,
  EngineLifecycleSupport,
  PerformanceInsightRetention,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';

/** What the constructs of aws-cdk-lib's RDS are given, whatever the kind of database, under the names that they have there. */
export interface DatabaseSettings {
  /** The network. */
  readonly vpc: IVpc;
  /** Its subnets. */
  readonly vpcSubnets: SubnetSelection;
  /** The same, as RDS has them. */
  readonly subnetGroup: SubnetGroup;
  /** What may reach it: nothing, before `connectTo`. */
  readonly securityGroups: ISecurityGroup[];
  /** Who it begins with. */
  readonly credentials: Credentials;
  /** That RDS keeps the password. */
  readonly manageMasterUserPassword: boolean;
  /** That IAM may say who somebody is. */
  readonly iamAuthentication: boolean;
  /** What PostgreSQL is told. */
  readonly parameters: { [name: string]: string };
  /** What goes to CloudWatch Logs. */
  readonly cloudwatchLogsExports: string[];
  /** When it is backed up, and for how long. */
  readonly backup: BackupProps;
  /** When AWS may change it. */
  readonly preferredMaintenanceWindow: string;
  /** That minor versions come by themselves, in that window. */
  readonly autoMinorVersionUpgrade: boolean;
  /** That it does not slip into a support that costs by the hour. */
  readonly engineLifecycleSupport: EngineLifecycleSupport;
  /** That it is encrypted. */
  readonly storageEncrypted: boolean;
  /**
   * With what.
   *
   * @default the key of AWS
   */
  readonly storageEncryptionKey?: IKey;
  /** Whether it has to be unlocked before it can be deleted. */
  readonly deletionProtection: boolean;
  /** What becomes of it with its stack. */
  readonly removalPolicy: RemovalPolicy;
  /** That one knows whose a snapshot was. */
  readonly copyTagsToSnapshot: boolean;
  /** Which insights it gives. */
  readonly databaseInsightsMode: DatabaseInsightsMode;
  /** That it gives any. */
  readonly enablePerformanceInsights: boolean;
  /** For how long. */
  readonly performanceInsightRetention: PerformanceInsightRetention;
  /**
   * Encrypted with what.
   *
   * @default the key of AWS
   */
  readonly performanceInsightEncryptionKey?: IKey;
  /**
   * How often the operating system is asked.
   *
   * @default not at all
   */
  readonly monitoringInterval?: Duration;
  /**
   * Who writes down what it answers.
   *
   * @default nobody
   */
  readonly monitoringRole?: IRole;
}
