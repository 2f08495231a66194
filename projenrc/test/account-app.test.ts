import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { AccountApp, ConstructPackage, PlainPackage, V } from '..';
import { Files, filesOf } from './in-memory';

let files: Files;

beforeAll(() => {
  files = filesOf((repo) => {
    const testing = new PlainPackage(repo, 'testing', { description: 'the kit', private: true });
    const core = new ConstructPackage(repo, 'core', { description: 'the lowest floor' });
    new AccountApp(repo, 'dev', { uses: [core], testsWith: [testing] });
  });
});

test('runs on sources: no compile stands between an edit and a deployment', () => {
  expect(files['apps/dev/cdk.json'].app).toBe('tsx --tsconfig ../../tsconfig.json src/main.ts');
});

test('sets every recommended feature flag and nothing that is no flag', () => {
  const { context } = files['apps/dev/cdk.json'];
  expect(Object.keys(context).length).toBeGreaterThan(50);
  expect(context).toEqual(recommended);
});

test('makes the findings of CloudFormation errors', () => {
  expect(files['apps/dev/cdk.json'].context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
});

test('is private and pins the CDK that it deploys with', () => {
  expect(files['apps/dev/package.json']).toMatchObject({
    name: '@groundplan/app-dev',
    private: true,
    dependencies: { 'aws-cdk-lib': V.awsCdkLib, constructs: V.constructs, '@groundplan/core': '^0.0.0' },
    devDependencies: { '@groundplan/testing': '^0.0.0' },
  });
});

test('has the targets of a deployment and no compile', () => {
  expect(Object.keys(files['apps/dev/package.json'].nx.targets)).toEqual([
    'test',
    'synth',
    'check',
    'diff',
    'deploy',
    'destroy',
  ]);
});
