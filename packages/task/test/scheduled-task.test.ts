import { Tier } from '@groundplan/core';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { CfnParameter, Duration, TimeZone } from 'aws-cdk-lib/core';
import { ScheduledTaskProps } from '../src';
import { TIERS, groundIn, scheduledIn } from './environments';
import { definitionOf } from './machines';
import { policiesOf } from './policies';

/** The schedule of a task as it is deployed. */
function scheduleOf(props: Partial<ScheduledTaskProps>, tier = Tier.PRODUCTION) {
  const template = Template.fromStack(scheduledIn(tier, props).stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
  return Properties;
}

describe('defaults', () => {
  test.each(TIERS)('in %s it runs at its time, to the minute, in its time zone', (tier) => {
    expect(scheduleOf({}, tier)).toMatchObject({
      State: 'ENABLED',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { Ref: expect.stringMatching(/^ReportStateMachine/) } },
    });
  });

  test('a start that failed is tried again for an hour, and then kept for 14 days', () => {
    const { stack } = scheduledIn(Tier.PRODUCTION);
    const template = Template.fromStack(stack);
    const [[id, { Properties, DeletionPolicy }]] = Object.entries(template.findResources('AWS::SQS::Queue'));
    expect(scheduleOf({}).Target).toMatchObject({
      RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [id, 'Arn'] } },
    });
    expect([Properties, DeletionPolicy]).toMatchObject([
      {
        MessageRetentionPeriod: 14 * 24 * 3600,
        SqsManagedSseEnabled: true,
        RedriveAllowPolicy: { redrivePermission: 'denyAll' },
      },
      'Delete',
    ]);
  });

  test('nobody reaches the queue without TLS', () => {
    Template.fromStack(scheduledIn(Tier.DEVELOPMENT).stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test('it runs as a task that runs to completion', () => {
    const { state, TimeoutSeconds } = definitionOf(scheduledIn(Tier.PRODUCTION).stack);
    expect([state.Resource.split(':::')[1], TimeoutSeconds]).toEqual(['ecs:runTask.sync', 3600]);
  });

  test('the role of the schedule starts this state machine, writes to this queue, and nothing else', () => {
    const { stack } = scheduledIn(Tier.PRODUCTION);
    const template = Template.fromStack(stack);
    const [[id, { Properties }]] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([logicalId]) =>
      logicalId.startsWith('ReportScheduleRole'),
    );
    const policies = Object.values(policiesOf(stack)).filter(({ Roles }) => Roles[0].Ref === id);
    expect(policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)).toEqual([
      {
        Effect: 'Allow',
        Action: 'states:StartExecution',
        Resource: { Ref: expect.stringMatching(/^ReportStateMachine/) },
      },
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ReportDeadLetters/), 'Arn'] },
      },
    ]);
    // Only for schedules of its own group, which holds this one alone.
    const [{ Condition }] = Properties.AssumeRolePolicyDocument.Statement;
    expect(JSON.stringify(Condition.StringEquals['aws:SourceArn'])).toMatch(/schedule-group\/.*ReportScheduleGroup/);
  });

  test('the schedule waits for its group and for what its role may, and neither has a name of ours', () => {
    const template = Template.fromStack(scheduledIn(Tier.PRODUCTION).stack);
    const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(schedule.Properties.GroupName).toEqual({ Ref: expect.stringMatching(/^ReportScheduleGroup/) });
    expect(schedule.Properties.Name).toBeUndefined();
    expect(schedule.DependsOn).toEqual([expect.stringMatching(/^ReportScheduleRolePolicy/)]);
    const [group] = Object.values(template.findResources('AWS::Scheduler::ScheduleGroup'));
    expect(group.Properties.Name).toBeUndefined();
    expect(group.DeletionPolicy).toBeUndefined();
  });
});

describe('props', () => {
  test('a rate, and once', () => {
    expect(scheduleOf({ schedule: ScheduleExpression.rate(Duration.minutes(15)) }).ScheduleExpression).toBe(
      'rate(15 minutes)',
    );
    const once = ScheduleExpression.at(new Date('2027-01-31T03:00:00Z'), TimeZone.of('Asia/Tokyo'));
    expect(scheduleOf({ schedule: once })).toMatchObject({
      ScheduleExpression: 'at(2027-01-31T03:00:00)',
      ScheduleExpressionTimezone: 'Asia/Tokyo',
    });
  });

  test('a window in which AWS spreads the starts', () => {
    expect(scheduleOf({ flexibleWindow: Duration.hours(1) }).FlexibleTimeWindow).toEqual({
      Mode: 'FLEXIBLE',
      MaximumWindowInMinutes: 60,
    });
  });

  test('how often and for how long a start is tried', () => {
    const { RetryPolicy } = scheduleOf({ startRetries: 0, startWithin: Duration.minutes(5) }).Target;
    expect(RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
  });
});

test('the L2s can be reached', () => {
  const { stack, task } = scheduledIn(Tier.PRODUCTION);
  expect(stack.resolve(task.schedule.scheduleName)).toEqual({ Ref: expect.stringMatching(/^ReportSchedule/) });
  expect(task.schedule.scheduleGroup).toBe(task.scheduleGroup);
  expect(task.deadLetterQueue.queueArn).toBeDefined();
});

describe('a mistake is refused with the prop, the value, what is allowed and what to do', () => {
  const five = ScheduleExpression.expression('cron(0 3 * * *)');
  const nothingElse = 'EventBridge Scheduler takes nothing else; leave it out for 10';

  test.each<[string, Partial<ScheduledTaskProps>, string]>([
    [
      'a cron expression of Linux',
      { schedule: five },
      'schedule must be rate(5 minutes), cron(0 3 * * ? *) with six fields, or at(2027-01-31T03:00:00), got "cron(0 3 * * *)"; use ScheduleExpression.rate, .cron or .at, which write it',
    ],
    ['less than no retries', { startRetries: -1 }, `startRetries must be between 0 and 185, got -1; ${nothingElse}`],
    ['too many', { startRetries: 186 }, `startRetries must be between 0 and 185, got 186; ${nothingElse}`],
    ['half of one', { startRetries: 0.5 }, `startRetries must be between 0 and 185, got 0.5; ${nothingElse}`],
    [
      'a window of no minute',
      { flexibleWindow: Duration.seconds(30) },
      'flexibleWindow must be between 1 minute and 1 day, got 30 seconds; leave it out to start at the time itself',
    ],
    [
      'a window of more than a day',
      { flexibleWindow: Duration.hours(25) },
      'flexibleWindow must be between 1 minute and 1 day, got 1 day 1 hour; leave it out to start at the time itself',
    ],
    [
      'starts that are tried for longer than a day',
      { startWithin: Duration.days(2) },
      'startWithin must be between 1 minute and 1 day, got 2 days; leave it out for an hour',
    ],
    [
      'an alarm that comes too early',
      { alarmAfter: Duration.minutes(4) },
      'alarmAfter must be between 5 minutes and 6 days 23 hours, got 4 minutes; CloudWatch looks back no longer; have the task itself report what is rarer',
    ],
    [
      'an alarm that comes too late',
      { alarmAfter: Duration.days(7) },
      'alarmAfter must be between 5 minutes and 6 days 23 hours, got 7 days; CloudWatch looks back no longer; have the task itself report what is rarer',
    ],
  ])('%s', (_, props, message) => {
    expect(() => scheduledIn(Tier.DEVELOPMENT, props)).toThrow(new Error(`ScheduledTask "Jobs/Report": ${message}`));
  });

  test('what alarms are made of has to be known', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const alarmAfter = Duration.minutes(new CfnParameter(ground.stack, 'Minutes', { type: 'Number' }).valueAsNumber);
    expect(() => scheduledIn(Tier.DEVELOPMENT, { alarmAfter }, ground)).toThrow(
      new Error(
        'ScheduledTask "Jobs/Report": alarmAfter must be a literal, got a token that is known only at deployment; write it out: alarms are made of it',
      ),
    );
  });

  test.each<[string, Partial<ScheduledTaskProps>]>([
    ['the longest alarm', { alarmAfter: Duration.hours(167) }],
    ['the shortest', { alarmAfter: Duration.minutes(5) }],
    ['a schedule that is known only at deployment', { schedule: ScheduleExpression.expression('${Token[X.1]}') }],
    ['the most retries', { startRetries: 185 }],
  ])('%s is no mistake', (_, props) => {
    expect(() => scheduledIn(Tier.DEVELOPMENT, props)).not.toThrow();
  });
});
