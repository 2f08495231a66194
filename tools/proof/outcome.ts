/** What one suite or one gate came to. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: Failure[];
}

/** A failed test, suite or gate, with what there is to read about it. */
export interface Failure {
  readonly name: string;
  readonly output: string;
}

/** The outcome of a gate, or of a suite that could not say anything: one check. */
export function check(name: string, passed: boolean, output = ''): Outcome {
  return {
    name,
    passed: passed ? 1 : 0,
    failed: passed ? 0 : 1,
    skipped: 0,
    failures: passed ? [] : [{ name, output }],
  };
}

/** An outcome with one more failure. */
export function withFailure(outcome: Outcome, name: string, output: string): Outcome {
  return { ...outcome, failed: outcome.failed + 1, failures: [...outcome.failures, { name, output }] };
}

/** Everything together. Nothing at all is a failure: a run that proved nothing must not look green. */
export function total(outcomes: Outcome[]): Outcome {
  if (outcomes.length === 0) return check('the run', false, 'No suite and no gate left an outcome.');
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((all, outcome) => all + pick(outcome), 0);
  return {
    name: 'all',
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

/** The line that a run ends with, alone on its line. */
export function closingLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
