import { AlarmRule, GoldenSignal, Severity, SignUnit, VitalSign } from '@groundplan/core';
import { Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { NetworkTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import { ALARMS, DatabaseDefaults } from './defaults';
import { metricSign } from './metric-sign';

const period = Duration.minutes(5);

/** What is known of a PgBouncer. */
interface WatchedPool {
  /** What its metrics are found by. */
  readonly name: string;
  readonly targetGroup: NetworkTargetGroup;
}

/** What tells whether PgBouncer lets clients in, and in time. It writes the metrics itself: `runtime/pgbouncer/measurements.ts`. */
export function poolSigns({ name, targetGroup }: WatchedPool, { outageSeverity }: DatabaseDefaults): VitalSign[] {
  const metric = (metricName: string, statistic: string) =>
    new Metric({ namespace: 'groundplan/PgBouncer', metricName, statistic, period, dimensionsMap: { Pool: name } });
  const { LATENCY, TRAFFIC, ERRORS, SATURATION } = GoldenSignal;
  return [
    metricSign(
      'PoolWait',
      'How long clients waited for a connection',
      metric('LongestWait', 'Maximum'),
      LATENCY,
      SignUnit.SECONDS,
      [
        AlarmRule.above(ALARMS.borrowSeconds, {
          severity: Severity.WARNING,
          why: `A client waited longer than ${ALARMS.borrowSeconds} second for a connection: all of them are in transactions.`,
          runbook: 'proxy-has-no-connections',
          periods: 2,
        }),
      ],
    ),
    metricSign('PoolClients', 'Clients of the busiest task', metric('Clients', 'Maximum'), TRAFFIC, SignUnit.COUNT),
    metricSign(
      'PoolConnections',
      'Connections of the busiest task to the database',
      metric('ServerConnections', 'Maximum'),
      SATURATION,
      SignUnit.COUNT,
    ),
    metricSign(
      'PoolRefused',
      'Clients that were turned away',
      metric('RefusedClients', 'Sum'),
      ERRORS,
      SignUnit.COUNT,
      [
        AlarmRule.above(ALARMS.failedConnections, {
          severity: outageSeverity,
          why: `More than ${ALARMS.failedConnections} clients were turned away in five minutes: a wrong password, no TLS, no place, or too long a wait.`,
          runbook: 'connections-fail',
        }),
      ],
    ),
    metricSign(
      'PoolWithoutDatabase',
      'Connections to the database that could not be opened',
      metric('FailedServerConnections', 'Sum'),
      ERRORS,
      SignUnit.COUNT,
      [
        AlarmRule.above(ALARMS.failedConnections, {
          severity: outageSeverity,
          why: `PgBouncer failed to open more than ${ALARMS.failedConnections} connections to the database in five minutes.`,
          runbook: 'connections-fail',
        }),
      ],
    ),
    metricSign(
      'PoolTasks',
      'Tasks of PgBouncer that answer',
      // Each zone of the balancer asks for itself: what the best of them sees.
      targetGroup.metrics.healthyHostCount({ statistic: 'Maximum', period: Duration.minutes(1) }),
      ERRORS,
      SignUnit.COUNT,
      [
        AlarmRule.below(1, {
          severity: outageSeverity,
          why: 'No task of PgBouncer answers: applications do not reach the database.',
          runbook: 'pool-does-not-answer',
          periods: 3,
          missingData: TreatMissingData.BREACHING,
        }),
      ],
    ),
  ];
}
