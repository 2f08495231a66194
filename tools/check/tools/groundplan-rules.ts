import { RuleSet } from '@groundplan/rules';
import { Tool } from '../finding';

/** Said of acknowledgements that match nothing: here they are found for every tool in the same way. */
const SAID_OF_ALL = 'UnusedAcknowledgement';

/** The rules of this repository. */
export function groundplanRules(): Tool {
  return {
    title: 'groundplan rules',
    namespace: 'groundplan',
    run: ({ graph }) =>
      RuleSet.check(graph)
        .filter(({ ruleId }) => ruleId !== SAID_OF_ALL)
        .map(({ ruleId, path, message, fix }) => ({ rule: ruleId, path, message, fix })),
  };
}
