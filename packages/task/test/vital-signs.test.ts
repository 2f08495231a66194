import { AlarmCondition, IMonitored, Severity, Tier, VitalSign } from '@groundplan/core';
import { cloudFormationFindings, renderAlarms } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Duration, Stack, TimeZone } from 'aws-cdk-lib/core';
import { ScheduledTaskProps } from '../src';
import { TIERS, runIn, scheduledIn } from './environments';

const ids = (monitored: IMonitored) => monitored.vitalSigns().map(({ id }) => id);

/** A metric in a line: `Sum of ExecutionsFailed every 300 s where StateMachineArn=<Machine>`. */
function measured(stack: Stack, metric: IMetric): string {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) {
    const parts = Object.entries(mathExpression.usingMetrics).map(([id, one]) => `${id} = ${measured(stack, one)}`);
    return `${mathExpression.expression} of ${parts.join('; ')}`;
  }
  const { statistic, metricName, namespace, period, dimensions = [] } = metricStat!;
  const where = dimensions.map(({ name, value }) => {
    const resolved = stack.resolve(value) as { Ref?: string; 'Fn::GetAtt'?: string[] };
    return `${name}=${(resolved.Ref ?? resolved['Fn::GetAtt']![0]).replace(/[0-9A-F]{8}$/, '')}`;
  });
  return `${statistic} of ${namespace} ${metricName} every ${period.toSeconds()} s where ${where.join(', ')}`;
}

/** What somebody on call reads of a sign. */
function read(stack: Stack, { id, source, alarms }: VitalSign): string {
  const [{ severity, condition, threshold, breaches, periods }] = alarms;
  const when = `${severity} when ${condition} ${threshold ?? ''} in ${breaches} of ${periods}`;
  return `${id}: ${source.metric ? measured(stack, source.metric) : 'events'}, ${when}`;
}

const machine = 'where StateMachineArn=ReportStateMachine';
const RUN = [
  `Failed: Sum of AWS/States ExecutionsFailed every 300 s ${machine}, warning when above 0 in 1 of 1`,
  `TimedOut: Sum of AWS/States ExecutionsTimedOut every 300 s ${machine}, warning when above 0 in 1 of 1`,
  `Duration: milliseconds / 1000 of milliseconds = Maximum of AWS/States ExecutionTime every 300 s ${machine}, warning when above 2880 in 1 of 1`,
  'StartFailed: events, warning when event  in 1 of 1',
];

test('a task that runs to completion is watched for runs that fail, hang, take longer, or do not start', () => {
  const { stack, task } = runIn(Tier.PRODUCTION);
  expect(task.vitalSigns().map((sign) => read(stack, sign))).toEqual(RUN);
});

test('one that runs by the clock is missed when it does not', () => {
  const { stack, task } = scheduledIn(Tier.PRODUCTION);
  expect(task.vitalSigns().map((sign) => read(stack, sign))).toEqual([
    ...RUN,
    'DeadLetters: Maximum of AWS/SQS ApproximateNumberOfMessagesVisible every 300 s where QueueName=ReportDeadLetters, warning when above 0 in 1 of 1',
    `LastSuccess: FILL(succeeded, 0) of succeeded = Sum of AWS/States ExecutionsSucceeded every 3600 s ${machine}, warning when below 1 in 27 of 27`,
  ]);
});

test('silence is what the dead man’s switch is about: no data is as bad as zero', () => {
  const { task } = scheduledIn(Tier.PRODUCTION);
  const alarms = task.vitalSigns().map(({ id, alarms: [{ missingData }] }) => [id, missingData]);
  expect(alarms).toContainEqual(['LastSuccess', TreatMissingData.BREACHING]);
  expect(alarms.filter(([, missing]) => missing === TreatMissingData.NOT_BREACHING)).toHaveLength(5);
});

describe('the dead man’s switch looks back', () => {
  const { rate, cron } = ScheduleExpression;
  const spread = Duration.hours(2);

  test.each<[string, Partial<ScheduledTaskProps>, string]>([
    ['over the pause and the timeout of a rate', { schedule: rate(Duration.hours(6)) }, '7 hours 5 minutes'],
    ['over a window too', { schedule: rate(Duration.hours(6)), flexibleWindow: spread }, '9 hours 5 minutes'],
    ['over the timeout that is given', { schedule: rate(Duration.hours(6)), timeout: spread }, '8 hours 5 minutes'],
    ['over a night', { schedule: cron({ hour: '3', minute: '0' }) }, '1 day 2 hours'],
    [
      'over a night of 25 hours, where clocks are changed',
      { schedule: cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_BERLIN }) },
      '1 day 3 hours',
    ],
    ['over a weekend', { schedule: cron({ hour: '3', minute: '0', weekDay: 'MON-FRI' }) }, '3 days 2 hours'],
    ['as long as it is told', { alarmAfter: Duration.hours(30) }, '1 day 7 hours'],
    [
      'as long as it is told where nothing else tells',
      { schedule: cron({ day: '1', hour: '3', minute: '0' }), alarmAfter: Duration.days(6) },
      '6 days 1 hour',
    ],
  ])('%s', (_, props, described) => {
    const { task } = scheduledIn(Tier.PRODUCTION, props);
    const [{ why }] = task.vitalSigns().find(({ id }) => id === 'LastSuccess')!.alarms;
    expect(why).toContain(`No run has ended well in the last ${described}:`);
  });

  test.each<[string, ScheduleExpression]>([
    ['goes by days of the month', cron({ day: '1', hour: '3', minute: '0' })],
    ['is for once', ScheduleExpression.at(new Date('2027-01-31T03:00:00Z'))],
    ['pauses for longer than CloudWatch looks back', cron({ hour: '3', minute: '0', weekDay: 'SUN' })],
  ])('not at all where the schedule %s', (_, schedule) => {
    const { task } = scheduledIn(Tier.PRODUCTION, { schedule });
    expect(ids(task)).toEqual(['Failed', 'TimedOut', 'Duration', 'StartFailed', 'DeadLetters']);
  });
});

test('a task that did not start is told by the event of this task alone', () => {
  const { stack, task } = runIn(Tier.PRODUCTION);
  const { eventPattern } = task.vitalSigns().find(({ id }) => id === 'StartFailed')!.source;
  expect(stack.resolve(eventPattern)).toEqual({
    source: ['aws.ecs'],
    detailType: ['ECS Task State Change'],
    detail: {
      taskDefinitionArn: [{ Ref: expect.stringMatching(/^ReportTaskDefinition/) }],
      lastStatus: ['STOPPED'],
      stopCode: ['TaskFailedToStart'],
    },
  });
});

test('listing the signs creates no resource', () => {
  const { stack, task } = scheduledIn(Tier.PRODUCTION);
  const before = stack.node.findAll().length;
  task.vitalSigns();
  expect(stack.node.findAll()).toHaveLength(before);
});

test.each(TIERS)('in %s every alarm says why and where to read on, and wakes nobody: the next run may do', (tier) => {
  for (const { alarms } of scheduledIn(tier).task.vitalSigns())
    for (const { why, runbook, severity, condition, threshold } of alarms) {
      expect(why).toMatch(/^[A-Z].{20,}[.)]$/);
      expect(runbook).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(severity).toBe(Severity.WARNING);
      expect(threshold === undefined).toBe(condition === AlarmCondition.EVENT);
    }
});

test('a renderer that knows only the contract turns them into alarms that CloudFormation takes', () => {
  const { stack, task } = scheduledIn(Tier.PRODUCTION);
  expect(renderAlarms(stack, task)).toHaveLength(6);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 5);
  template.resourceCountIs('AWS::Events::Rule', 1);
  expect(cloudFormationFindings(stack).findings).toEqual([]);
});
