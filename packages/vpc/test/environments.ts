import { Environment, EnvironmentProps, Tier } from '@groundplan/core';
import { App, Stack } from 'aws-cdk-lib/core';
import { Network, NetworkProps } from '../src';

export const TIERS = Object.values(Tier);

/** An environment of a tier that names its account, its region and more zones than any default needs. */
export function environmentOf(tier: Tier): EnvironmentProps {
  return {
    project: 'shop',
    name: tier,
    tier,
    account: '111111111111',
    region: 'eu-central-1',
    zones: ['a', 'b', 'c', 'd', 'e', 'f'].map((zone) => `eu-central-1${zone}`),
    tags: { Owner: 'team-shop', CostCenter: '4711' },
  };
}

/** A stack in an environment of a tier. */
export function stackIn(tier: Tier, context: Record<string, unknown> = {}): Stack {
  const app = new App({ context });
  return new Stack(app, 'Network', { env: Environment.define(app, environmentOf(tier)).target });
}

/** A network in a stack of its own. */
export function networkIn(
  tier: Tier,
  props?: NetworkProps,
  context?: Record<string, unknown>,
): { stack: Stack; network: Network } {
  const stack = stackIn(tier, context);
  return { stack, network: new Network(stack, 'Network', props) };
}
