import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Failure, Outcome, check, withFailure } from './outcome';

/** The part of jest's `--json` report that is read here. */
interface JestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

/** Reads the report that a jest run left. What left none, or ran no test, failed. */
export function jestOutcome(name: string, file: string): Outcome {
  if (!existsSync(file)) return check(name, false, `It left no report (${file}).`);
  let report: JestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch (error) {
    return check(name, false, `Its report cannot be read (${file}): ${String(error)}`);
  }
  const suites = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const failures = [
    ...report.testResults.flatMap(({ name: path, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }): Failure => {
          return {
            name: `${relative(process.cwd(), path)} › ${fullName}`,
            output: failureMessages.map(withoutInnards).join('\n'),
          };
        }),
    ),
    // A suite that does not even load has no tests, and jest counts none as failed.
    ...suites.map(({ name: path, message }): Failure => ({ name: relative(process.cwd(), path), output: message })),
  ];
  const outcome: Outcome = {
    name,
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
  if (outcome.failed === 0 && !report.success) return withFailure(outcome, name, 'jest failed without a failed test.');
  if (outcome.passed + outcome.failed === 0) return withFailure(outcome, name, 'It ran no test.');
  return outcome;
}

/** A failure without the lines of its stack that lie in other people's code. */
function withoutInnards(message: string): string {
  return message
    .split('\n')
    .filter((line) => !/^\s+at .*[/\\]node_modules[/\\]/.test(line))
    .join('\n');
}
