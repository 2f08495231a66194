import type { Severity } from '@groundplan/rules';
import { RULES, RuleId } from './rules';

/** Something that is held against a folder of migrations. */
export interface MigrationFinding {
  readonly ruleId: RuleId;
  readonly severity: Severity;
  /** Relative to the folder; empty for what is about all of it. */
  readonly file: string;
  readonly line: number;
  /** What is wrong, with the values that make it so. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The reason with which it was accepted. @default - nobody did: it is open */
  readonly acceptedBecause?: string;
}

/** Where, what and what to do; how bad it is, the rule says. */
export function finding(
  ruleId: RuleId,
  { file = '', line = 1 }: { readonly file?: string; readonly line?: number },
  message: string,
  fix: string,
): MigrationFinding {
  return { ruleId, severity: RULES[ruleId].severity, file, line, message, fix };
}
