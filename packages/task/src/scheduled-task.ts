import type { Mistakes, VitalSign } from '@groundplan/core';
import {
  CfnScheduleGroup,
  IScheduleGroup,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OneOffTask, OneOffTaskProps } from './one-off-task';
import { acknowledgeSchedule } from './private/acknowledgements';
import { checkSchedule } from './private/check-schedule';
import { FIXED } from './private/defaults';
import { LeastPrivilegeRole } from './private/least-privilege-role';
import { LookBack, lookBackOver } from './private/look-back';
import { longestPause } from './private/longest-pause';
import { deadLetterSign, lastSuccessSign } from './private/vital-signs';

/** What a task is that runs by the clock. */
export interface ScheduledTaskProps extends OneOffTaskProps {
  /** When it runs: a rate, a cron expression with its time zone, or once. In every tier. */
  readonly schedule: ScheduleExpression;
  /**
   * Within how long after its time a run may start, 1 minute to 24 hours: AWS spreads the starts.
   *
   * @default it starts at its time, to the minute
   */
  readonly flexibleWindow?: Duration;
  /**
   * How often a start that failed is tried again, 0 to 185 times, with growing pauses. A run that failed is not.
   *
   * @default 10
   */
  readonly startRetries?: number;
  /**
   * For how long it is tried, 1 minute to 24 hours. Then the start goes to the dead-letter queue.
   *
   * @default 1 hour
   */
  readonly startWithin?: Duration;
  /**
   * After how long without a run that ended well somebody is told, 5 minutes to 167 hours.
   *
   * @default the longest pause of the schedule, the flexible window and the timeout together. A schedule that goes by days of
   * the month, or for longer than CloudWatch can look back, has no such alarm
   */
  readonly alarmAfter?: Duration;
}

/**
 * A task that runs by the clock, and is missed when it does not: a nightly report, an hourly clean-up. EventBridge Scheduler
 * starts it through Step Functions, which waits for its end, so that a run that failed, hangs or never was is seen in metrics
 * that AWS writes. Runs may overlap: choose a timeout shorter than the pause where they must not.
 *
 * The vital sign `LastSuccess` is the dead man's switch: it counts executions that ended well. It tells that the process
 * ended with 0 in time, not that it did its work. On a new schedule it alarms until the first run is done.
 *
 * @example
 * import { Image, ScheduledTask } from '@groundplan/task';
 * import { App, Stack, TimeZone } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
 *
 * const stack = new Stack(new App(), 'Jobs');
 * new ScheduledTask(stack, 'Report', {
 *   vpc: new Vpc(stack, 'Vpc'),
 *   image: Image.placeholder(),
 *   schedule: ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_BERLIN }),
 * });
 */
export class ScheduledTask extends OneOffTask {
  /** When it runs. */
  public readonly schedule: Schedule;
  /** The group that holds this schedule alone, so that metrics and the role are about it. */
  public readonly scheduleGroup: IScheduleGroup;
  /** Where starts go that were given up. */
  public readonly deadLetterQueue: Queue;
  /** Over how long a run has to have ended well; nothing where it cannot be told. */
  private readonly lookBack?: LookBack;

  constructor(scope: Construct, id: string, props: ScheduledTaskProps) {
    // 1. validate, and what runs
    super(scope, id, props);
    this.lookBack = lookBackOf(props, this.timeout);

    // 2. who starts it
    const { account } = Stack.of(this);
    // Through the L1: the L2 gives it a physical name, by which a schedule then names it without waiting for it.
    const group = new CfnScheduleGroup(this, 'ScheduleGroup');
    this.scheduleGroup = ScheduleGroup.fromScheduleGroupName(this, 'ScheduleGroupByName', group.ref);
    // Against the confused deputy: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    const role = new LeastPrivilegeRole(this, 'ScheduleRole', {
      description: 'EventBridge Scheduler, to start the task',
      service: 'scheduler.amazonaws.com',
      conditions: {
        StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': this.scheduleGroup.scheduleGroupArn },
      },
    });
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(FIXED.deadLetterDays),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });

    // 3. when
    this.schedule = new Schedule(this, 'Schedule', {
      schedule: props.schedule,
      scheduleGroup: this.scheduleGroup,
      timeWindow: props.flexibleWindow ? TimeWindow.flexible(props.flexibleWindow) : TimeWindow.off(),
      target: new StepFunctionsStartExecution(this.stateMachine, {
        role,
        deadLetterQueue: this.deadLetterQueue,
        retryAttempts: props.startRetries ?? FIXED.startRetries,
        maxEventAge: props.startWithin ?? Duration.minutes(FIXED.startWithinMinutes),
      }),
    });
    // A start before the role may is one that fails.
    this.schedule.node.addDependency(role.policy!);

    // 4. what rules find and cannot be otherwise
    acknowledgeSchedule(this);
  }

  /** What tells whether runs end well, in time, and at all. Listing them creates nothing. */
  public override vitalSigns(): VitalSign[] {
    return [
      ...super.vitalSigns(),
      deadLetterSign(this.deadLetterQueue),
      ...(this.lookBack ? [lastSuccessSign(this.stateMachine, this.lookBack)] : []),
    ];
  }

  /** @internal */
  protected override _mistakesIn(props: ScheduledTaskProps): Mistakes {
    const mistakes = super._mistakesIn(props, 'ScheduledTask');
    checkSchedule(props, mistakes);
    return mistakes;
  }
}

function lookBackOf({ schedule, flexibleWindow, alarmAfter }: ScheduledTaskProps, timeout: Duration) {
  if (alarmAfter) return lookBackOver(alarmAfter.toMinutes({ integral: false }));
  const pause = longestPause(schedule.expressionString);
  if (pause === undefined) return undefined;
  const [window, running] = [flexibleWindow, timeout].map((given) => given?.toMinutes({ integral: false }) ?? 0);
  // Twice a year a day has an hour more or less.
  const clock = schedule.expressionString.startsWith('cron') && schedule.timeZone?.timezoneName !== 'Etc/UTC' ? 60 : 0;
  return lookBackOver(pause + window + running + clock);
}
