import { AlarmRule, Severity, Tier, VitalSign } from '@groundplan/core';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Stack } from 'aws-cdk-lib/core';
import { Scaling, WebServiceProps } from '../src';
import { KINDS, TIERS, serviceBehind, serviceIn } from './services';

const WEB = ['LatencyP50', 'LatencyP95', 'LatencyP99', 'Requests', 'ServerErrors', 'ClientErrors', 'HealthyHosts'];
const TASKS = ['RunningTasks', 'Cpu', 'Memory', 'DeploymentFailed', 'ImagePullFailed'];

test.each<[string, string[]]>([
  ['a public load balancer', [...WEB, 'BalancerErrors', ...TASKS]],
  ['an internal load balancer', [...WEB, 'BalancerErrors', ...TASKS]],
  ['a listener that stands', [...WEB, ...TASKS]],
  ['CloudFront with a VPC origin', [...WEB, 'BalancerErrors', ...TASKS]],
  ['API Gateway with a VPC link', [...WEB, 'BalancerErrors', ...TASKS]],
  ['none', TASKS],
])('with %s it watches %j', (kind, ids) => {
  expect(
    serviceBehind(kind, Tier.PRODUCTION)
      .service.vitalSigns()
      .map(({ id }) => id),
  ).toEqual(ids);
});

test.each(KINDS)('listing the signs creates no resource with %s', (kind) => {
  const { stack, service } = serviceBehind(kind, Tier.PRODUCTION);
  const before = stack.node.findAll().length;
  service.vitalSigns();
  expect(stack.node.findAll()).toHaveLength(before);
});

/** Alarms of a service, one line each: `LatencyP95 above 2, 5 of 5, warning #service-is-slow`. */
function alarmsOf(tier: Tier, props?: Partial<WebServiceProps>): string[] {
  const { service } = serviceIn(tier, props);
  return service.vitalSigns().flatMap((sign) => sign.alarms.map((rule) => line(sign, rule)));
}

function line({ id }: VitalSign, rule: AlarmRule): string {
  const { condition, threshold, breaches, periods, missingData, severity, runbook } = rule;
  const silence = missingData === TreatMissingData.BREACHING ? ' or silent' : '';
  return (
    `${id} ${condition} ${threshold ?? ''}`.trim() + `${silence}, ${breaches} of ${periods}, ${severity} #${runbook}`
  );
}

test('who is woken in production, and by what (C25, C26)', () => {
  expect(alarmsOf(Tier.PRODUCTION)).toEqual([
    'LatencyP95 above 2, 5 of 5, warning #service-is-slow',
    'ServerErrors above 5, 5 of 5, critical #service-answers-errors',
    'HealthyHosts below 1, 2 of 2, critical #service-does-not-answer',
    'BalancerErrors above 5, 1 of 1, critical #service-does-not-answer',
    'RunningTasks below 3 or silent, 5 of 5, critical #tasks-do-not-start',
    'Cpu above 80, 5 of 5, warning #service-is-full',
    'Memory above 80, 5 of 5, warning #service-is-full',
    'DeploymentFailed event, 1 of 1, warning #deployment-failed',
    'ImagePullFailed event, 1 of 1, warning #image-cannot-be-pulled',
  ]);
});

test.each<[Tier, number]>([
  [Tier.SANDBOX, 1],
  [Tier.DEVELOPMENT, 1],
  [Tier.STAGING, 2],
])('nobody is woken in %s, and fewer than %d tasks are too few', (tier, fewest) => {
  const alarms = alarmsOf(tier);
  expect(alarms.filter((alarm) => alarm.includes(Severity.CRITICAL))).toEqual([]);
  expect(alarms).toContain(`RunningTasks below ${fewest} or silent, 5 of 5, warning #tasks-do-not-start`);
});

test('too few are fewer than the service is told to run', () => {
  expect(alarmsOf(Tier.PRODUCTION, { scaling: Scaling.automatic({ min: 5 }) })).toContain(
    'RunningTasks below 5 or silent, 5 of 5, critical #tasks-do-not-start',
  );
  expect(alarmsOf(Tier.PRODUCTION, { scaling: Scaling.fixed(2) })).toContain(
    'RunningTasks below 2 or silent, 5 of 5, critical #tasks-do-not-start',
  );
});

test('a night with fewer tasks wakes nobody', () => {
  const at = Schedule.cron({ hour: '20', minute: '0' });
  const night = (min: number) => ({ scaling: Scaling.automatic({ schedules: [{ name: 'Night', at, min }] }) });
  const tasks = (min: number) =>
    alarmsOf(Tier.PRODUCTION, night(min)).filter((alarm) => alarm.startsWith('RunningTasks'));
  expect(tasks(1)).toEqual(['RunningTasks below 1 or silent, 5 of 5, critical #tasks-do-not-start']);
  expect(tasks(5)).toEqual(['RunningTasks below 3 or silent, 5 of 5, critical #tasks-do-not-start']);
  expect(tasks(0)).toEqual([]);
});

test('a service that is stopped has no tasks, and that is right', () => {
  const alarms = alarmsOf(Tier.PRODUCTION, { scaling: Scaling.fixed(0) });
  expect(alarms.filter((alarm) => alarm.startsWith('RunningTasks'))).toEqual([]);
});

test.each(TIERS)('every alarm says why and where to read on, in %s', (tier) => {
  for (const kind of KINDS)
    for (const { alarms } of serviceBehind(kind, tier).service.vitalSigns())
      for (const { threshold, condition, why, runbook } of alarms) {
        if (condition !== 'event') expect(threshold).toEqual(expect.any(Number));
        expect(why).toMatch(/^[A-Z].{20,}[.)]$/);
        expect(runbook).toMatch(/^[a-z]+(-[a-z]+)*$/);
      }
});

/** `Sum of RequestCount in AWS/ApplicationELB every 60 s by LoadBalancer, TargetGroup`, or what is made of such. */
function measured(metric: IMetric, stack: Stack): string {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) {
    const parts = Object.entries(mathExpression.usingMetrics).map(([id, one]) => `${id} = ${measured(one, stack)}`);
    return `${mathExpression.expression} of ${parts.join('; ')}`;
  }
  const { statistic, namespace, metricName, period, dimensions = [] } = metricStat!;
  const by = dimensions.map(({ name }) => name).join(', ');
  return `${statistic} of ${metricName} in ${namespace} every ${period.toSeconds()} s by ${by}`;
}

test('what each sign measures', () => {
  const { stack, service } = serviceIn(Tier.PRODUCTION);
  const signs = service.vitalSigns().filter(({ source }) => source.metric);
  const targets = 'in AWS/ApplicationELB every 60 s by LoadBalancer, TargetGroup';
  const rate = (code: string) =>
    `IF(FILL(requests0, 0) > 0, 100 * (FILL(failed0, 0)) / (FILL(requests0, 0)), 0) of failed0 = Sum of HTTPCode_Target_${code}_Count ${targets}; requests0 = Sum of RequestCount ${targets}`;
  const tasks = 'every 60 s by ClusterName, ServiceName';
  expect(Object.fromEntries(signs.map(({ id, source }) => [id, measured(source.metric!, stack)]))).toEqual({
    LatencyP50: `p50 of TargetResponseTime ${targets}`,
    LatencyP95: `p95 of TargetResponseTime ${targets}`,
    LatencyP99: `p99 of TargetResponseTime ${targets}`,
    Requests: `Sum of RequestCount ${targets}`,
    ServerErrors: rate('5XX'),
    ClientErrors: rate('4XX'),
    HealthyHosts: `Minimum of HealthyHostCount ${targets}`,
    BalancerErrors: 'Sum of HTTPCode_ELB_5XX_Count in AWS/ApplicationELB every 300 s by LoadBalancer',
    RunningTasks: `Minimum of RunningTaskCount in ECS/ContainerInsights ${tasks}`,
    Cpu: `Average of CPUUtilization in AWS/ECS ${tasks}`,
    Memory: `Average of MemoryUtilization in AWS/ECS ${tasks}`,
  });
});

test('events are those of this service', () => {
  const { stack, service } = serviceIn(Tier.PRODUCTION);
  const patterns = service.vitalSigns().flatMap(({ source: { eventPattern } }) => (eventPattern ? [eventPattern] : []));
  expect(stack.resolve(patterns)).toEqual([
    {
      source: ['aws.ecs'],
      detailType: ['ECS Deployment State Change'],
      resources: [stack.resolve(service.service.serviceArn)],
      detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
    },
    {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: {
        group: [stack.resolve(`service:${service.service.serviceName}`)],
        stoppedReason: [{ wildcard: '*CannotPullContainer*' }],
      },
    },
  ]);
});
