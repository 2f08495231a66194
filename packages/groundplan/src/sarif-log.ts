import { RuleDescription, Severity } from '@groundplan/rules';
import type { Log, Result } from 'sarif';

/** What was found as SARIF 2.1.0, which code hosts and editors show beside the lines. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifLog(rules: readonly RuleDescription[], results: Result[]): Log {
  const ids = rules.map(({ ruleId }) => ruleId);
  return {
    version: '2.1.0',
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: 'groundplan',
            informationUri: 'https://github.com/groundplan/groundplan',
            rules: rules.map(({ ruleId, demands, because }) => ({
              id: ruleId,
              shortDescription: { text: demands },
              ...(because && { fullDescription: { text: because } }),
            })),
          },
        },
        results: results.map((result) => ({ ...result, ruleIndex: ids.indexOf(result.ruleId!) })),
      },
    ],
  };
}

interface Found {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
}

/** A finding without its place; with the reason when somebody has accepted it in the source. */
export function sarifResult({ ruleId, severity, message, fix }: Found, accepted: string | undefined): Result {
  return {
    ruleId,
    level: severity === Severity.ERROR ? 'error' : 'warning',
    message: { text: `${message} ${fix}` },
    ...(accepted !== undefined && {
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: accepted }],
    }),
  };
}
