import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import type { MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration } from 'aws-cdk-lib/core';
import type { WatchedDatabase } from '../watched-database';
import { ALARMS, DatabaseDefaults } from './defaults';
import { metricSign } from './metric-sign';
import { worst } from './rds-metrics';

/** What every kind of database is watched for, beside what it says of itself. */
export interface Watched extends WatchedDatabase {
  readonly failedConnections: MetricFilter;
  readonly secret: ISecret;
}

/** What tells whether a database is well, whatever its kind. */
export function sharedSigns(watched: Watched, { outageSeverity }: DatabaseDefaults): VitalSign[] {
  const { SATURATION, ERRORS } = GoldenSignal;
  const { maxConnections, failedConnections } = watched;
  // Of a cluster the busiest instance: that is where somebody waits.
  const metric = (metricName: string) => worst(metricName, watched);
  return [
    metricSign('Cpu', 'CPU of the busiest instance', metric('CPUUtilization'), SATURATION, SignUnit.PERCENT, [
      AlarmRule.above(ALARMS.cpuPercent, {
        severity: Severity.WARNING,
        why: `An instance used more than ${ALARMS.cpuPercent} % of its CPU for ten minutes.`,
        runbook: 'database-is-busy',
        periods: ALARMS.cpuMinutes,
      }),
    ]),
    metricSign(
      'Connections',
      'Connections to the fullest instance',
      metric('DatabaseConnections'),
      SATURATION,
      SignUnit.COUNT,
      maxConnections === undefined ? [] : [nearlyFull(maxConnections, outageSeverity)],
    ),
    metricSign(
      'FailedConnections',
      'Connections that were turned away',
      failedConnections.metric({ statistic: 'Sum', period: Duration.minutes(5) }),
      ERRORS,
      SignUnit.COUNT,
      [
        AlarmRule.above(ALARMS.failedConnections, {
          severity: outageSeverity,
          why: `More than ${ALARMS.failedConnections} connections were turned away in five minutes: a wrong password, no right, no TLS, or no place.`,
          runbook: 'connections-fail',
        }),
      ],
    ),
    metricSign(
      'TransactionIds',
      'Age of the oldest transaction that is not frozen',
      metric('MaximumUsedTransactionIDs'),
      SATURATION,
      SignUnit.COUNT,
      [
        AlarmRule.above(ALARMS.transactionIds, {
          severity: Severity.WARNING,
          why: 'Autovacuum does not keep up: half of the transaction ids are used, and at the last PostgreSQL takes no more writes.',
          runbook: 'transaction-ids-run-out',
        }),
      ],
    ),
    ...eventSigns(watched, outageSeverity),
  ];
}

function nearlyFull(maxConnections: number, severity: Severity): AlarmRule {
  return AlarmRule.above(Math.floor((maxConnections * ALARMS.connectionPercent) / 100), {
    severity,
    why: `More than ${ALARMS.connectionPercent} % of the ${maxConnections} connections that an instance takes were open for five minutes.`,
    runbook: 'connections-run-out',
    periods: 5,
  });
}

/** What happens once, and is an alarm at once. */
function eventSigns({ sourceIdentifiers, secret }: Watched, outageSeverity: Severity): VitalSign[] {
  return [
    new VitalSign({
      id: 'RdsFailure',
      title: 'RDS reports a failure',
      source: SignSource.ofEvents({
        source: ['aws.rds'],
        detail: {
          SourceIdentifier: sourceIdentifiers,
          // RDS has no event of a backup that failed. It has these of what makes backups end, and of a failover that did:
          // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
          $or: [{ EventCategories: ['failure'] }, { EventID: Object.keys(FAILURES) }],
        },
      }),
      signal: GoldenSignal.ERRORS,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.onEvent({
          severity: outageSeverity,
          why: 'RDS says that the database failed, that it is not backed up any more, that a failover failed, or that its key is gone.',
          runbook: 'rds-reports-a-failure',
        }),
      ],
    }),
    new VitalSign({
      id: 'RotationFailed',
      title: 'The master password could not be changed',
      source: SignSource.ofEvents({
        // https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
        source: ['aws.secretsmanager'],
        detailType: ['AWS Service Event via CloudTrail'],
        detail: { eventName: ['RotationFailed'], additionalEventData: { SecretId: [secret.secretArn] } },
      }),
      signal: GoldenSignal.ERRORS,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.onEvent({
          severity: Severity.WARNING,
          why: 'The password of the master user stays what it is: it gets older than was agreed.',
          runbook: 'rotation-failed',
        }),
      ],
    }),
  ];
}

/** Events that are none of the category "failure", and yet are one. */
const FAILURES = {
  'RDS-EVENT-0028': 'automated backups are off',
  'RDS-EVENT-0067': 'the password of the master user could not be reset',
  'RDS-EVENT-0069': 'a failover of the cluster failed',
  'RDS-EVENT-0419': 'RDS cannot reach the key of the database',
};
