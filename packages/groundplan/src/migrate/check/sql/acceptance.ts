import { MigrationFinding, finding } from '../finding';
import { isAcceptable, isRule } from '../rules';

/** A comment that accepts what a rule finds in the statement behind it: `-- groundplan:accept DropColumn nobody reads it since 1.4`. */
export interface Acceptance {
  readonly ruleId: string;
  readonly reason: string;
  readonly line: number;
  /** The statement behind it. @default - it stands before none */
  readonly index?: number;
}

export const ACCEPTANCE = '-- groundplan:accept <rule> <why>';

export function acceptanceIn(comment: string, line: number, index: number | undefined): Acceptance[] {
  const [, ruleId, reason] = /^--\s*groundplan:accept\b[^\S\n]*(\S*)\s*([\s\S]*)$/.exec(comment) ?? [];
  return ruleId === undefined ? [] : [{ ruleId, reason: reason.trim(), line, index }];
}

/** Marks what is accepted, and adds what is wrong with acceptances. */
export function accept(
  file: string,
  found: readonly { readonly index: number; readonly finding: MigrationFinding }[],
  acceptances: readonly Acceptance[],
): MigrationFinding[] {
  const used = new Set<Acceptance>();
  const marked = found.map(({ index, finding: one }) => {
    const match = acceptances.find(({ ruleId, reason, index: at }) => ruleId === one.ruleId && reason && at === index);
    if (match) used.add(match);
    return match ? { ...one, acceptedBecause: match.reason } : one;
  });
  const unused = acceptances.filter((acceptance) => !used.has(acceptance));
  return [...marked, ...unused.map((acceptance) => wrong(file, acceptance))];
}

function isAcceptableRule(text: string): boolean {
  return isRule(text) && isAcceptable(text);
}

function wrong(file: string, { ruleId, reason, line, index }: Acceptance): MigrationFinding {
  const place = { file, line };
  if (!isAcceptableRule(ruleId) || reason === '')
    return finding(
      'AcceptanceReason',
      place,
      isAcceptableRule(ruleId)
        ? `${ruleId} is accepted without a reason.`
        : `"${ruleId}" is accepted, which is no rule about statements.`,
      `Write ${ACCEPTANCE}.`,
    );
  return finding(
    'UnusedAcceptance',
    place,
    `${ruleId} is accepted, and nothing is found here.`,
    index === undefined ? 'Write it on a line of its own, directly before the statement.' : 'Take it out.',
  );
}
