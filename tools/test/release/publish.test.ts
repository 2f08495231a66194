import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../proof/rehearsed-release';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publish-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Publishes with an npm that only writes down what it was asked, and knows some packages already. */
function publish(version: string, { published = '', fails = '', env = {} } = {}) {
  const names = ['@x/core', '@x/vpc'];
  const packages = names.map((name) => ({ name, tarball: `${name.slice(3)}.tgz` }));
  writeFileSync(join(folder, 'release.json'), JSON.stringify({ version, packages }));
  const npm = join(folder, 'npm');
  writeFileSync(
    npm,
    `#!/bin/sh
case "$1 $2" in
  "view ${published}") echo "${version}"; exit 0;;
  view*) exit 1;;
  "publish "*${fails || 'nothing'}) echo "npm error 402" >&2; exit 1;;
esac
echo "$@" >> "${folder}/asked"
`,
  );
  chmodSync(npm, 0o755);
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/tsx'),
    [join(ROOT, 'tools/release/publish.ts'), folder],
    { encoding: 'utf8', env: { ...process.env, GITHUB_ACTIONS: '', ...env, PATH: `${folder}:${process.env.PATH}` } },
  );
  const asked = () =>
    readFileSync(join(folder, 'asked'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(`${folder}/`, ''));
  return { status, stdout, stderr, asked };
}

test('publishes in the order of the release', () => {
  const { status, asked } = publish('1.0.0');
  expect(status).toBe(0);
  expect(asked()).toEqual(
    ['core', 'vpc'].map((name) => `publish npm/${name}.tgz --access public --ignore-scripts --tag latest`),
  );
});

test('says where it was built, on the service that can sign it', () => {
  expect(publish('1.0.0', { env: { GITHUB_ACTIONS: 'true' } }).asked()[0]).toContain('--provenance');
});

test('leaves what is there already: a run that broke can be repeated', () => {
  const { stdout, asked } = publish('1.0.0', { published: '@x/core@1.0.0' });
  expect(stdout).toContain('@x/core 1.0.0 is on npm already');
  expect(asked()).toEqual([expect.stringContaining('vpc.tgz')]);
});

test('a candidate does not become what everybody gets', () => {
  expect(publish('2.0.0-rc.1').asked()[0]).toContain('--tag next');
});

test('stops at the first failure, with what npm said', () => {
  const { status, stderr } = publish('1.0.0', { fails: 'core.tgz' });
  expect(status).toBe(1);
  expect(stderr).toContain('npm error 402');
});
