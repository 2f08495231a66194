import type { Mistakes } from '@groundplan/core';
import { DeploymentStrategy } from 'aws-cdk-lib/aws-ecs';
import { Duration, Token } from 'aws-cdk-lib/core';
import type { Deployment, TrafficShift } from '../deployment';
import type { SmokePlan } from '../deployment-hook';
import type { Ingress } from '../ingress';

const A_DAY = 1440;

/** The least that a step may be: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html and API_CanaryConfiguration.html */
const LEAST_PERCENT: Partial<Record<DeploymentStrategy, number>> = {
  [DeploymentStrategy.LINEAR]: 3,
  [DeploymentStrategy.CANARY]: 0.1,
};

/** Notes every mistake in how a service is deployed. */
export function checkDeployment(
  deployment: Deployment | undefined,
  ingress: Ingress | undefined,
  mistakes: Mistakes,
): void {
  const shift = deployment?._shift;
  if (!shift) return;
  if (!ingress?._gate)
    mistakes.add({
      prop: 'deployment',
      mustBe: 'Deployment.rolling() with ingress: none',
      got: `Deployment.${deployment.description}()`,
      remedy: 'traffic that no load balancer sends cannot be shifted; choose an ingress, or deploy rolling',
    });
  checkMinutes('deployment.bakeTime', shift.bakeTime, 0, mistakes);
  checkStep(shift, mistakes);
  for (const [i, hook] of shift.hooks.entries()) {
    if (hook._stages.length === 0)
      mistakes.add({
        prop: `deployment.hooks[${i}]`,
        mustBe: 'asked at one stage or more',
        got: 'none',
        remedy: 'name the stages: DeploymentHook.lambda(handler, ecs.DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT)',
      });
    if (hook._smoke) checkSmoke(`deployment.hooks[${i}]`, hook._smoke, ingress?._gate?.hostname, mistakes);
  }
  if (shift.hooks.filter(({ _smoke }) => _smoke).length > 1)
    mistakes.add({
      prop: 'deployment.hooks',
      mustBe: 'given one smoke hook at most',
      got: `${shift.hooks.filter(({ _smoke }) => _smoke).length}`,
      remedy: 'put all questions into one',
    });
}

function checkStep({ step, strategy }: TrafficShift, mistakes: Mistakes): void {
  if (!step) return;
  const least = LEAST_PERCENT[strategy]!;
  if (!Token.isUnresolved(step.percent) && !(step.percent >= least && step.percent <= 100))
    mistakes.add({
      prop: 'deployment.percent',
      mustBe: `between ${least} and 100`,
      got: `${step.percent}`,
      remedy: 'it is the share of the traffic that a step shifts',
    });
  checkMinutes('deployment.stepBakeTime', step.bakeTime, 0, mistakes);
}

function checkMinutes(prop: string, time: Duration, least: number, mistakes: Mistakes): void {
  if (time.isUnresolved()) return;
  const minutes = time.toMinutes({ integral: false });
  if (Number.isInteger(minutes) && minutes >= least && minutes <= A_DAY) return;
  mistakes.add({
    prop,
    mustBe: `whole minutes, ${least} to ${A_DAY}`,
    got: `${minutes}`,
    remedy: 'ECS counts in minutes',
  });
}

function checkSmoke(prop: string, plan: SmokePlan, ofIngress: string | undefined, mistakes: Mistakes): void {
  const { checks } = plan;
  if (plan.hostname === undefined && ofIngress === undefined)
    mistakes.add({
      prop: `${prop}.hostname`,
      mustBe: 'given, or the ingress has to have one',
      got: 'neither',
      remedy: "pass hostname to the ingress, or DeploymentHook.smoke([…], { hostname: 'api.example.com' })",
    });
  if (checks.length < 1 || checks.length > 10)
    mistakes.add({
      prop: `${prop}.checks`,
      mustBe: '1 to 10 questions',
      got: `${checks.length}`,
      remedy: 'ask for what tells that the version serves; tests belong before the deployment',
    });
  for (const [i, { path, status = 200, within }] of checks.entries()) {
    if (!Token.isUnresolved(path) && !path.startsWith('/'))
      mistakes.add({
        prop: `${prop}.checks[${i}].path`,
        mustBe: 'a path that begins with a slash',
        got: `"${path}"`,
        remedy: `write "/${path}"`,
      });
    if (!(Number.isInteger(status) && status >= 100 && status <= 599))
      mistakes.add({
        prop: `${prop}.checks[${i}].status`,
        mustBe: 'a status of HTTP',
        got: `${status}`,
        remedy: 'write three digits',
      });
    const ms = within?.toMilliseconds();
    if (ms !== undefined && !(ms >= 1 && ms <= 60000))
      mistakes.add({
        prop: `${prop}.checks[${i}].within`,
        mustBe: 'between 1 millisecond and 60 seconds',
        got: `${ms} milliseconds`,
        remedy: 'leave it out for 2 seconds',
      });
  }
}
