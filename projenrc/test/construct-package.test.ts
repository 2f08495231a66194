import { ConstructPackage, PlainPackage, V } from '..';
import { Files, filesOf } from './in-memory';

let files: Files;

beforeAll(() => {
  files = filesOf((repo) => {
    const testing = new PlainPackage(repo, 'testing', { description: 'the kit', private: true });
    const core = new ConstructPackage(repo, 'core', { description: 'the lowest floor' });
    new ConstructPackage(repo, 'static-site-reader', { description: 'reads a site', worksWithoutCdk: true });
    new ConstructPackage(repo, 'static-site', {
      description: 'a site',
      siblings: [core],
      testsWith: [testing],
    });
  });
});

const manifest = () => files['packages/static-site/package.json'];

test('is published under one name in npm and PyPI', () => {
  expect(manifest().name).toBe('@groundplan/static-site');
  expect(manifest().jsii.targets).toEqual({
    python: { distName: 'groundplan-static-site', module: 'groundplan.static_site' },
  });
  expect(manifest().publishConfig ?? {}).not.toHaveProperty('registry');
});

test('has peers and nothing else at run time', () => {
  expect(manifest().peerDependencies).toEqual({
    'aws-cdk-lib': `^${V.awsCdkLibFloor}`,
    constructs: `^${V.constructsFloor}`,
    '@groundplan/core': '^0.0.0',
  });
  expect(manifest()).not.toHaveProperty('dependencies');
  expect(manifest()).not.toHaveProperty('bundledDependencies');
});

test('is developed against the newest CDK, its siblings and what its tests use: the tools are in the root', () => {
  expect(manifest().devDependencies).toEqual({
    'aws-cdk-lib': V.awsCdkLib,
    constructs: V.constructs,
    '@groundplan/core': '^0.0.0',
    '@groundplan/testing': '^0.0.0',
  });
});

test('names its siblings by ranges that jsii can read', () => {
  expect(JSON.stringify(manifest())).not.toMatch(/workspace:|catalog:/);
});

test('has no task of its own: what a target does stands in nx.json', () => {
  expect(manifest().scripts).toEqual({});
  const targets = { compile: {}, test: {}, package: {} };
  expect(manifest().nx).toEqual({ name: 'static-site', includedScripts: [], targets });
  expect(files['packages/static-site/.projen/tasks.json']?.tasks ?? {}).toEqual({});
});

test('has a compiler configuration that extends the one of the workspace', () => {
  const { extends: base, compilerOptions } = files['packages/static-site/tsconfig.json'];
  expect(base).toBe('../../tsconfig.base.json');
  expect(compilerOptions).toMatchObject({ rootDir: 'src', outDir: 'lib' });
  expect(Object.keys(files)).not.toContain('packages/static-site/tsconfig.dev.json');
});

test('reads its siblings from source in tests', () => {
  expect(files['packages/static-site/jest.config.json'].moduleNameMapper).toEqual({
    '^@groundplan/([^/]+)$': '<rootDir>/../../packages/$1/src',
  });
});

test('ships its library, and neither tests nor reports', () => {
  const ignored = (files['packages/static-site/.npmignore'] as string).split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining(['/test/', '/jest.config.json', '/test-report.json', '!/lib/', '!.jsii']),
  );
});

test('carries its licence', () => {
  expect(files['packages/static-site/LICENSE']).toContain('Apache License');
  expect(manifest().license).toBe('Apache-2.0');
});

test('asks for aws-cdk-lib only where it does not work without it', () => {
  expect(manifest()).not.toHaveProperty('peerDependenciesMeta');
  expect(files['packages/static-site-reader/package.json'].peerDependenciesMeta).toEqual({
    'aws-cdk-lib': { optional: true },
  });
});

test('ships no source maps: they were two thirds of its weight', () => {
  const { inlineSourceMap, inlineSources } = files['packages/static-site/tsconfig.json'].compilerOptions;
  expect([inlineSourceMap, inlineSources]).toEqual([false, false]);
});
