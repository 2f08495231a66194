import { Mistakes } from '@groundplan/core';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationProtocol,
  ApplicationTargetGroup,
  Protocol,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { HealthCheckOptions, TargetOptions } from '../health-check';
import { FIXED } from './defaults';

/** One code, a list of codes, or ranges: what AWS calls a matcher. */
const CODES = /^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/;

/** Notes every mistake in how a balancer asks and speaks to tasks. */
export function checkTargets(health: HealthCheckOptions, targets: TargetOptions, mistakes: Mistakes): void {
  const { path, codes } = health;
  if (path !== undefined && !Token.isUnresolved(path) && !path.startsWith('/'))
    mistakes.add({
      prop: 'healthCheck.path',
      mustBe: 'a path that begins with a slash',
      got: `"${path}"`,
      remedy: `write "/${path}"`,
    });
  if (codes !== undefined && !Token.isUnresolved(codes) && !CODES.test(codes))
    mistakes.add({
      prop: 'healthCheck.codes',
      mustBe: 'codes and ranges such as 200,204 or 200-299',
      got: `"${codes}"`,
      remedy: 'write three digits each, without spaces',
    });
  const interval = seconds(health.interval, FIXED.healthIntervalSeconds);
  const timeout = seconds(health.timeout, FIXED.healthTimeoutSeconds);
  between('healthCheck.interval', interval, 5, 300, mistakes);
  between('healthCheck.timeout', timeout, 2, 120, mistakes);
  if (!Token.isUnresolved(timeout) && !Token.isUnresolved(interval) && timeout >= interval)
    mistakes.add({
      prop: 'healthCheck.timeout',
      mustBe: `less than the interval, ${interval} seconds`,
      got: `${timeout}`,
      remedy: 'ask less often or wait less long',
    });
  for (const which of ['healthyThreshold', 'unhealthyThreshold'] as const)
    if (health[which] !== undefined) between(`healthCheck.${which}`, health[which], 2, 10, mistakes, 'answers');
  between('targets.deregistrationDelay', seconds(targets.deregistrationDelay, 0), 0, 3600, mistakes);
  if (targets.slowStart) between('targets.slowStart', seconds(targets.slowStart, 30), 30, 900, mistakes);
  if (targets.stickiness) between('targets.stickiness', seconds(targets.stickiness, 1), 1, 7 * 86400, mistakes);
}

function seconds(duration: Duration | undefined, otherwise: number): number {
  return duration?.toSeconds({ integral: false }) ?? otherwise;
}

function between(prop: string, value: number, low: number, high: number, mistakes: Mistakes, unit = 'seconds'): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= low && value <= high)) return;
  mistakes.add({
    prop,
    mustBe: `${low} to ${high} whole ${unit}`,
    got: `${value}`,
    remedy: 'AWS takes nothing else; leave it out for the default',
  });
}

/** The group that a balancer's rules send requests to. Tasks register themselves by their addresses. */
export function targetGroupFor(
  scope: Construct,
  id: string,
  vpc: IVpc,
  port: number,
  health: HealthCheckOptions,
  targets: TargetOptions,
): ApplicationTargetGroup {
  const protocol = targets.protocol ?? ApplicationProtocol.HTTP;
  return new ApplicationTargetGroup(scope, id, {
    vpc,
    port,
    protocol,
    targetType: TargetType.IP,
    deregistrationDelay: targets.deregistrationDelay ?? Duration.seconds(FIXED.deregistrationDelaySeconds),
    slowStart: targets.slowStart,
    stickinessCookieDuration: targets.stickiness,
    healthCheck: {
      protocol: protocol === ApplicationProtocol.HTTPS ? Protocol.HTTPS : Protocol.HTTP,
      path: health.path ?? FIXED.healthPath,
      healthyHttpCodes: health.codes ?? FIXED.healthCodes,
      interval: health.interval ?? Duration.seconds(FIXED.healthIntervalSeconds),
      timeout: health.timeout ?? Duration.seconds(FIXED.healthTimeoutSeconds),
      healthyThresholdCount: health.healthyThreshold ?? FIXED.healthyThreshold,
      unhealthyThresholdCount: health.unhealthyThreshold ?? FIXED.unhealthyThreshold,
    },
  });
}
