import { existsSync, readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { Failure, Outcome, check, withFailure } from './outcome';

/** An element of JUnit's XML as the parser gives it: attributes with an `@`, children by their names. */
interface Element {
  readonly '#text'?: string;
  readonly [name: string]: string | Element | Element[] | undefined;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false, // a failure that says "1" is a text
  parseAttributeValue: false,
  trimValues: false,
  alwaysCreateTextNode: true,
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
});

/** Reads the JUnit XML that a pytest run left. What left none, or ran no test, failed. */
export function junitOutcome(name: string, file: string): Outcome {
  if (!existsSync(file)) return check(name, false, `It left no report (${file}).`);
  let report: Element;
  try {
    report = parser.parse(readFileSync(file, 'utf8'), true) as Element;
  } catch (error) {
    return check(name, false, `Its report cannot be read (${file}): ${String(error)}`);
  }
  const suites = children(children(report, 'testsuites')[0] ?? report, 'testsuite');
  const cases = suites.flatMap((suite) => children(suite, 'testcase'));
  const failures = cases.flatMap((test): Failure[] => {
    const [problem] = [...children(test, 'failure'), ...children(test, 'error')];
    if (!problem) return [];
    const output = problem['#text'] || String(problem['@message'] ?? '');
    return [{ name: `${String(test['@classname'])} › ${String(test['@name'])}`, output }];
  });
  const skipped = cases.filter((test) => children(test, 'skipped').length > 0).length;
  const passed = cases.length - failures.length - skipped;
  const outcome: Outcome = { name, passed, failed: failures.length, skipped, failures };
  const announced = suites.reduce((sum, suite) => sum + Number(suite['@tests'] ?? 0), 0);
  if (announced > cases.length)
    return withFailure(outcome, name, `Its report announces ${announced} tests and lists ${cases.length} (${file}).`);
  if (passed + failures.length === 0) return withFailure(outcome, name, 'It ran no test.');
  return outcome;
}

function children(element: Element, name: string): Element[] {
  const found = element[name];
  return (Array.isArray(found) ? found : found === undefined ? [] : [found]) as Element[];
}
