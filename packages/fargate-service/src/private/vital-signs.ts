import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import { IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationTargetGroup, HttpCodeElb } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Match } from 'aws-cdk-lib/aws-events';
import { Duration } from 'aws-cdk-lib/core';
import { ALARMS, ServiceDefaults } from './defaults';
import { clientErrorRate, healthyHosts, latency, requests, serverErrorRate } from './web-metrics';

const minute = Duration.minutes(1);
const five = { periods: 5 };

/** What tells whether the requests of a service are answered, and how fast. */
export function webSigns(groups: readonly ApplicationTargetGroup[], { outageSeverity }: ServiceDefaults): VitalSign[] {
  const { LATENCY, TRAFFIC, ERRORS, SATURATION } = GoldenSignal;
  return [
    sign('LatencyP50', 'Latency, half of the requests', latency(groups, 'p50'), LATENCY, SignUnit.SECONDS),
    sign('LatencyP95', 'Latency, 95 % of the requests', latency(groups, 'p95'), LATENCY, SignUnit.SECONDS, [
      AlarmRule.above(ALARMS.p95Seconds, {
        severity: Severity.WARNING,
        why: `One request of twenty took longer than ${ALARMS.p95Seconds} seconds for five minutes.`,
        runbook: 'service-is-slow',
        ...five,
      }),
    ]),
    sign('LatencyP99', 'Latency, 99 % of the requests', latency(groups, 'p99'), LATENCY, SignUnit.SECONDS),
    sign('Requests', 'Requests a minute', requests(groups), TRAFFIC, SignUnit.COUNT),
    sign('ServerErrors', 'Requests answered with 5xx', serverErrorRate(groups), ERRORS, SignUnit.PERCENT, [
      AlarmRule.above(ALARMS.serverErrorPercent, {
        severity: outageSeverity,
        why: `More than ${ALARMS.serverErrorPercent} % of the requests failed for five minutes.`,
        runbook: 'service-answers-errors',
        ...five,
      }),
    ]),
    sign('ClientErrors', 'Requests answered with 4xx', clientErrorRate(groups), ERRORS, SignUnit.PERCENT),
    sign('HealthyHosts', 'Tasks that the balancer finds well', healthyHosts(groups), SATURATION, SignUnit.COUNT, [
      AlarmRule.below(1, {
        severity: outageSeverity,
        why: 'No task answers the health check: nobody is served.',
        runbook: 'service-does-not-answer',
        periods: 2,
      }),
    ]),
  ];
}

/** What tells whether a balancer finds somebody to answer. One that several services share is watched by who made it. */
export function balancerSigns(loadBalancer: ApplicationLoadBalancer, { outageSeverity }: ServiceDefaults): VitalSign[] {
  const { ERRORS } = GoldenSignal;
  return [
    sign(
      'BalancerErrors',
      'Requests that no task answered',
      loadBalancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { statistic: 'Sum', period: Duration.minutes(5) }),
      ERRORS,
      SignUnit.COUNT,
      [
        AlarmRule.above(ALARMS.balancerErrors, {
          severity: outageSeverity,
          why: `The load balancer itself answered more than ${ALARMS.balancerErrors} requests with 5xx in five minutes: no task took them.`,
          runbook: 'service-does-not-answer',
        }),
      ],
    ),
  ];
}

/** What tells whether the tasks of a service run, and how full they are. */
export function taskSigns(service: FargateService, fewest: number, { outageSeverity }: ServiceDefaults): VitalSign[] {
  const { SATURATION, ERRORS } = GoldenSignal;
  return [
    sign(
      'RunningTasks',
      'Tasks that run',
      runningTasks(service),
      SATURATION,
      SignUnit.COUNT,
      fewerThan(fewest, outageSeverity),
    ),
    sign(
      'Cpu',
      'CPU of what is reserved',
      service.metricCpuUtilization({ period: minute }),
      SATURATION,
      SignUnit.PERCENT,
      [
        AlarmRule.above(ALARMS.cpuPercent, {
          severity: Severity.WARNING,
          why: `The tasks used more than ${ALARMS.cpuPercent} % of their CPU for five minutes, although scaling should have added some.`,
          runbook: 'service-is-full',
          ...five,
        }),
      ],
    ),
    sign(
      'Memory',
      'Memory of what is reserved',
      service.metricMemoryUtilization({ period: minute }),
      SATURATION,
      SignUnit.PERCENT,
      [
        AlarmRule.above(ALARMS.memoryPercent, {
          severity: Severity.WARNING,
          why: `The tasks used more than ${ALARMS.memoryPercent} % of their memory for five minutes; at 100 % they are killed.`,
          runbook: 'service-is-full',
          ...five,
        }),
      ],
    ),
    new VitalSign({
      id: 'DeploymentFailed',
      title: 'A deployment failed',
      source: SignSource.ofEvents({
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        resources: [service.serviceArn],
        detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
      }),
      signal: ERRORS,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.onEvent({
          severity: Severity.WARNING,
          why: 'ECS gave a deployment up and went back to the tasks before it.',
          runbook: 'deployment-failed',
        }),
      ],
    }),
    new VitalSign({
      id: 'ImagePullFailed',
      title: 'An image could not be pulled',
      source: SignSource.ofEvents({
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          group: [`service:${service.serviceName}`],
          stoppedReason: Match.wildcard('*CannotPullContainer*'),
        },
      }),
      signal: ERRORS,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.onEvent({
          severity: Severity.WARNING,
          why: 'A task did not start, because its image is not there, not allowed, or the registry throttles.',
          runbook: 'image-cannot-be-pulled',
        }),
      ],
    }),
  ];
}

function fewerThan(fewest: number, severity: Severity): AlarmRule[] {
  if (fewest < 1) return [];
  return [
    AlarmRule.below(fewest, {
      severity,
      why: `Fewer than ${fewest} tasks ran for five minutes: they fail as they start, or there is no capacity.`,
      runbook: 'tasks-do-not-start',
      missingData: TreatMissingData.BREACHING,
      ...five,
    }),
  ];
}

/** Container Insights counts it; ECS itself does not. */
export function runningTasks({ cluster, serviceName }: FargateService): IMetric {
  return new Metric({
    namespace: 'ECS/ContainerInsights',
    metricName: 'RunningTaskCount',
    dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: serviceName },
    statistic: 'Minimum',
    period: minute,
  });
}

function sign(
  id: string,
  title: string,
  metric: IMetric,
  signal: GoldenSignal,
  unit: SignUnit,
  alarms: AlarmRule[] = [],
): VitalSign {
  return new VitalSign({ id, title, source: SignSource.ofMetric(metric), signal, unit, alarms });
}
