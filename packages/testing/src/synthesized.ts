import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import type { TemplateJson } from './template';

/** What the kit reads: one stack with its nested stacks, or all stacks of an App or a Stage. */
export type Scope = Stack | Stage;

/** A template that a scope synthesizes to. */
export interface SynthesizedTemplate {
  readonly stack: Stack;
  /** The construct path of the stack below the scope that was asked for; empty for the stack itself. */
  readonly place: string;
  /** The file in the cloud assembly. */
  readonly file: string;
  readonly template: TemplateJson;
}

/** Synthesizes a scope and reads its templates, in the order of the construct tree. */
export function synthesized(scope: Scope): SynthesizedTemplate[] {
  return stacksOf(scope).map((stack) => {
    const stage = Stage.of(stack);
    if (!stage) throw new Error(`Stack "${stack.node.path}" stands in no App or Stage: it cannot be synthesized.`);
    const file = join(stage.synth().directory, stack.templateFile);
    return {
      stack,
      place: stack === scope ? '' : stack.node.path.slice(scope.node.path ? scope.node.path.length + 1 : 0),
      file,
      template: JSON.parse(readFileSync(file, 'utf8')) as TemplateJson,
    };
  });
}

function stacksOf(scope: Scope): Stack[] {
  return scope.node.findAll().filter((construct): construct is Stack => Stack.isStack(construct));
}
