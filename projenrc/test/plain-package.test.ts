import { PlainPackage } from '..';
import { Files, filesOf } from './in-memory';

let files: Files;

beforeAll(() => {
  files = filesOf((repo) => {
    const local = new PlainPackage(repo, 'local', {
      description: 'a local AWS',
      deps: ['semver@7.0.0'],
      optionalDeps: ['@prebuilt/linux-x64@1.0.0-beta.1'],
      ships: ['python'],
      staysBehind: ['/python/tests/'],
    });
    new PlainPackage(repo, 'groundplan', {
      description: 'the command',
      packageName: 'groundplan',
      uses: [local],
      bin: { groundplan: 'lib/main.js' },
    });
    new PlainPackage(repo, 'testing', { description: 'the kit', private: true, peerDeps: ['constructs@^10.0.0'] });
  });
});

test('may have dependencies at run time, siblings among them', () => {
  expect(files['packages/local/package.json'].dependencies).toEqual({ semver: '7.0.0' });
  expect(files['packages/groundplan/package.json'].dependencies).toEqual({ '@groundplan/local': '^0.0.0' });
});

test('may bring what is built for one platform each', () => {
  expect(files['packages/local/package.json'].optionalDependencies).toEqual({
    '@prebuilt/linux-x64': '1.0.0-beta.1',
  });
});

test('may be a command, under a name of its own', () => {
  expect(files['packages/groundplan/package.json']).toMatchObject({
    name: 'groundplan',
    bin: { groundplan: 'lib/main.js' },
    main: 'lib/index.js',
    types: 'lib/index.d.ts',
  });
});

test('is private where nobody else should have it', () => {
  expect(files['packages/testing/package.json'].private).toBe(true);
  expect(files['packages/local/package.json'].private).toBeUndefined();
});

test('leaves peers to the consumer', () => {
  expect(files['packages/testing/package.json'].peerDependencies).toEqual({ constructs: '^10.0.0' });
  expect(files['packages/testing/package.json'].devDependencies).toBeUndefined();
});

test('compiles with tsc and not with jsii, and ships what it says', () => {
  const { compile } = files['packages/local/package.json'].nx.targets;
  expect(compile).toEqual({ options: { command: 'tsc -p tsconfig.json' }, outputs: ['{projectRoot}/lib'] });
  const ignored = (files['packages/local/.npmignore'] as string).split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['/src/', '/test/', '!/lib/', '!/python/']));
  // The last pattern that matches decides.
  expect(ignored.indexOf('/python/tests/')).toBeGreaterThan(ignored.indexOf('!/python/'));
});
