import { V } from '..';
import { Files, filesOf } from './in-memory';

let files: Files;

beforeAll(() => {
  files = filesOf();
});

test('pins every tool exactly', () => {
  const versions = Object.values<string>(files['package.json'].devDependencies);
  expect(versions.length).toBeGreaterThan(10);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('installs with nothing but Node on the machine', () => {
  const { setup, pretest, prestart } = files['package.json'].scripts;
  expect([setup, pretest, prestart]).toEqual(Array(3).fill('node tools/setup.mjs'));
  expect(files['package.json'].packageManager).toBe(`pnpm@${V.pnpm}`);
  expect(files['package.json'].devEngines?.packageManager?.onFail ?? 'ignore').toBe('ignore');
});

test('runs no install script of a dependency', () => {
  const workspace = files['pnpm-workspace.yaml'] as string;
  expect(workspace).toContain('ignoredBuiltDependencies:');
  expect(workspace).not.toContain('onlyBuiltDependencies');
  expect(workspace).toContain('linkWorkspacePackages: true');
});

describe('nx.json', () => {
  const targets = () => Object.entries<Files>(files['nx.json'].targetDefaults);

  test('says what each target does, once, with the tools of the root', () => {
    expect(targets().map(([name]) => name)).toEqual(
      expect.arrayContaining(['compile', 'test', 'docs', 'package', 'synth', 'check', 'diff', 'deploy', 'destroy']),
    );
    for (const [, { executor }] of targets()) expect(executor).toBe('nx:run-commands');
  });

  test('caches the leaves with inputs of their own and of what they are made of', () => {
    const cached = targets().filter(([, { cache }]) => cache);
    expect(cached.map(([name]) => name)).toEqual(
      expect.arrayContaining(['compile', 'test', 'docs', 'package', 'synth', 'check']),
    );
    for (const [, { inputs, outputs }] of cached) {
      expect(inputs).toContain('^production');
      expect(inputs.some((input: string) => ['default', 'production'].includes(input))).toBe(true);
      expect(outputs.length).toBeGreaterThan(0);
    }
  });

  test('never gives an input as negations alone: these would drop the defaults and serve stale results', () => {
    for (const [, inputs] of Object.entries<string[]>(files['nx.json'].namedInputs))
      expect(inputs.some((input) => !input.startsWith('!'))).toBe(true);
  });

  test('never caches what talks to an AWS, and has each for the local one', () => {
    for (const [name, { cache, configurations }] of targets()) {
      if (!['diff', 'deploy', 'destroy'].includes(name)) continue;
      expect(cache).toBe(false);
      expect(configurations.local.command).toContain('local run -- cdk');
    }
  });

  test('stays on this machine and leaves no process behind', () => {
    expect(files['nx.json']).toMatchObject({ neverConnectToCloud: true, analytics: false, useDaemonProcess: false });
  });
});

test('CI runs the script that proves everything on main, and what a change affects before', () => {
  const [affected, prove] = (files['.github/workflows/ci.yml'] as string).split(/^ {2}prove:$/m);
  expect(prove).toContain('- run: bash .ci/run');
  expect(affected).toContain("if: github.event_name == 'pull_request'");
  for (const command of ['npm run default', 'npm run lint', 'nx affected -t compile test docs', 'npm run release:dry'])
    expect(affected).toContain(command);
});

test('what is made on the way is not kept in git', () => {
  const ignored = (files['.gitignore'] as string).split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining(['.nx/', 'cdk.out/', '.groundplan/', 'test-report.json', 'node_modules/']),
  );
});
