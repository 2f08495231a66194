import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';

/** What the one state of a state machine says. */
export interface RunState {
  readonly Type: string;
  readonly Resource: string;
  readonly End: boolean;
  readonly Retry: Record<string, unknown>[];
  readonly Parameters: Record<string, string> & {
    readonly NetworkConfiguration: { readonly AwsvpcConfiguration: Record<string, string | string[]> };
  };
}

/** The definition of a state machine: references read `<Id>` and `<Id.Arn>`. */
export function definitionOf(stack: Stack): {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  state: RunState;
} {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  const [separator, parts] = Properties.DefinitionString['Fn::Join'] as [string, unknown[]];
  const definition = JSON.parse(parts.map(text).join(separator));
  return { ...definition, state: definition.States[definition.StartAt] };
}

function text(part: unknown): string {
  if (typeof part === 'string') return part;
  const [argument] = Object.values(part as object) as [string | string[] | { OutputName: string }];
  if (typeof argument === 'string') return `<${argument}>`;
  return `<${Array.isArray(argument) ? argument.join('.') : argument.OutputName}>`;
}
