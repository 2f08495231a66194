import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitAll, git, releaseDry } from '../../proof/rehearsed-release';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'refusals-'));
  git(folder, 'init', '--quiet');
  mkdirSync(join(folder, 'packages/core'), { recursive: true });
  writeFileSync(join(folder, 'packages/core/package.json'), JSON.stringify({ name: '@x/core', version: '0.0.0' }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const change = (message: string, file = 'packages/core/package.json') => {
  appendFileSync(join(folder, file), '\n');
  commitAll(folder, message);
};

test('a dirty tree is refused, with what is not committed', async () => {
  commitAll(folder, 'feat: begin');
  writeFileSync(join(folder, 'packages/core/new.ts'), '');
  const { code, output } = await releaseDry(folder);
  expect(code).toBe(2);
  expect(output).toContain('The checkout holds what is not committed');
  expect(output).toContain('?? packages/core/new.ts');
  expect(output).toContain('git stash --include-untracked');
});

test('a history without a conventional commit is refused, with what to write', async () => {
  commitAll(folder, 'begin');
  change('more');
  const { code, output } = await releaseDry(folder);
  expect(code).toBe(2);
  expect(output).toContain('None of the 2 commits before the first release is a conventional commit');
  expect(output).toContain('feat(vpc): …');
});

test('conventional commits before the last release do not count', async () => {
  commitAll(folder, 'feat: begin');
  git(folder, 'tag', 'v0.1.0');
  change('more');
  expect(await releaseDry(folder)).toMatchObject({ code: 2, output: expect.stringContaining('since v0.1.0') });
});

test('nothing since the last release is refused, and fine where it is asked for', async () => {
  commitAll(folder, 'feat: begin');
  git(folder, 'tag', 'v0.1.0');
  writeFileSync(join(folder, 'README.md'), '');
  commitAll(folder, 'docs: a README');
  expect(await releaseDry(folder)).toMatchObject({
    code: 2,
    output: expect.stringContaining('No commit since v0.1.0 touches packages/'),
  });
  expect((await releaseDry(folder, ['--if-needed'])).code).toBe(0);
});

test.each([
  [['--version', '1.2'], '--version must be a semantic version such as 1.2.3, got "1.2"'],
  [['--verison', '1.2.3'], "Unknown option '--verison'"],
  [['--version', '0.1.0'], '--version must be greater than the last release, 0.1.0, got 0.1.0'],
])('%j is refused', async (args, message) => {
  commitAll(folder, 'feat: begin');
  git(folder, 'tag', 'v0.1.0');
  change('fix: something');
  const { code, output } = await releaseDry(folder, args);
  expect(code).toBe(2);
  expect(output).toContain(message);
});

test('--help says what there is, and the exit codes', async () => {
  const { code, output } = await releaseDry(folder, ['--help']);
  expect(code).toBe(0);
  for (const text of ['--previous <folder>', 'Exit codes:', '3  it would break its users'])
    expect(output).toContain(text);
});
