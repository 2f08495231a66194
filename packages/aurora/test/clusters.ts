import { Environment, EnvironmentProps, Tier } from '@groundplan/core';
import { Network } from '@groundplan/vpc';
import { App, Stack } from 'aws-cdk-lib/core';
import { AuroraCluster, AuroraClusterProps } from '../src';

export const TIERS = Object.values(Tier);

/** An environment of a tier that names its account, its region and its zones. */
export function environmentOf(tier: Tier): EnvironmentProps {
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

/** What a cluster stands on: a stack of data beside a stack with a network. */
export interface Ground {
  readonly app: App;
  readonly stack: Stack;
  readonly network: Network;
}

export function groundIn(tier: Tier, context: Record<string, unknown> = {}): Ground {
  const app = new App({ context });
  const { target: env } = Environment.define(app, environmentOf(tier));
  const network = new Network(new Stack(app, 'Network', { env }), 'Network');
  return { app, stack: new Stack(app, 'Data', { env }), network };
}

/** A cluster on a ground that stands. */
export function clusterOn(
  { stack, network }: Ground,
  props: Partial<AuroraClusterProps> = {},
  id = 'Database',
): AuroraCluster {
  return new AuroraCluster(stack, id, { vpc: network.vpc, ...props });
}

/** A cluster as its user would write it, on a ground of its own. */
export function clusterIn(tier: Tier, props?: Partial<AuroraClusterProps>, context?: Record<string, unknown>) {
  const ground = groundIn(tier, context);
  return { ...ground, database: clusterOn(ground, props) };
}
