import type { IConstruct } from 'constructs';
import type { RuleSettings } from '../rule-settings';
import { RULE_SETTINGS } from './notes';

/** Notes the settings in every stack below a scope, also in those that are added later. */
export function noteSettings(scope: IConstruct, settings: RuleSettings): void {
  check(settings);
  if (!settings.requiredTags) return;
  const { Aspects, Stack } = cdk();
  Aspects.of(scope).add({
    visit(construct: IConstruct) {
      if (Stack.isStack(construct)) construct.node.addMetadata(RULE_SETTINGS, settings);
    },
  });
}

/** The one place that needs CDK itself: whoever only reads a folder does without. */
export function cdk(): typeof import('aws-cdk-lib/core') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load CDK with the rules
  return require('aws-cdk-lib/core') as typeof import('aws-cdk-lib/core');
}

function check({ requiredTags }: RuleSettings): void {
  if (!requiredTags) return;
  const empty = requiredTags.some((key) => key.trim() === '');
  const twice = requiredTags.find((key, index) => requiredTags.indexOf(key) !== index);
  if (requiredTags.length === 0 || empty)
    throw new Error(
      `RuleSettings: requiredTags must name tags, got ${JSON.stringify(requiredTags)}; leave it out for the five standard tags.`,
    );
  if (twice) throw new Error(`RuleSettings: requiredTags names "${twice}" twice; name it once.`);
}
