import { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Duration, TimeZone } from 'aws-cdk-lib/core';
import { AutomaticScalingOptions, Prediction, Scaling } from '../src';
import { KINDS, TIERS, serviceBehind, serviceIn } from './services';

const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

function automatic(options?: AutomaticScalingOptions, tier = Tier.DEVELOPMENT) {
  const { stack, service } = serviceIn(tier, { scaling: Scaling.automatic(options) });
  const template = Template.fromStack(stack);
  return { stack, service, template, target: Object.values(template.findResources(TARGET))[0].Properties };
}

describe('automatic scaling', () => {
  test('aims at 60 % of the CPU and 70 % of the memory, out after one minute and in after five (C23, CA-081, CA-086)', () => {
    const { template } = automatic();
    const policies = Object.values(template.findResources(POLICY)).map(({ Properties: { PolicyType, ...policy } }) => ({
      PolicyType,
      ...policy.TargetTrackingScalingPolicyConfiguration,
    }));
    const cooldowns = { PolicyType: 'TargetTrackingScaling', ScaleOutCooldown: 60, ScaleInCooldown: 300 };
    const metric = (PredefinedMetricType: string) => ({ PredefinedMetricSpecification: { PredefinedMetricType } });
    expect(policies).toEqual([
      { ...cooldowns, TargetValue: 60, ...metric('ECSServiceAverageCPUUtilization') },
      { ...cooldowns, TargetValue: 70, ...metric('ECSServiceAverageMemoryUtilization') },
    ]);
  });

  test('what is aimed at, and how long it waits, is a choice', () => {
    const { template } = automatic({
      cpuPercent: 40,
      memoryPercent: 90,
      scaleOutCooldown: Duration.seconds(0),
      scaleInCooldown: Duration.minutes(10),
    });
    for (const TargetValue of [40, 90])
      template.hasResourceProperties(POLICY, {
        TargetTrackingScalingPolicyConfiguration: { TargetValue, ScaleOutCooldown: 0, ScaleInCooldown: 600 },
      });
  });

  test('the limits beat the tier, and a high min raises a max that nobody gave', () => {
    expect(automatic({ min: 2, max: 4 }, Tier.PRODUCTION).target).toMatchObject({ MinCapacity: 2, MaxCapacity: 4 });
    expect(automatic({ min: 12 }, Tier.PRODUCTION).target).toMatchObject({ MinCapacity: 12, MaxCapacity: 12 });
    expect(automatic({ max: 5 }, Tier.SANDBOX).target).toMatchObject({ MinCapacity: 1, MaxCapacity: 5 });
  });

  test('requests decide where somebody says how many a minute one task serves', () => {
    const { stack, service, template } = automatic({ requestsPerTarget: 900, scaleInCooldown: Duration.minutes(7) });
    template.resourceCountIs(POLICY, 3);
    template.hasResourceProperties(POLICY, {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 900,
        ScaleInCooldown: 420,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' },
      },
    });
    const label = JSON.stringify(stack.resolve(service.targetGroups[0].targetGroupFullName));
    expect(JSON.stringify(template.findResources(POLICY))).toContain(label);
  });

  test('at times that are known, other limits hold', () => {
    const at = Schedule.cron({ hour: '20', minute: '0' });
    const { target } = automatic({
      schedules: [
        { name: 'Night', at, min: 0, max: 1, timeZone: TimeZone.EUROPE_BERLIN },
        { name: 'Campaign', at: Schedule.at(new Date('2027-11-26T00:00:00Z')), min: 3 },
      ],
    });
    expect(target.ScheduledActions).toEqual([
      {
        ScheduledActionName: 'Night',
        Schedule: 'cron(0 20 * * ? *)',
        Timezone: 'Europe/Berlin',
        ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 1 },
      },
      {
        ScheduledActionName: 'Campaign',
        Schedule: 'at(2027-11-26T00:00:00)',
        ScalableTargetAction: { MinCapacity: 3 },
      },
    ]);
  });

  test.each([Prediction.FORECAST_ONLY, Prediction.FORECAST_AND_SCALE])('AWS forecasts the CPU: %s', (prediction) => {
    const { template } = automatic({ prediction, cpuPercent: 50 });
    const policies = Object.values(template.findResources(POLICY)).map(({ Properties }) => Properties);
    const [forecast, ...others] = policies.filter(({ PolicyType }) => PolicyType === 'PredictiveScaling');
    expect(others).toEqual([]);
    expect(forecast.ScalingTargetId).toEqual({ Ref: Object.keys(template.findResources(TARGET))[0] });
    expect(forecast.PredictiveScalingPolicyConfiguration).toEqual({
      Mode: prediction,
      MetricSpecifications: [
        {
          TargetValue: 50,
          PredefinedMetricPairSpecification: { PredefinedMetricType: 'ECSServiceCPUUtilization' },
        },
      ],
    });
  });

  test('nothing is forecast unless somebody asks', () => {
    for (const { Properties } of Object.values(automatic().template.findResources(POLICY)))
      expect(Properties.PolicyType).toBe('TargetTrackingScaling');
  });
});

describe('how many tasks run', () => {
  test.each(KINDS)('stands in no template where scaling decides it, with %s', (kind) => {
    for (const tier of TIERS)
      for (const { Properties } of Object.values(
        Template.fromStack(serviceBehind(kind, tier).stack).findResources('AWS::ECS::Service'),
      ))
        expect(Properties).not.toHaveProperty('DesiredCount');
  });

  test.each([0, 1, 7])('stands there where it is fixed at %d, and nothing scales', (tasks) => {
    const { stack, service } = serviceIn(Tier.PRODUCTION, { scaling: Scaling.fixed(tasks) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::Service', { DesiredCount: tasks });
    template.resourceCountIs(TARGET, 0);
    template.resourceCountIs(POLICY, 0);
    expect(service.scaling).toBeUndefined();
  });
});
