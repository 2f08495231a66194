import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../../../packages/local/src/python';
import { Manifest } from '../../pack/manifest';
import { tarballMistakes, wheelMistakes } from '../../pack/version-guard';
import { Product } from '../../release/collect';
import { contentMistakes } from '../../release/contents';
import { Shipped, licenceMistakes } from '../../release/licences';
import { releasedPackages } from '../../release/packages';
import { checkFloors } from '../../release/pypi-floor';
import { orderMistakes } from '../../release/publishing-order';
import { ROOT } from '../../proof/rehearsed-release';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guards-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (changes: Partial<Manifest> = {}): Manifest => ({ name: '@x/vpc', version: '1.0.0', ...changes });

describe('a package of the checkout, whose version is 0.0.0', () => {
  test.each(['core', 'local'])('is not packed, and is told where it would be: %s', (name) => {
    const { status, stderr } = spawnSync(
      join(ROOT, 'node_modules/.bin/tsx'),
      ['--tsconfig', '../../tsconfig.json', '../../tools/pack/main.ts'],
      { cwd: join(ROOT, 'packages', name), encoding: 'utf8' },
    );
    expect(status).toBe(2);
    expect(stderr).toContain(`@groundplan/${name} has the version 0.0.0`);
    expect(stderr).toContain('run "npm run release:dry"');
  });
});

describe('a tarball', () => {
  /** A tarball of npm that holds a package.json and nothing else. */
  function tarball(content: Manifest): string {
    mkdirSync(join(folder, 'package'));
    writeFileSync(join(folder, 'package/package.json'), JSON.stringify(content));
    execFileSync('tar', ['-czf', 'x.tgz', 'package'], { cwd: folder });
    return join(folder, 'x.tgz');
  }

  test.each([
    ['its own version', { version: '0.0.0' }, 'it is version 0.0.0'],
    ['a sibling', { dependencies: { '@x/core': '^0.0.0' } }, 'it needs @x/core ^0.0.0'],
    ['a peer', { peerDependencies: { '@x/core': '0.0.0' } }, 'it needs @x/core 0.0.0'],
  ])('is refused when 0.0.0 stands in %s', (_, changes, message) => {
    expect(tarballMistakes(tarball(manifest(changes))).join()).toContain(message);
  });

  test('of a bumped package is fine, also when its numbers look alike', () => {
    const dependencies = { a: '^10.0.0', b: '^1.0.0', c: '0.0.10' };
    expect(tarballMistakes(tarball(manifest({ version: '10.0.0', dependencies })))).toEqual([]);
  });
});

describe('a wheel', () => {
  /** A wheel that holds its METADATA and nothing else. */
  function wheel(version: string, ...requires: string[]): string {
    const file = join(folder, `x-${version}-py3-none-any.whl`);
    const metadata = ['Metadata-Version: 2.1', 'Name: x', `Version: ${version}`];
    const text = [...metadata, ...requires.map((one) => `Requires-Dist: ${one}`), ''].join('\n');
    const program = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").writestr(sys.argv[2], sys.argv[3])';
    execFileSync(python, ['-c', program, file, `x-${version}.dist-info/METADATA`, text]);
    return file;
  }
  const python = findPython().executable;

  test.each([
    ['0.0.0', 'groundplan-core<0.2.0,>=0.1.0', 'it is version 0.0.0'],
    ['0.1.0', 'groundplan-core<0.0.1,>=0.0.0', 'it requires groundplan-core<0.0.1,>=0.0.0'],
    ['0.1.0', 'groundplan-core (<0.0.1,>=0)', 'it requires groundplan-core (<0.0.1,>=0)'],
  ])('is refused when it could not be installed: %s, %s', (version, requirement, message) => {
    expect(wheelMistakes(python, wheel(version, requirement)).join()).toContain(message);
  });

  test('of a bumped package is fine', () => {
    const requirements = ['groundplan-core<0.2.0,>=0.1.0', 'publication>=0.0.3', 'jsii<2.0.0,>=1.140.0'];
    expect(wheelMistakes(python, wheel('0.1.0', ...requirements))).toEqual([]);
  });
});

describe('the contents of a package', () => {
  const product = (changes: Partial<Product> = {}): Product => ({
    name: '@x/vpc',
    tarball: 'x.tgz',
    manifest: manifest(),
    size: 1,
    unpackedSize: 150_000,
    wheel: 'x.whl',
    ...changes,
  });

  test.each([
    ['weighs too much', { unpackedSize: 200_001 }, 'weighs 200001 bytes unpacked, and 200000 are allowed'],
    ['depends on something', { manifest: manifest({ dependencies: { lodash: '4' } }) }, 'depends on lodash'],
    ['runs a script', { manifest: manifest({ scripts: { postinstall: 'x' } }) }, 'has the script "postinstall"'],
  ])('are refused when it %s', (_, changes, message) => {
    expect(contentMistakes([product(changes)])).toEqual([expect.stringContaining(message)]);
  });

  test('may be large and have dependencies in a package that is no construct package', () => {
    const plain = { wheel: undefined, unpackedSize: 900_000, manifest: manifest({ dependencies: { commander: '1' } }) };
    expect(contentMistakes([product(), product(plain)])).toEqual([]);
  });
});

describe('a licence', () => {
  const under = (licence: string): Shipped => ({ from: 'npm', name: 'thing', version: '1.0.0', licence });

  test.each([
    'AGPL-3.0-only',
    'GPL-2.0-or-later',
    'LGPL-3.0',
    'MPL-2.0',
    'MIT AND GPL-3.0-only',
    'none named',
    'SEE LICENSE',
  ])('that is not permissive stops the release: %s', (licence) => {
    const [mistake] = licenceMistakes([under('MIT'), under(licence)]);
    expect(mistake).toContain(`thing 1.0.0 (npm) is licensed "${licence}"`);
    expect(mistake).toContain('use another package');
  });

  test.each(['MIT', 'Apache-2.0', '(MIT OR GPL-3.0-only)', 'BSD-3-Clause AND MIT'])('is fine: %s', (licence) => {
    expect(licenceMistakes([under(licence)])).toEqual([]);
  });
});

describe('the order of publishing', () => {
  const core = manifest({ name: '@x/core' });
  const vpc = manifest({ name: '@x/vpc', peerDependencies: { '@x/core': '^1.0.0', 'aws-cdk-lib': '^2.0.0' } });

  test('is refused when a package comes before what it needs', () => {
    expect(orderMistakes([vpc, core])).toEqual([
      '@x/vpc needs @x/core, which would be published after it; publish @x/core first',
    ]);
    expect(orderMistakes([core, vpc])).toEqual([]);
  });

  test('is found, whatever the folders are called', () => {
    const order = releasedPackages(ROOT).map((one) => one.manifest);
    expect(order.length).toBeGreaterThan(3);
    expect(orderMistakes(order)).toEqual([]);
    expect(orderMistakes([...order].reverse()).length).toBeGreaterThan(0);
  });

  test('does not exist when packages need each other', () => {
    for (const [name, needs] of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      mkdirSync(join(folder, 'packages', name), { recursive: true });
      const nx = { name, targets: { package: {} } };
      const content = { name, version: '1.0.0', nx, dependencies: { [needs]: '^1.0.0' } };
      writeFileSync(join(folder, 'packages', name, 'package.json'), JSON.stringify(content));
    }
    expect(() => releasedPackages(folder)).toThrow('Packages need each other: a → b → a');
  });
});

describe('the floor of a peer', () => {
  const needing = (range: string) =>
    manifest({ jsii: {}, peerDependencies: { 'aws-cdk-lib': range, '@x/core': '^1.0.0' } });
  const index = { ...process.env };
  afterEach(() => {
    process.env = { ...index };
  });

  test('has to be on PyPI, which is behind npm', async () => {
    // an index that has one old release
    writeFileSync(join(folder, 'aws_cdk_lib-2.263.0-py3-none-any.whl'), '');
    process.env.PIP_NO_INDEX = '1';
    process.env.PIP_FIND_LINKS = folder;
    expect((await checkFloors([needing('^2.263.0')], ['@x/core'])).mistakes).toEqual([]);
    const { mistakes } = await checkFloors([needing('^2.275.0')], ['@x/core']);
    expect(mistakes).toEqual([
      'PyPI has no aws-cdk-lib 2.275.0, which @x/vpc asks for at least; the newest there is 2.263.0. ' +
        'Lower the floor in projenrc/versions.ts, or wait for PyPI.',
    ]);
  }, 120_000);

  test('is said not to be checked without a network', async () => {
    for (const name of Object.keys(process.env)) if (/^PIP_|proxy/i.test(name)) delete process.env[name];
    process.env.PIP_CONFIG_FILE = '/dev/null';
    process.env.PIP_INDEX_URL = 'http://127.0.0.1:9/simple';
    const { mistakes, unchecked } = await checkFloors([needing('^2.275.0')], ['@x/core']);
    expect(mistakes).toEqual([]);
    expect(unchecked).toEqual(['aws-cdk-lib==2.275.0 (the package index cannot be reached)']);
  }, 120_000);
});
