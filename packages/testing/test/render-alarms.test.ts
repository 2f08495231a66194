import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { renderAlarms } from '../src';

const metric = new Metric({ namespace: 'shop', metricName: 'Orders' });
const rule = {
  severity: 'critical',
  why: 'Nobody orders.',
  runbook: 'no-orders',
  periods: 3,
  breaches: 2,
  missingData: TreatMissingData.BREACHING,
};

test('every rule of every sign becomes an alarm with its words and its numbers', () => {
  const stack = new Stack(new App(), 'Stack');
  const made = renderAlarms(stack, {
    vitalSigns: () => [
      { id: 'Shown', source: { metric }, alarms: [] },
      {
        id: 'Orders',
        source: { metric },
        alarms: [
          { ...rule, condition: 'below', threshold: 1 },
          { ...rule, condition: 'above', threshold: 9 },
          { ...rule, condition: 'anomaly', threshold: 3 },
        ],
      },
      { id: 'Failed', source: { eventPattern: { source: ['shop'] } }, alarms: [{ ...rule, condition: 'event' }] },
    ],
  });
  expect(made.map(({ node }) => node.id)).toEqual(['Orders', 'Orders1', 'Orders2', 'Failed']);
  const template = Template.fromStack(stack);
  for (const [ComparisonOperator, Threshold] of [
    ['LessThanThreshold', 1],
    ['GreaterThanThreshold', 9],
  ])
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ComparisonOperator,
      Threshold,
      AlarmDescription: '[critical] Nobody orders. Runbook: #no-orders',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'breaching',
    });
  template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
  template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { source: ['shop'] } });
});
