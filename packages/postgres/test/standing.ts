import { Environment, EnvironmentProps, Tier } from '@groundplan/core';
import { Network } from '@groundplan/vpc';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { PostgresCluster, PostgresClusterProps, PostgresInstance, PostgresInstanceProps } from '../src';

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

/** What a database stands on: a stack of data beside a stack with a network of three zones. */
export interface Ground {
  readonly app: App;
  readonly stack: Stack;
  readonly network: Network;
}

export function groundIn(tier: Tier, context: Record<string, unknown> = {}): Ground {
  const app = new App({ context });
  const { target: env } = Environment.define(app, environmentOf(tier));
  const network = new Network(new Stack(app, 'Network', { env }), 'Network', { zones: 3 });
  return { app, stack: new Stack(app, 'Data', { env }), network };
}

/** An instance on a ground that stands. */
export function instanceOn({ stack, network }: Ground, props: Partial<PostgresInstanceProps> = {}, id = 'Database') {
  return new PostgresInstance(stack, id, { vpc: network.vpc, ...props });
}

/** An instance as its user would write it, on a ground of its own. */
export function instanceIn(tier: Tier, props?: Partial<PostgresInstanceProps>, context?: Record<string, unknown>) {
  const ground = groundIn(tier, context);
  return { ...ground, database: instanceOn(ground, props) };
}

/** A Multi-AZ cluster on a ground that stands. */
export function clusterOn({ stack, network }: Ground, props: Partial<PostgresClusterProps> = {}, id = 'Database') {
  return new PostgresCluster(stack, id, { vpc: network.vpc, ...props });
}

/** A Multi-AZ cluster as its user would write it, on a ground of its own. */
export function clusterIn(tier: Tier, props?: Partial<PostgresClusterProps>, context?: Record<string, unknown>) {
  const ground = groundIn(tier, context);
  return { ...ground, database: clusterOn(ground, props) };
}

export const INSTANCE = 'AWS::RDS::DBInstance';
export const CLUSTER = 'AWS::RDS::DBCluster';

/** A resource as it stands in a template. */
export interface Made {
  readonly id: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string[];
}

/** What a stack has of a type. */
export function allOf(stack: Stack, type: string): Made[] {
  return Object.entries(Template.fromStack(stack).findResources(type)).map(([id, made]) => ({ id, ...made }) as Made);
}

/** The template of an instance of a tier. */
export const templateOf = (tier: Tier, props?: Partial<PostgresInstanceProps>) =>
  Template.fromStack(instanceIn(tier, props).stack);

/** What the instance of a tier is, without its copies. */
export function instanceOf(tier: Tier, props?: Partial<PostgresInstanceProps>): Made {
  return allOf(instanceIn(tier, props).stack, INSTANCE).find(({ id }) => id.startsWith('DatabaseInstance'))!;
}
