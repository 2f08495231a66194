import { Environment, EnvironmentProps, Tier } from '@groundplan/core';
import { Network } from '@groundplan/vpc';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { App, Stack, TimeZone } from 'aws-cdk-lib/core';
import { FargateTask, FargateTaskProps, Image, OneOffTask, OneOffTaskProps } from '../src';
import { ScheduledTask, ScheduledTaskProps } from '../src';

export const TIERS = Object.values(Tier);

/** An environment of a tier that names its account, its region and its zones. */
function environmentOf(tier: Tier): EnvironmentProps {
  return {
    project: 'shop',
    name: tier,
    tier,
    account: '111111111111',
    region: 'eu-central-1',
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    tags: { Owner: 'team-shop', CostCenter: '4711' },
  };
}

/** What a task stands on: a stack of its own, and the network of another. */
export interface Ground {
  readonly stack: Stack;
  readonly vpc: IVpc;
}

export function groundIn(tier: Tier, context: Record<string, unknown> = {}): Ground {
  const app = new App({ context });
  const { target } = Environment.define(app, environmentOf(tier));
  const { vpc } = new Network(new Stack(app, 'Network', { env: target }), 'Network');
  return { vpc, stack: new Stack(app, 'Jobs', { env: target }) };
}

/** A task, with what its user says of it. */
export function taskIn(tier: Tier, props: Partial<FargateTaskProps> = {}, ground = groundIn(tier)) {
  const task = new FargateTask(ground.stack, 'Report', { vpc: ground.vpc, image: Image.placeholder(), ...props });
  return { ...ground, task };
}

/** A task that runs to completion. */
export function runIn(tier: Tier, props: Partial<OneOffTaskProps> = {}, ground = groundIn(tier)) {
  const task = new OneOffTask(ground.stack, 'Report', { vpc: ground.vpc, image: Image.placeholder(), ...props });
  return { ...ground, task };
}

/** Every night at three in Berlin. */
const NIGHTLY = ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_BERLIN });

/** A task that runs by the clock. */
export function scheduledIn(tier: Tier, props: Partial<ScheduledTaskProps> = {}, ground = groundIn(tier)) {
  const task = new ScheduledTask(ground.stack, 'Report', {
    vpc: ground.vpc,
    image: Image.placeholder(),
    schedule: NIGHTLY,
    ...props,
  });
  return { ...ground, task };
}
