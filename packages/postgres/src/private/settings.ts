import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  DatabaseInsightsMode,
  EngineLifecycleSupport,
  PerformanceInsightRetention,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { DatabaseSettings } from '../database-settings';
import { MasterUser } from '../master-user';
import type { PostgresDatabase } from '../postgres-database';
import type { PostgresDatabaseProps } from '../postgres-database-props';
import { DatabaseDefaults, FIXED } from './defaults';
import { enhancedMonitoring } from './enhanced-monitoring';
import { credentialsOf } from './master-credentials';
import { PRESET } from './parameters';

/** What is settled before the settings are. */
interface Settled {
  readonly tier: DatabaseDefaults;
  readonly encryptionKey?: IKey;
  readonly keyOfSecrets?: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** What the resources of every kind are given, with the subnet group and the role that they need. */
export function databaseSettings(
  scope: PostgresDatabase,
  props: PostgresDatabaseProps,
  { tier, encryptionKey, keyOfSecrets, removalPolicy }: Settled,
): DatabaseSettings {
  const { vpc } = props;
  const { backup = {}, deletionProtection = tier.deletionProtection, master = MasterUser.managed() } = props;
  const vpcSubnets = props.subnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED };
  const advanced = tier.insights === 'advanced';
  return {
    vpc,
    vpcSubnets,
    subnetGroup: new SubnetGroup(scope, 'SubnetGroup', {
      vpc,
      vpcSubnets,
      description: `Subnets of ${scope.node.path}`,
    }),
    securityGroups: [scope.securityGroup],
    credentials: credentialsOf(scope, master, keyOfSecrets),
    manageMasterUserPassword: master._isManaged,
    iamAuthentication: true,
    parameters: { ...PRESET, ...props.parameters },
    cloudwatchLogsExports: ['postgresql'],
    backup: {
      retention: backup.retention ?? Duration.days(tier.backupDays),
      preferredWindow: backup.window ?? FIXED.backupWindow,
    },
    preferredMaintenanceWindow: props.maintenanceWindow ?? FIXED.maintenanceWindow,
    autoMinorVersionUpgrade: true,
    // Else a version that is past its end costs by the vCPU and hour: https://aws.amazon.com/rds/aurora/pricing/#Amazon_RDS_Extended_Support_costs
    engineLifecycleSupport: EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
    storageEncrypted: true,
    storageEncryptionKey: encryptionKey,
    deletionProtection,
    removalPolicy: removalPolicy,
    copyTagsToSnapshot: true,
    databaseInsightsMode: advanced ? DatabaseInsightsMode.ADVANCED : DatabaseInsightsMode.STANDARD,
    enablePerformanceInsights: true,
    // Advanced insights take 15 months and no other: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.html
    performanceInsightRetention: advanced ? PerformanceInsightRetention.MONTHS_15 : PerformanceInsightRetention.DEFAULT,
    performanceInsightEncryptionKey: encryptionKey,
    ...enhancedMonitoring(scope, tier),
  };
}
