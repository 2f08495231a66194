import { existsSync, readFileSync } from 'node:fs';
import { Failure, Outcome, check, withFailure } from './outcome';

/** Reads the JUnit XML that a pytest run left. What left none, or ran no test, failed. */
export function junitOutcome(name: string, file: string): Outcome {
  if (!existsSync(file)) return check(name, false, `It left no report (${file}).`);
  const xml = readFileSync(file, 'utf8');
  const cases = [...xml.matchAll(/<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, attributes, body = '']) => ({ attributes, body }),
  );
  const failures: Failure[] = [];
  let skipped = 0;
  for (const { attributes, body } of cases) {
    const problem = /<(?:failure|error)\b((?:[^>"]|"[^"]*")*?)(?:\/>|>(.*?)<\/(?:failure|error)>)/s.exec(body);
    if (problem)
      failures.push({
        name: `${attribute(attributes, 'classname')} › ${attribute(attributes, 'name')}`,
        output: decoded(problem[2] ?? '') || attribute(problem[1], 'message'),
      });
    else if (/<skipped\b/.test(body)) skipped += 1;
  }
  const passed = cases.length - failures.length - skipped;
  const outcome: Outcome = { name, passed, failed: failures.length, skipped, failures };
  const announced = [...xml.matchAll(/<testsuite\b[^>]*?\btests="(\d+)"/g)].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
  if (announced > cases.length)
    return withFailure(outcome, name, `Its report announces ${announced} tests and lists ${cases.length} (${file}).`);
  if (passed + failures.length === 0) return withFailure(outcome, name, 'It ran no test.');
  return outcome;
}

function attribute(attributes: string, name: string): string {
  return decoded(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function decoded(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex: string, decimal: string, name: string) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}
