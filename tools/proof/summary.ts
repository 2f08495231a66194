import { Outcome, closingLine, total } from './outcome';

const MOST_LINES = 80;

/** What a person reads after the run: every suite, then what failed and why, then the closing line alone. */
export function summary(outcomes: Outcome[]): string {
  const sum = total(outcomes);
  const width = Math.max(...outcomes.map(({ name }) => name.length), 0);
  return [
    '',
    ...outcomes.map(
      (outcome) => `  ${outcome.failed ? '✖' : '✔'} ${outcome.name.padEnd(width)}  ${closingLine(outcome)}`,
    ),
    ...sum.failures.flatMap(({ name, output }) => ['', `✖ ${name}`, ...indented(output)]),
    '',
    closingLine(sum),
  ].join('\n');
}

/** The end of an output, which is where tools say what is wrong. */
function indented(output: string): string[] {
  const lines = output.trimEnd().split('\n');
  const shown = lines.slice(-MOST_LINES).map((line) => `    ${line}`);
  if (lines.length <= MOST_LINES) return shown;
  return [`    … ${lines.length - MOST_LINES} lines before; everything stands in .groundplan/proof`, ...shown];
}
