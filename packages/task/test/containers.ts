import { Template } from 'aws-cdk-lib/assertions';
import type { FargateTaskProps } from '../src';
import { Tier } from '@groundplan/core';
import { Ground, groundIn, taskIn } from './environments';

/** A container as a template has it. */
export interface Container {
  readonly Name: string;
  readonly Memory: number;
  readonly Environment?: { readonly Name: string; readonly Value: unknown }[];
  readonly [property: string]: unknown;
}

/** A task and its containers by their names. */
export function containersIn(tier: Tier, props: Partial<FargateTaskProps>, ground: Ground = groundIn(tier)) {
  const { task, stack } = taskIn(tier, props, ground);
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
  const all = Properties.ContainerDefinitions as Container[];
  return { task, stack, definition: Properties, containers: Object.fromEntries(all.map((it) => [it.Name, it])) };
}

/** What a container reads of its environment. */
export function variablesOf({ Environment = [] }: Container): Record<string, unknown> {
  return Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]));
}
