import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import { IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { ALARMS, AuroraDefaults } from './defaults';

const minute = Duration.minutes(1);

/** What a cluster has that not every database has. */
export interface WatchedCluster {
  readonly dimensions: { [name: string]: string };
  readonly isServerless: boolean;
  readonly hasReaders: boolean;
}

/** What tells whether a cluster is well, beside what tells it of every database. */
export function auroraSigns(
  { dimensions, isServerless, hasReaders }: WatchedCluster,
  defaults: AuroraDefaults,
): VitalSign[] {
  return [
    ...(isServerless ? capacitySigns(dimensions, defaults) : []),
    deadlocks(dimensions),
    ...(hasReaders ? [replicaLag(dimensions)] : []),
  ];
}

function capacitySigns(dimensions: { [name: string]: string }, { outageSeverity }: AuroraDefaults): VitalSign[] {
  return [
    new VitalSign({
      id: 'AcuUtilization',
      title: 'Capacity units of the most that there may be',
      source: SignSource.ofMetric(rds('ACUUtilization', dimensions, 'Maximum')),
      signal: GoldenSignal.SATURATION,
      unit: SignUnit.PERCENT,
      alarms: [
        AlarmRule.above(ALARMS.acuPercent, {
          severity: outageSeverity,
          why: `An instance had more than ${ALARMS.acuPercent} % of the capacity units that it may have for five minutes: it cannot grow with the load.`,
          runbook: 'capacity-runs-out',
          periods: ALARMS.acuMinutes,
        }),
      ],
    }),
    new VitalSign({
      id: 'Acu',
      title: 'Capacity units, of which every hour is paid',
      source: SignSource.ofMetric(rds('ServerlessDatabaseCapacity', dimensions, 'Average')),
      signal: GoldenSignal.COST,
      unit: SignUnit.COUNT,
    }),
    new VitalSign({
      id: 'AcuTurns',
      title: 'Turns of the capacity from growing to shrinking',
      source: SignSource.ofMetric(turns(dimensions)),
      signal: GoldenSignal.SATURATION,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.above(0, {
          severity: Severity.WARNING,
          why: `The capacity turned between growing and shrinking in ${ALARMS.acuTurns} of ${ALARMS.acuTurnMinutes} minutes: caches are lost each time.`,
          runbook: 'capacity-swings',
          periods: ALARMS.acuTurnMinutes,
          breaches: ALARMS.acuTurns,
        }),
      ],
    }),
  ];
}

/**
 * 1 in a minute in which the capacity grew and shrank in the one before, or the other way round; else 0. The direction of a minute
 * is 1, 0 or -1; two that follow each other and are opposite differ by 2.
 */
function turns(dimensions: { [name: string]: string }): IMetric {
  const step = ALARMS.acuTurnStep;
  return new MathExpression({
    expression: `IF(ABS(DIFF(IF(DIFF(acu) > ${step}, 1, IF(DIFF(acu) < -${step}, -1, 0)))) > 1, 1, 0)`,
    usingMetrics: { acu: rds('ServerlessDatabaseCapacity', dimensions, 'Average') },
    period: minute,
  });
}

function deadlocks(dimensions: { [name: string]: string }): VitalSign {
  const period = Duration.minutes(5);
  return new VitalSign({
    id: 'Deadlocks',
    title: 'Deadlocks in five minutes',
    source: SignSource.ofMetric(
      new MathExpression({
        // Aurora tells how many there were a second, once a minute.
        expression: 'perSecond * 60',
        usingMetrics: { perSecond: rds('Deadlocks', dimensions, 'Sum', period) },
        period,
      }),
    ),
    signal: GoldenSignal.ERRORS,
    unit: SignUnit.COUNT,
    alarms: [
      AlarmRule.above(ALARMS.deadlocks, {
        severity: Severity.WARNING,
        why: `More than ${ALARMS.deadlocks} transactions in five minutes waited for each other, and one of each was ended.`,
        runbook: 'deadlocks',
      }),
    ],
  });
}

function replicaLag(dimensions: { [name: string]: string }): VitalSign {
  return new VitalSign({
    id: 'ReplicaLag',
    title: 'How far the slowest reader is behind',
    source: SignSource.ofMetric(
      new MathExpression({
        expression: 'milliseconds / 1000',
        usingMetrics: { milliseconds: rds('AuroraReplicaLagMaximum', dimensions, 'Maximum') },
        period: minute,
      }),
    ),
    signal: GoldenSignal.LATENCY,
    unit: SignUnit.SECONDS,
    alarms: [
      AlarmRule.above(ALARMS.replicaLagSeconds, {
        severity: Severity.WARNING,
        why: `A reader was more than ${ALARMS.replicaLagSeconds} second behind for five minutes: whoever reads there sees what was.`,
        runbook: 'reader-is-behind',
        periods: ALARMS.replicaLagMinutes,
      }),
    ],
  });
}

/** A metric of the cluster: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html */
function rds(metricName: string, dimensionsMap: { [name: string]: string }, statistic: string, period = minute) {
  return new Metric({ namespace: 'AWS/RDS', metricName, dimensionsMap, statistic, period });
}
