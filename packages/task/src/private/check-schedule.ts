import type { Mistakes } from '@groundplan/core';
import { Duration, Token } from 'aws-cdk-lib/core';
import type { ScheduledTaskProps } from '../scheduled-task';
import { LONGEST_LOOK_BACK } from './look-back';

const EXPRESSION = /^(rate\([1-9]\d* (minute|hour|day)s?\)|cron\((\S+ ){5}\S+\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))$/;

/** Notes every mistake in when a task is to run. */
export function checkSchedule(props: ScheduledTaskProps, mistakes: Mistakes): void {
  const { expressionString: expression } = props.schedule;
  if (!Token.isUnresolved(expression) && !EXPRESSION.test(expression))
    mistakes.add({
      prop: 'schedule',
      mustBe: 'rate(5 minutes), cron(0 3 * * ? *) with six fields, or at(2027-01-31T03:00:00)',
      got: `"${expression}"`,
      remedy: 'use ScheduleExpression.rate, .cron or .at, which write it',
    });
  const retries = props.startRetries;
  if (retries !== undefined && !Token.isUnresolved(retries))
    if (!Number.isInteger(retries) || retries < 0 || retries > 185)
      mistakes.add({
        prop: 'startRetries',
        mustBe: 'between 0 and 185',
        got: `${retries}`,
        remedy: 'EventBridge Scheduler takes nothing else; leave it out for 10',
      });
  const day = Duration.days(1);
  const spread = 'leave it out to start at the time itself';
  const minute = Duration.minutes(1);
  checkBetween('flexibleWindow', props.flexibleWindow, minute, day, spread, mistakes);
  checkBetween('startWithin', props.startWithin, minute, day, 'leave it out for an hour', mistakes);
  const earlier = 'CloudWatch looks back no longer; have the task itself report what is rarer';
  checkBetween('alarmAfter', props.alarmAfter, Duration.minutes(5), LONGEST_LOOK_BACK, earlier, mistakes);
}

function checkBetween(
  prop: string,
  value: Duration | undefined,
  shortest: Duration,
  longest: Duration,
  remedy: string,
  mistakes: Mistakes,
): void {
  const minutes = value?.toMinutes({ integral: false });
  if (minutes === undefined || !mistakes.requireLiteral(prop, minutes, 'write it out: alarms are made of it')) return;
  if (minutes >= shortest.toMinutes() && minutes <= longest.toMinutes()) return;
  const [low, high] = [shortest, longest].map((limit) => limit.toHumanString());
  mistakes.add({ prop, mustBe: `between ${low} and ${high}`, got: value!.toHumanString(), remedy });
}
