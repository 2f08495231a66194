import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jestOutcome } from '../proof/jest-report';
import { junitOutcome } from '../proof/junit-report';
import { forgetReports, memberOutcomes } from '../proof/members';
import { check, closingLine, total } from '../proof/outcome';
import { prove } from '../proof/prove';
import { summary } from '../proof/summary';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(name: string, content: object | string): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** A report as jest writes it. */
function jestReport(changes: object = {}) {
  const passed = { status: 'passed', fullName: 'adds up', failureMessages: [] };
  return {
    success: true,
    numPassedTests: 2,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ name: '/a.test.ts', status: 'passed', message: '', assertionResults: [passed, passed] }],
    ...changes,
  };
}

describe('a jest report', () => {
  test('counts what passed and what was skipped', () => {
    const outcome = jestOutcome('core', written('jest.json', jestReport({ numPendingTests: 1, numTodoTests: 2 })));
    expect(outcome).toMatchObject({ name: 'core', passed: 2, failed: 0, skipped: 3 });
  });

  test('names a test that failed, with its output', () => {
    const failed = {
      status: 'failed',
      fullName: 'tier is known',
      failureMessages: ['expected 1\n    at run (/x/node_modules/jest/run.js:1:1)'],
    };
    const testResults = [{ name: '/a.test.ts', status: 'failed', message: '…', assertionResults: [failed] }];
    const file = written(
      'jest.json',
      jestReport({ success: false, numPassedTests: 0, numFailedTests: 1, testResults }),
    );
    expect(jestOutcome('core', file)).toMatchObject({
      failed: 1,
      failures: [{ name: expect.stringContaining('a.test.ts › tier is known'), output: 'expected 1' }],
    });
  });

  test('counts a suite that did not load, which has no test that could fail', () => {
    const broken = { name: '/b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] };
    const testResults = [...jestReport().testResults, broken];
    const outcome = jestOutcome('core', written('jest.json', jestReport({ success: false, testResults })));
    expect(outcome).toMatchObject({ passed: 2, failed: 1 });
    expect(outcome.failures[0]).toEqual({ name: expect.stringContaining('b.test.ts'), output: 'Cannot find module' });
  });

  test.each([
    ['is missing', undefined, 'left no report'],
    ['was cut off', '{"success": tr', 'cannot be read'],
    ['holds no test', jestReport({ numPassedTests: 0, testResults: [] }), 'ran no test'],
    ['says that the run failed without a failed test', jestReport({ success: false }), 'without a failed test'],
  ])('that %s is a failure', (_, content, reason) => {
    const file = content ? written('jest.json', content) : join(folder, 'jest.json');
    const outcome = jestOutcome('core', file);
    expect(outcome.failed).toBe(1);
    expect(outcome.failures[0].output).toContain(reason);
  });
});

describe('the members of a workspace', () => {
  beforeEach(() => {
    member('packages/core', { test: {} });
    member('packages/vpc', { test: {} });
    member('apps/dev', { synth: {} });
    written('packages/core/test-report.json', jestReport());
  });

  function member(path: string, targets: object): void {
    mkdirSync(join(folder, path), { recursive: true });
    written(`${path}/package.json`, { name: path, nx: { name: path.split('/')[1], targets } });
  }

  test('are counted one by one, and one that left no report or has no tests has failed', () => {
    expect(memberOutcomes(folder).map(({ name, passed, failed }) => ({ name, passed, failed }))).toEqual([
      { name: 'packages/core', passed: 2, failed: 0 },
      { name: 'packages/vpc', passed: 0, failed: 1 },
      { name: 'apps/dev', passed: 0, failed: 1 },
    ]);
  });

  test('are not counted by the report of an earlier run', () => {
    forgetReports(folder);
    expect(memberOutcomes(folder)[0]).toMatchObject({ name: 'packages/core', passed: 0, failed: 1 });
  });
});

/** A report as pytest writes it. */
function pytest(cases: string, tests: number): string {
  return `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" tests="${tests}" time="1.2">${cases}</testsuite></testsuites>`;
}
const passing = '<testcase classname="tests.test_ec2" name="test_nat" time="0.1" />';

describe('a JUnit report', () => {
  test('counts passed, failed, broken and skipped tests', () => {
    const xml = pytest(
      passing +
        '<testcase classname="tests.test_ec2" name="test_acl[1 &lt; 2]"><failure message="assert 1">E  assert 1 &gt; 2\nmore</failure></testcase>' +
        '<testcase classname="tests.test_s3" name="test_teardown"><error message="still there"/></testcase>' +
        '<testcase classname="tests.test_s3" name="test_later"><skipped message="no docker">why</skipped></testcase>',
      4,
    );
    expect(junitOutcome('pack', written('pytest.xml', xml))).toEqual({
      name: 'pack',
      passed: 1,
      failed: 2,
      skipped: 1,
      failures: [
        { name: 'tests.test_ec2 › test_acl[1 < 2]', output: 'E  assert 1 > 2\nmore' },
        { name: 'tests.test_s3 › test_teardown', output: 'still there' },
      ],
    });
  });

  test('counts a test that printed something', () => {
    const printed = passing.replace(' />', '><system-out>a &lt;failure&gt;</system-out></testcase>');
    expect(junitOutcome('pack', written('pytest.xml', pytest(printed, 1)))).toMatchObject({ passed: 1, failed: 0 });
  });

  test.each([
    ['is missing', undefined, 'left no report'],
    ['holds no test', pytest('', 0), 'ran no test'],
    ['announces more tests than it lists', pytest(passing, 2), 'announces 2 tests and lists 1'],
  ])('that %s is a failure', (_, content, reason) => {
    const file = content ? written('pytest.xml', content) : join(folder, 'pytest.xml');
    const outcome = junitOutcome('pack', file);
    expect(outcome.failed).toBe(1);
    expect(outcome.failures[0].output).toContain(reason);
  });
});

describe('all runners together', () => {
  const suite = (passed: number, failed: number, skipped: number) => ({
    ...check('suite', true),
    passed,
    failed,
    skipped,
  });

  test('add up', () => {
    expect(closingLine(total([suite(10, 0, 0), check('lint', true), suite(5, 2, 0)]))).toBe('16 passed, 2 failed');
  });

  test('say what was skipped, if anything', () => {
    expect(closingLine(total([suite(10, 0, 3), check('lint', false)]))).toBe('10 passed, 1 failed, 3 skipped');
  });

  test('of which there are none prove nothing', () => {
    expect(closingLine(total([]))).toBe('0 passed, 1 failed');
  });

  test('end with the closing line, alone, after the names and the output of what failed', () => {
    const lines = summary([check('lint', false, 'x.ts: unused'), suite(3, 0, 0)]).split('\n');
    expect(lines.slice(-2)).toEqual(['', '3 passed, 1 failed']);
    expect(lines).toEqual(expect.arrayContaining(['✖ lint', '    x.ts: unused']));
  });
});

describe('a run', () => {
  const step = (title: string, run: () => Promise<ReturnType<typeof check>[]>) => ({ title, run });
  let lines: string[];

  beforeEach(() => {
    lines = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  });
  afterEach(() => jest.restoreAllMocks());

  test('goes on after a failure, and counts a step that broke', async () => {
    const outcomes = await prove(
      folder,
      [
        {
          atOnce: 2,
          steps: [
            step('lint', async () => [check('lint', false)]),
            step('types', () => Promise.reject(new Error('no compiler'))),
          ],
        },
        { atOnce: 1, steps: [step('tests', async () => [check('core', true), check('vpc', true)])] },
      ],
      true,
    );
    expect(closingLine(total(outcomes))).toBe('2 passed, 2 failed');
    expect(total(outcomes).failures.map(({ output }) => output)).toContainEqual(expect.stringContaining('no compiler'));
  });

  test('says what begins and what ended, with seconds', async () => {
    await prove(folder, [{ atOnce: 1, steps: [step('lint', async () => [check('lint', true)])] }], true);
    expect(lines).toEqual(['  … lint\n', expect.stringMatching(/^ {2}✔ lint: 1 passed, 0 failed \(\d+\.\d s\)\n$/)]);
  });
});
