import { ConstructPackage, DocsSite, PlainPackage } from '..';
import { Files, filesOf } from './in-memory';

let files: Files;

beforeAll(() => {
  files = filesOf((repo) => {
    const local = new PlainPackage(repo, 'local', { description: 'a local AWS' });
    const core = new ConstructPackage(repo, 'core', { description: 'the lowest floor' });
    new ConstructPackage(repo, 'vpc', { description: 'a network', siblings: [core] });
    new DocsSite(repo, { showsCodeOf: [local] });
  });
});

const targets = () => files['nx.json'].targetDefaults;

test('may show code of every construct package, without being told which there are', () => {
  expect(Object.keys(files['docs/package.json'].devDependencies)).toEqual([
    '@groundplan/core',
    '@groundplan/local',
    '@groundplan/vpc',
    'aws-cdk-lib',
    'constructs',
  ]);
});

test('is never published, and belongs to the workspace', () => {
  expect(files['docs/package.json'].private).toBe(true);
  expect(files['pnpm-workspace.yaml']).toMatch(/^ {2}- docs$/m);
});

test('describes what the packages compiled, and shows READMEs that it has no dependency on', () => {
  expect(targets().reference).toMatchObject({ dependsOn: ['^compile'], cache: true });
  expect(targets().reference.outputs).toContain('{workspaceRoot}/packages/*/.jsii.tabl.json');
  expect(targets().docs.dependsOn).toEqual(['reference']);
  expect(targets().docs.inputs).toEqual(
    expect.arrayContaining([
      'production',
      '^production',
      '{workspaceRoot}/README.md',
      '{workspaceRoot}/packages/*/README.md',
    ]),
  );
});

test('is tested as it was built', () => {
  const { test: tested } = files['docs/package.json'].nx.targets;
  expect(tested.dependsOn).toEqual(['docs']);
  expect(tested.inputs).toContainEqual({ dependentTasksOutputFiles: '.vitepress/dist/**/*' });
});

test('keeps what is generated and built out of git', () => {
  const ignored = (files['docs/.gitignore'] as string).split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['/generated/', '/.vitepress/cache/', '/.vitepress/dist/']));
});
