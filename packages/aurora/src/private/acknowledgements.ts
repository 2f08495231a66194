import { Findings } from '@groundplan/core';
import type { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';

/** Acknowledges what rules find in a cluster and cannot be otherwise. */
export function acknowledgeCluster(
  cluster: CfnDBCluster,
  { username, isLocked }: { readonly username: string; readonly isLocked: boolean },
): void {
  if (!isLocked)
    Findings.acknowledge(
      cluster,
      [
        'AwsSolutions-RDS10',
        'NIST.800.53.R5-RDSInstanceDeletionProtectionEnabled',
        'HIPAA.Security-RDSInstanceDeletionProtectionEnabled',
        'cdk-validator-cfnguard::rds_cluster_deletion_protection_enabled_check',
      ],
      'Only in production a database has to be unlocked before it can be deleted (BB-081): elsewhere environments come and go. Pass deletionProtection: true.',
    );
  if (username === 'postgres')
    Findings.acknowledge(
      cluster,
      ['cdk-validator-cfnguard::rds_cluster_default_admin_check'],
      'Who knows the name still needs a password that nobody sees, and the network. Pass master: MasterUser.managed({ username }) for another name (C18).',
    );
}

/** Acknowledges what rules find in the instances of a cluster and cannot be otherwise. */
export function acknowledgeInstances(
  instances: CfnDBInstance[],
  { isMonitored }: { readonly isMonitored: boolean },
): void {
  for (const instance of instances) {
    Findings.acknowledge(
      instance,
      ['NIST.800.53.R5-RDSInBackupPlan', 'HIPAA.Security-RDSInBackupPlan'],
      'Aurora backs up the cluster, not its instances: RDS itself does, to any second of the retention. A plan of AWS Backup selects the cluster by its tag groundplan:backup.',
    );
    if (!isMonitored)
      Findings.acknowledge(
        instance,
        [
          'NIST.800.53.R5-RDSEnhancedMonitoringEnabled',
          'HIPAA.Security-RDSEnhancedMonitoringEnabled',
          'cdk-validator-cfnguard::rds_instance_enhanced_monitoring_enabled_check',
          'checkov::CKV_AWS_118',
        ],
        'The operating system is asked from staging on, where somebody reads the answers: they are paid by the gigabyte of logs.',
      );
  }
}
