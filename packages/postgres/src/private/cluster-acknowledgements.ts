import { Findings } from '@groundplan/core';
import type { CfnDBCluster } from 'aws-cdk-lib/aws-rds';
import { DEFAULT_PORT } from './instance-acknowledgements';

/** Acknowledges what rules find in a Multi-AZ cluster and cannot be otherwise. */
export function acknowledgeMultiAzCluster(
  cluster: CfnDBCluster,
  { username, isLocked }: { readonly username: string; readonly isLocked: boolean },
): void {
  Findings.acknowledge(cluster, ['AwsSolutions-RDS11'], DEFAULT_PORT);
  Findings.acknowledge(
    cluster,
    ['cfn-lint::E3692'],
    'RDS takes IAM authentication of Multi-AZ clusters (API reference, CreateDBCluster); the page of CloudFormation was written before.',
  );
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
      'Who knows the name still needs the password, and the network. Pass master: MasterUser.managed({ username }) for another name (C18).',
    );
}
