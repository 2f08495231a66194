import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatabaseLogOptions } from '../postgres-database-props';
import { acknowledgeLogs } from './acknowledgements';

/** Where PostgreSQL writes, and what is counted in it. */
export interface DatabaseLog {
  readonly logGroup: LogGroup;
  /** Those who wanted in and were turned away. */
  readonly failedConnections: MetricFilter;
}

/**
 * What PostgreSQL says when it turns somebody away: a wrong password, a token of IAM that does not hold, no TLS or no such host
 * in pg_hba.conf, no such user or database, no place left. No metric of RDS counts them (C26).
 *
 * The lines stand in src/backend/libpq/auth.c and src/backend/utils/init/postinit.c of PostgreSQL; RDS lets IAM in through PAM:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html
 */
const TURNED_AWAY = [
  'password authentication failed for user',
  'PAM authentication failed for user',
  'no pg_hba.conf entry for host',
  'pg_hba.conf rejects connection',
  'remaining connection slots are reserved',
  'sorry, too many clients already',
  'too many connections for role',
  'too many connections for database',
];

/** The log group that RDS writes to, with an end; without it RDS would make one that keeps everything forever. */
export function databaseLog(
  scope: Construct,
  logGroupName: string,
  database: string,
  options: DatabaseLogOptions & { readonly defaultDays: number; readonly keeps: boolean },
): DatabaseLog {
  const { retention = options.defaultDays, encryptionKey, redaction, keeps } = options;
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName,
    retention,
    encryptionKey,
    dataProtectionPolicy: redaction,
    removalPolicy: keeps ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  acknowledgeLogs(logGroup, options, retention);
  const failedConnections = new MetricFilter(scope, 'FailedConnections', {
    logGroup,
    filterPattern: FilterPattern.anyTerm(...TURNED_AWAY),
    metricNamespace: `groundplan/Database/${database}`,
    metricName: 'FailedConnections',
    metricValue: '1',
    defaultValue: 0,
  });
  return { logGroup, failedConnections };
}
