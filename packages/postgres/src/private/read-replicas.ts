import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import {
  CaCertificate,
  DatabaseInstance,
  DatabaseInstanceReadReplica,
  IParameterGroup,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatabaseSettings } from '../database-settings';
import { replicaIdentifier } from './instance-names';

/** What copies of an instance are made of. */
export interface ReplicaPlan {
  readonly count: number;
  readonly source: DatabaseInstance;
  readonly identifier: string;
  readonly instanceType: InstanceType;
  readonly parameterGroup: IParameterGroup;
  readonly maxAllocatedStorage?: number;
  readonly settings: DatabaseSettings;
}

/**
 * Copies that answer what only reads. What they are not given they have from the instance: its size of storage, which may have
 * grown, its encryption, and no backups of their own. They hold nothing that it does not, so they are never locked.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbinstance.html#cfn-rds-dbinstance-sourcedbinstanceidentifier
 */
export function readReplicas(scope: Construct, plan: ReplicaPlan): DatabaseInstanceReadReplica[] {
  const { settings } = plan;
  return Array.from(
    { length: plan.count },
    (_, index) =>
      new DatabaseInstanceReadReplica(scope, `Replica${index + 1}`, {
        sourceDatabaseInstance: plan.source,
        instanceIdentifier: replicaIdentifier(plan.identifier, index + 1),
        instanceType: plan.instanceType,
        parameterGroup: plan.parameterGroup,
        storageType: StorageType.GP3,
        maxAllocatedStorage: plan.maxAllocatedStorage,
        publiclyAccessible: false,
        caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
        deletionProtection: false,
        removalPolicy: RemovalPolicy.DESTROY,
        vpc: settings.vpc,
        subnetGroup: settings.subnetGroup,
        securityGroups: settings.securityGroups,
        iamAuthentication: settings.iamAuthentication,
        cloudwatchLogsExports: settings.cloudwatchLogsExports,
        preferredMaintenanceWindow: settings.preferredMaintenanceWindow,
        autoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
        copyTagsToSnapshot: settings.copyTagsToSnapshot,
        databaseInsightsMode: settings.databaseInsightsMode,
        enablePerformanceInsights: settings.enablePerformanceInsights,
        performanceInsightRetention: settings.performanceInsightRetention,
        performanceInsightEncryptionKey: settings.performanceInsightEncryptionKey,
        monitoringInterval: settings.monitoringInterval,
        monitoringRole: settings.monitoringRole,
      }),
  );
}
