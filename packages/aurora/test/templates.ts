import type { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import type { AuroraClusterProps } from '../src';
import { clusterIn } from './clusters';

export const CLUSTER = 'AWS::RDS::DBCluster';
export const INSTANCE = 'AWS::RDS::DBInstance';

/** The template of a cluster of a tier. */
export const templateOf = (tier: Tier, props?: Partial<AuroraClusterProps>) =>
  Template.fromStack(clusterIn(tier, props).stack);

/** What the one cluster of a template is. */
export function clusterOf(tier: Tier, props?: Partial<AuroraClusterProps>) {
  const [cluster] = Object.values(templateOf(tier, props).findResources(CLUSTER));
  const { DeletionPolicy, UpdateReplacePolicy, Properties } = cluster;
  return { DeletionPolicy, UpdateReplacePolicy, Properties: Properties as Record<string, unknown> };
}

/** What its instances are. */
export const instancesOf = (template: Template) =>
  Object.values(template.findResources(INSTANCE)).map(({ Properties }) => Properties as Record<string, unknown>);
