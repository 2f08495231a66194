import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatabaseLogOptions } from '../postgres-database-props';
import { acknowledgeLogs } from './acknowledgements';
import type { DatabaseDefaults } from './defaults';

/** How RDS calls what it writes while it takes a new major version. Aurora has no such log. */
export const UPGRADE = 'upgrade';

/** Where RDS writes what became of an upgrade, with an end. It says why one was refused, and nothing else does. */
export function upgradeLog(
  scope: Construct,
  database: string,
  { retention, encryptionKey }: DatabaseLogOptions,
  { logDays }: DatabaseDefaults,
  removalPolicy: RemovalPolicy,
): LogGroup {
  const logGroup = new LogGroup(scope, 'UpgradeLogs', {
    logGroupName: `/aws/rds/${database}/${UPGRADE}`,
    retention: retention ?? logDays,
    encryptionKey,
    removalPolicy: removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  acknowledgeLogs(logGroup, { encryptionKey }, retention ?? logDays);
  return logGroup;
}
