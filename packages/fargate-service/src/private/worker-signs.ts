import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { ServiceDefaults } from './defaults';
import type { Jobs } from './job-queue';
import { runningTasks } from './vital-signs';

const period = Duration.minutes(1);

/** What tells whether the jobs of a queue get done. */
export function queueSigns(
  queue: IQueue,
  deadLetterQueue: IQueue | undefined,
  service: FargateService,
  jobs: Jobs,
  { outageSeverity }: ServiceDefaults,
): VitalSign[] {
  const { LATENCY, TRAFFIC, ERRORS, SATURATION } = GoldenSignal;
  const visible = queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });
  // A job that waits is a delay; one that waits as long as the longest job after that is a queue that nobody works off.
  const tooOld = Math.ceil(jobs.delaySeconds + jobs.longestSeconds);
  return [
    new VitalSign({
      id: 'JobsTaken',
      title: 'Jobs that were done',
      source: SignSource.ofMetric(queue.metricNumberOfMessagesDeleted({ period, statistic: 'Sum' })),
      signal: TRAFFIC,
      unit: SignUnit.COUNT,
    }),
    new VitalSign({
      id: 'OldestJob',
      title: 'How long the oldest job has waited',
      source: SignSource.ofMetric(queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' })),
      signal: LATENCY,
      unit: SignUnit.SECONDS,
      alarms: [
        AlarmRule.above(tooOld, {
          severity: outageSeverity,
          why: `A job has waited for more than ${tooOld} seconds: the workers fail, are too few, or one job comes back again and again.`,
          runbook: 'jobs-wait',
          periods: 5,
        }),
      ],
    }),
    new VitalSign({
      id: 'Backlog',
      title: 'Jobs that wait for each task',
      source: SignSource.ofMetric(
        new MathExpression({
          expression: 'visible / tasks',
          usingMetrics: { visible, tasks: runningTasks(service) },
          label: 'Jobs that wait for each task',
          period,
        }),
      ),
      signal: SATURATION,
      unit: SignUnit.COUNT,
    }),
    ...(deadLetterQueue ? [deadLetters(deadLetterQueue, ERRORS)] : []),
  ];
}

function deadLetters(queue: IQueue, signal: GoldenSignal): VitalSign {
  return new VitalSign({
    id: 'JobsPutAside',
    title: 'Jobs that failed again and again',
    source: SignSource.ofMetric(queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' })),
    signal,
    unit: SignUnit.COUNT,
    alarms: [
      AlarmRule.above(0, {
        severity: Severity.WARNING,
        why: 'A job failed as often as it may and was put aside; it is kept for 14 days and can be sent back when the cause is gone.',
        runbook: 'jobs-put-aside',
      }),
    ],
  });
}
