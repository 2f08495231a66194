import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  mkdirSync(join(folder, '.ci'));
  cpSync(join(__dirname, '../../.ci/run'), join(folder, '.ci/run'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `.ci/run` in a checkout whose `npm test` is a script of ours. */
function ciRun(test: string, files: Record<string, string> = {}) {
  const manifest = { name: 'checkout', version: '1.0.0', scripts: { test } };
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files }))
    writeFileSync(join(folder, name), text);
  const { status, stdout } = spawnSync('bash', ['.ci/run'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = stdout.trimEnd().split('\n');
  return { status, last: lines.at(-1), closing: lines.filter((line) => /^\d+ passed, \d+ failed/.test(line)) };
}

test('ends with the closing line of a green run', () => {
  const { status, last, closing } = ciRun('echo working; echo "12 passed, 0 failed, 1 skipped"');
  expect(status).toBe(0);
  expect(last).toBe('12 passed, 0 failed, 1 skipped');
  expect(closing).toHaveLength(1);
});

test('ends with the closing line of a red run, and fails', () => {
  const { status, last } = ciRun('echo "11 passed, 1 failed"; exit 1');
  expect(status).not.toBe(0);
  expect(last).toBe('11 passed, 1 failed');
});

test('repeats the closing line when something spoke after it', () => {
  expect(ciRun('echo "11 passed, 1 failed"; echo a remark; exit 1').last).toBe('11 passed, 1 failed');
});

test.each([
  ['broke before it proved anything', 'echo no network; exit 3'],
  ['ended well without a closing line', 'echo nothing to do'],
])('a run that %s is a failure with a closing line', (_, script) => {
  const { status, last } = ciRun(script);
  expect(status).not.toBe(0);
  expect(last).toBe('0 passed, 1 failed');
});

test('a test runner that asks gets no answer, and is told that it is CI', () => {
  expect(ciRun('read -r answer || echo "1 passed, 0 failed"').last).toBe('1 passed, 0 failed');
  expect(ciRun('echo "1 passed, 0 failed in ci $CI"; echo "2 passed, 0 failed"; test "$CI" = true').status).toBe(0);
});

test('throws away what git ignores, and nothing that is new', () => {
  ciRun('echo "1 passed, 0 failed"', { '.gitignore': 'cache\n', cache: 'old', 'new.ts': '' });
  expect(existsSync(join(folder, 'cache'))).toBe(false);
  expect(existsSync(join(folder, 'new.ts'))).toBe(true);
});
