import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { breakingVersion, saysBreaking } from '../../release/version';
import { ROOT, commitAll, git } from '../../proof/rehearsed-release';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'versions-'));
  git(folder, 'init', '--quiet');
  for (const name of ['core', 'vpc']) {
    mkdirSync(join(folder, 'packages', name), { recursive: true });
    const repository = { url: 'https://github.com/groundplan/groundplan.git' };
    writeFileSync(join(folder, 'packages', name, 'package.json'), JSON.stringify({ name: `@x/${name}`, repository }));
  }
  commitAll(folder, 'feat: begin');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const change = (name: string, message: string) => {
  appendFileSync(join(folder, 'packages', name, 'package.json'), '\n');
  commitAll(folder, message);
};

/** Runs an expression over the modules of the release. The libraries that it asks are modules that jest cannot load. */
function evaluate(expression: string): string {
  const modules = `{ ...require('${ROOT}/tools/release/history'), ...require('${ROOT}/tools/release/version'), ...require('${ROOT}/tools/release/changelog') }`;
  const program = `(async () => { const m = ${modules}; const root = ${JSON.stringify(folder)}; console.log(${expression}); })();`;
  return execFileSync(join(ROOT, 'node_modules/.bin/tsx'), ['-e', program], { cwd: ROOT, encoding: 'utf8' }).trim();
}

const next = () => evaluate('await m.nextVersion(await m.readHistory(root))');

describe('the version of a release', () => {
  test('is 0.1.0 the first time', () => {
    expect(next()).toBe('0.1.0');
  });

  test.each([
    ['v0.1.0', 'fix(vpc): a route', '0.1.1'],
    ['v0.1.0', 'feat(vpc): a prop', '0.1.1'],
    ['v0.1.0', 'feat(vpc)!: another prop', '0.2.0'],
    ['v1.2.3', 'fix(vpc): a route', '1.2.4'],
    ['v1.2.3', 'feat(vpc): a prop', '1.3.0'],
    ['v1.2.3', 'fix(vpc): a route\n\nBREAKING CHANGE: it leads elsewhere', '2.0.0'],
  ])('after %s and "%s" is %s', (tag, message, version) => {
    git(folder, 'tag', tag);
    change('vpc', message);
    expect(next()).toBe(version);
  });

  test.each([
    ['0.1.0', '0.1.1', false],
    ['0.1.0', '0.2.0', true],
    ['0.9.0', '1.0.0', true],
    ['1.2.3', '1.3.0', false],
    ['1.2.3', '2.0.0', true],
    ['1.2.3', '2.0.0-rc.1', true],
  ])('from %s to %s: may break its users: %s', (last, version, breaking) => {
    expect(saysBreaking(last, version)).toBe(breaking);
  });

  test('that may break is the next minor version before 1.0.0, and the next major one after', () => {
    expect([breakingVersion('0.1.7'), breakingVersion('1.2.3')]).toEqual(['0.2.0', '2.0.0']);
  });
});

test('the changelog of a package holds every release and the commits that touched its folder', () => {
  git(folder, 'tag', 'v0.1.0');
  change('vpc', 'feat(vpc): a tier more');
  change('core', 'fix(core): a longer name');
  const released = "{ folder: 'packages/vpc', manifest: { name: '@x/vpc' } }";
  const notes = evaluate(`await m.writeChangelog(root, root, ${released}, '0.1.1')`);
  const changelog = readFileSync(join(folder, 'packages/vpc/CHANGELOG.md'), 'utf8');

  expect(changelog).toMatch(/^# @x\/vpc\n/);
  expect(changelog).toMatch(/0\.1\.1[\s\S]*a tier more[\s\S]*0\.1\.0[\s\S]*begin/);
  expect(changelog).not.toContain('a longer name');
  expect(changelog).toContain('(https://github.com/groundplan/groundplan/commit/');
  expect(notes).toContain('a tier more');
  expect(notes).not.toContain('begin');
});

test('a package that did not change says that it was released with the others', () => {
  git(folder, 'tag', 'v0.1.0');
  change('core', 'fix(core): a longer name');
  const released = "{ folder: 'packages/vpc', manifest: { name: '@x/vpc' } }";
  expect(evaluate(`await m.writeChangelog(root, root, ${released}, '0.1.1')`)).toContain('No change: released with');
});
