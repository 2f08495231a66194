import { Findings } from '@groundplan/core';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';

/** What of an instance rules ask for. */
export interface InstanceFacts {
  readonly username: string;
  readonly isLocked: boolean;
  readonly isMonitored: boolean;
  readonly multiAz: boolean;
  readonly hasKey: boolean;
  /** Nothing where only the deployment knows. */
  readonly backupDays?: number;
}

/** CT.RDS.PR.8: https://docs.aws.amazon.com/controltower/latest/controlreference/rds-rules.html */
const SHORTEST_BACKUP = 7;

/** Acknowledges what rules find in an instance and cannot be otherwise. */
export function acknowledgeInstance(instance: CfnDBInstance, facts: InstanceFacts): void {
  acknowledgeEvery(instance, facts.isMonitored);
  Findings.acknowledge(instance, [OF_INSTANCES.port], DEFAULT_PORT);
  if (!facts.isMonitored) Findings.acknowledge(instance, [OF_INSTANCES.monitoring], MONITORING);
  Findings.acknowledge(
    instance,
    IN_BACKUP_PLAN,
    'RDS itself backs it up, to any second of the retention. A plan of AWS Backup selects it by its tag groundplan:backup.',
  );
  if (!facts.multiAz)
    Findings.acknowledge(
      instance,
      [...MULTI_AZ, OF_INSTANCES.multiAz],
      'A second instance costs as much as the first, and only in production somebody waits for it (CA-082). Pass multiAz: true.',
    );
  if (!facts.isLocked)
    Findings.acknowledge(
      instance,
      [...DELETION_PROTECTION, OF_INSTANCES.deletionProtection],
      'Only in production a database has to be unlocked before it can be deleted (BB-081): elsewhere environments come and go. Pass deletionProtection: true.',
    );
  if (!facts.hasKey)
    Findings.acknowledge(
      instance,
      ['cdk-validator-cfnguard::rds_storage_encrypted_kms_key_check'],
      'It is encrypted with the key of AWS, and in production with one of its own (C17). Pass encryptionKey for a key of yours.',
    );
  if (facts.backupDays === undefined || facts.backupDays < SHORTEST_BACKUP)
    Findings.acknowledge(
      instance,
      ['cdk-validator-cfnguard::rds_instance_backup_enabled_check'],
      'What is worth a week of backups does not stand in a sandbox (C15). Pass backup: { retention: Duration.days(7) }.',
    );
  if (facts.username === 'postgres')
    Findings.acknowledge(
      instance,
      ['cdk-validator-cfnguard::rds_instance_default_admin_check'],
      'Who knows the name still needs the password, and the network. Pass master: MasterUser.managed({ username }) for another name (C18).',
    );
}

/** Acknowledges what rules find in a copy and cannot be otherwise. */
export function acknowledgeReplica(replica: CfnDBInstance, { isMonitored }: Pick<InstanceFacts, 'isMonitored'>): void {
  acknowledgeEvery(replica, isMonitored);
  Findings.acknowledge(
    replica,
    [...IN_BACKUP_PLAN, ...MULTI_AZ, ...DELETION_PROTECTION],
    'It holds nothing that the instance does not: that is backed up and locked, and a copy is made anew. Add one more with readReplicas where reports may not wait.',
  );
  Findings.acknowledge(
    replica,
    ['AwsSolutions-RDS2', ...Findings.standards('RDSStorageEncrypted'), 'checkov::CKV_AWS_16'],
    'A copy in the same region has the encryption and the key of its instance, which is encrypted; CloudFormation asks not to say it again.',
  );
}

function acknowledgeEvery(instance: CfnDBInstance, isMonitored: boolean): void {
  Findings.acknowledge(instance, ['AwsSolutions-RDS11'], DEFAULT_PORT);
  if (!isMonitored)
    Findings.acknowledge(
      instance,
      [
        'NIST.800.53.R5-RDSEnhancedMonitoringEnabled',
        'HIPAA.Security-RDSEnhancedMonitoringEnabled',
        'checkov::CKV_AWS_118',
      ],
      MONITORING,
    );
}

const MONITORING =
  'The operating system is asked from staging on, where somebody reads the answers: they are paid by the gigabyte of logs.';
export const DEFAULT_PORT =
  'Another port hides it from nobody who reaches it, and only named security groups do. Clients find 5432 by themselves.';
const IN_BACKUP_PLAN = ['NIST.800.53.R5-RDSInBackupPlan', 'HIPAA.Security-RDSInBackupPlan'];
const MULTI_AZ = [
  'AwsSolutions-RDS3',
  'NIST.800.53.R5-RDSMultiAZSupport',
  'HIPAA.Security-RDSMultiAZSupport',
  'checkov::CKV_AWS_157',
];
/** A replica is not asked. */
const OF_INSTANCES = {
  port: 'cdk-validator-cfnguard::rds_instance_no_default_ports_check',
  monitoring: 'cdk-validator-cfnguard::rds_instance_enhanced_monitoring_enabled_check',
  multiAz: 'cdk-validator-cfnguard::rds_instance_multi_az_support_check',
  deletionProtection: 'cdk-validator-cfnguard::rds_instance_deletion_protection_enabled_check',
};
const DELETION_PROTECTION = [
  'AwsSolutions-RDS10',
  'NIST.800.53.R5-RDSInstanceDeletionProtectionEnabled',
  'HIPAA.Security-RDSInstanceDeletionProtectionEnabled',
];
