import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import { IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { ALARMS } from './defaults';
import type { LookBack } from './look-back';

const PERIOD = Duration.minutes(5);
const { ERRORS, LATENCY, TRAFFIC } = GoldenSignal;

/** What tells whether the runs of a task end well, and in time. */
export function runSigns(machine: StateMachine, definition: FargateTaskDefinition, timeout: Duration): VitalSign[] {
  const seconds = timeout.toSeconds();
  return [
    counted('Failed', 'Runs that failed', machine.metricFailed({ period: PERIOD }), {
      why: 'A run did not end well: the process ended with another exit code than 0, or it could not be started.',
      runbook: 'task-failed',
    }),
    counted('TimedOut', 'Runs that took too long', machine.metricTimedOut({ period: PERIOD }), {
      why: `A run was stopped after ${timeout.toHumanString()}: it hangs, or needs a longer timeout.`,
      runbook: 'task-timed-out',
    }),
    new VitalSign({
      id: 'Duration',
      title: 'How long runs take',
      source: SignSource.ofMetric(
        new MathExpression({
          expression: 'milliseconds / 1000',
          usingMetrics: { milliseconds: machine.metricTime({ statistic: 'Maximum', period: PERIOD }) },
          label: 'Seconds',
          period: PERIOD,
        }),
      ),
      signal: LATENCY,
      unit: SignUnit.SECONDS,
      alarms: [
        AlarmRule.above((seconds * ALARMS.timeoutPercent) / 100, {
          severity: Severity.WARNING,
          why: `A run took more than ${ALARMS.timeoutPercent} % of its timeout of ${timeout.toHumanString()}: one of the next will be cut off.`,
          runbook: 'task-timed-out',
        }),
      ],
    }),
    new VitalSign({
      id: 'StartFailed',
      title: 'A task did not start',
      source: SignSource.ofEvents({
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          taskDefinitionArn: [definition.taskDefinitionArn],
          lastStatus: ['STOPPED'],
          stopCode: ['TaskFailedToStart'],
        },
      }),
      signal: ERRORS,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.onEvent({
          severity: Severity.WARNING,
          why: 'A task stopped before its process ran: its image, a secret, the network or capacity was not there.',
          runbook: 'task-does-not-start',
        }),
      ],
    }),
  ];
}

/** Whether runs were started at all, as far as EventBridge Scheduler could not start them. */
export function deadLetterSign(queue: IQueue): VitalSign {
  const messages = queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD });
  return counted('DeadLetters', 'Starts that were given up', messages, {
    why: 'EventBridge Scheduler could not start a run and gave up: the message in the queue says why.',
    runbook: 'schedule-does-not-start',
  });
}

/** Whether a run ended well within the time in which one has to. */
export function lastSuccessSign(machine: StateMachine, lookBack: LookBack): VitalSign {
  const period = Duration.minutes(lookBack.periodMinutes);
  return new VitalSign({
    id: 'LastSuccess',
    title: 'Runs that ended well',
    // Step Functions writes only what happened: without the zeros an alarm would wait for values that never come.
    source: SignSource.ofMetric(
      new MathExpression({
        expression: 'FILL(succeeded, 0)',
        usingMetrics: { succeeded: machine.metricSucceeded({ period }) },
        label: 'Runs that ended well',
        period,
      }),
    ),
    signal: TRAFFIC,
    unit: SignUnit.COUNT,
    alarms: [
      AlarmRule.below(1, {
        severity: Severity.WARNING,
        why: `No run has ended well in the last ${lookBack.described}: the schedule does not start it, or it fails or hangs.`,
        runbook: 'schedule-is-silent',
        periods: lookBack.periods,
        missingData: TreatMissingData.BREACHING,
      }),
    ],
  });
}

function counted(
  id: string,
  title: string,
  metric: IMetric,
  rule: { readonly why: string; readonly runbook: string },
): VitalSign {
  return new VitalSign({
    id,
    title,
    source: SignSource.ofMetric(metric),
    signal: ERRORS,
    unit: SignUnit.COUNT,
    alarms: [AlarmRule.above(0, { ...rule, severity: Severity.WARNING })],
  });
}
