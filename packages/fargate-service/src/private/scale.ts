import type { Mistakes } from '@groundplan/core';
import { CfnScalingPolicy, ScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Token } from 'aws-cdk-lib/core';
import type { AutomaticScalingOptions, Scaling } from '../scaling';
import { FIXED, ServiceDefaults } from './defaults';

/** How many tasks run, with every default resolved. */
export interface TaskLimits {
  readonly min: number;
  readonly max: number;
  /** The fewest at any time of the day: a night with less is no outage. */
  readonly fewest: number;
}

/** The limits of a service. Where their number is fixed, both are that number. */
export function limitsOf(scaling: Scaling | undefined, defaults: ServiceDefaults): TaskLimits {
  if (scaling?._fixed !== undefined) return { min: scaling._fixed, max: scaling._fixed, fewest: scaling._fixed };
  const { min = defaults.minTasks, max, schedules = [] } = scaling?._automatic ?? {};
  const fewest = Math.min(min, ...schedules.map((schedule) => schedule.min ?? min));
  return { min, max: max ?? Math.max(min, defaults.maxTasks), fewest };
}

/** Notes every mistake in how a service scales. */
export function checkScaling(
  scaling: Scaling | undefined,
  limits: TaskLimits,
  { hasTargets, shiftsTraffic }: { readonly hasTargets: boolean; readonly shiftsTraffic: boolean },
  mistakes: Mistakes,
): void {
  if (scaling?._fixed !== undefined) return checkCount('scaling', scaling._fixed, 0, mistakes);
  const options = scaling?._automatic ?? {};
  checkCount('scaling.min', limits.min, 1, mistakes);
  checkCount('scaling.max', limits.max, 1, mistakes);
  checkOrder('scaling', limits, mistakes);
  for (const [prop, value] of Object.entries({ cpuPercent: options.cpuPercent, memoryPercent: options.memoryPercent }))
    if (value !== undefined && !Token.isUnresolved(value) && !(value >= 1 && value <= 100))
      mistakes.add({
        prop: `scaling.${prop}`,
        mustBe: 'between 1 and 100',
        got: `${value}`,
        remedy: `it is the share of what a task reserves; leave it out for ${FIXED[prop as 'cpuPercent']}`,
      });
  if (options.requestsPerTarget !== undefined && !hasTargets)
    mistakes.add({
      prop: 'scaling.requestsPerTarget',
      mustBe: 'left out without a load balancer',
      got: `${options.requestsPerTarget}, with an ingress that counts no requests`,
      remedy: 'choose an ingress with a load balancer, or scale on CPU and memory',
    });
  if (options.requestsPerTarget !== undefined && shiftsTraffic)
    mistakes.add({
      prop: 'scaling.requestsPerTarget',
      mustBe: 'left out where deployment shifts traffic between two target groups',
      got: `${options.requestsPerTarget}`,
      remedy:
        'AWS counts the requests of one target group, which half of the time is the idle one; scale on CPU and memory, or deploy rolling',
    });
  checkSchedules(options, limits, mistakes);
}

function checkSchedules({ schedules = [] }: AutomaticScalingOptions, limits: TaskLimits, mistakes: Mistakes): void {
  for (const [i, { name, min, max }] of schedules.entries()) {
    const prop = `scaling.schedules[${i}]`;
    if (!/^[A-Z][A-Za-z0-9]*$/.test(name) || schedules.findIndex((other) => other.name === name) !== i)
      mistakes.add({
        prop: `${prop}.name`,
        mustBe: 'a PascalCase noun that no other schedule has',
        got: `"${name}"`,
        remedy: 'it becomes part of a logical id; choose one such as Night',
      });
    if (min === undefined && max === undefined)
      mistakes.add({
        prop,
        mustBe: 'other limits',
        got: 'neither min nor max',
        remedy: 'say what holds from then on, or leave the schedule out',
      });
    for (const [which, value] of Object.entries({ min, max }))
      if (value !== undefined) checkCount(`${prop}.${which}`, value, 0, mistakes);
    checkOrder(prop, { min: min ?? limits.min, max: max ?? limits.max }, mistakes);
  }
}

function checkCount(prop: string, value: number, lowest: number, mistakes: Mistakes): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= lowest)) return;
  mistakes.add({
    prop,
    mustBe: `a whole number of tasks, ${lowest} or more`,
    got: `${value}`,
    remedy: lowest === 0 ? 'count the tasks that are to run' : 'Scaling.fixed(0) stops a service',
  });
}

function checkOrder(prop: string, { min, max }: Pick<TaskLimits, 'min' | 'max'>, mistakes: Mistakes): void {
  if (Token.isUnresolved(min) || Token.isUnresolved(max) || min <= max) return;
  mistakes.add({
    prop: `${prop}.min`,
    mustBe: `at most max, ${max}`,
    got: `${min}`,
    remedy: 'raise max or lower min',
  });
}

/** Lets the load decide how many tasks run. */
export function scale(
  service: FargateService,
  limits: TaskLimits,
  options: AutomaticScalingOptions,
  targetGroup?: ApplicationTargetGroup,
): ScalableTaskCount {
  const count = service.autoScaleTaskCount({ minCapacity: limits.min, maxCapacity: limits.max });
  const cooldowns = {
    scaleOutCooldown: options.scaleOutCooldown ?? Duration.seconds(FIXED.scaleOutSeconds),
    scaleInCooldown: options.scaleInCooldown ?? Duration.seconds(FIXED.scaleInSeconds),
  };
  const cpuPercent = options.cpuPercent ?? FIXED.cpuPercent;
  count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpuPercent, ...cooldowns });
  count.scaleOnMemoryUtilization('Memory', {
    targetUtilizationPercent: options.memoryPercent ?? FIXED.memoryPercent,
    ...cooldowns,
  });
  if (options.requestsPerTarget !== undefined && targetGroup)
    count.scaleOnRequestCount('Requests', { requestsPerTarget: options.requestsPerTarget, targetGroup, ...cooldowns });
  for (const { name, at, min, max, timeZone } of options.schedules ?? [])
    count.scaleOnSchedule(name, { schedule: at, minCapacity: min, maxCapacity: max, timeZone });
  if (options.prediction)
    new CfnScalingPolicy(count, 'Prediction', {
      policyName: `${service.node.addr}Prediction`,
      policyType: 'PredictiveScaling',
      scalingTargetId: (count.node.findChild('Target') as ScalableTarget).scalableTargetId,
      predictiveScalingPolicyConfiguration: {
        mode: options.prediction,
        metricSpecifications: [
          {
            targetValue: cpuPercent,
            predefinedMetricPairSpecification: { predefinedMetricType: 'ECSServiceCPUUtilization' },
          },
        ],
      },
    });
  return count;
}
