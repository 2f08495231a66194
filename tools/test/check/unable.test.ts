import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadApp } from '@groundplan/testing';
import { Validations } from 'aws-cdk-lib';
import { check } from '../../check/check';
import { checkCommand } from '../../check/command';
import { Tool } from '../../check/finding';
import { checkEnvironment } from '../../check/python';
import { render } from '../../check/render';
import { Report, exitCodeOf } from '../../check/report';
import { cfnLint } from '../../check/tools/cfn-lint';
import { checkov } from '../../check/tools/checkov';
import { groundplanRules } from '../../check/tools/groundplan-rules';
import { cloudFormationValidate, guard } from '../../check/tools/validation-plugins';
import { aBadStack, anApp, spoil, subjectOf } from './apps';

const folders: string[] = [];
function aFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'check-test-')));
  return folders.at(-1)!;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function aSubject() {
  const app = anApp();
  aBadStack(app, 'Stack');
  return subjectOf(app);
}

/** Every tool of a report could not run, and nobody can take that for a clean app. */
function expectUnable({ tools }: Report, message: RegExp): void {
  for (const { error } of tools) expect(error).toMatch(message);
}

describe('a tool that cannot run is an error and not "0 found"', () => {
  const without = (interpreter: string) => {
    const python = () => Promise.resolve(interpreter);
    return check('an app', aSubject(), [cfnLint(python), checkov(python)]);
  };

  test('because its environment is gone', async () => {
    const report = await without('/nowhere/bin/python');
    expectUnable(report, /ENOENT/);
    expect(exitCodeOf(report)).toBe(2);
    expect(render(report)).toMatch(/│ cfn-lint +│ could not run │ +\? │ +\? │/);
    expect(render(report)).toMatch(/checkov could not run:\n.*ENOENT/);
  });

  test('because its environment lacks it', async () => {
    const bare = join(aFolder(), 'python');
    writeFileSync(bare, '#!/bin/sh\nexec python3 -S "$@"\n', { mode: 0o755 });
    expectUnable(await without(bare), /did not answer in JSON, it ended with 1:[^]*(No module named|ModuleNotFound)/);
  });

  test('because there is no network to install it from', async () => {
    const nowhere = 'http://127.0.0.1:9/simple';
    const offline = {
      ...{ PIP_INDEX_URL: nowhere, PIP_RETRIES: '0', PIP_NO_CACHE_DIR: '1', PIP_CONFIG_FILE: '/dev/null' },
      ...{ UV_DEFAULT_INDEX: nowhere, UV_INDEX_URL: nowhere, UV_NO_CACHE: '1', UV_HTTP_RETRIES: '0' },
    };
    const python = () => checkEnvironment(aFolder(), { ...process.env, ...offline });
    const report = await check('an app', aSubject(), [cfnLint(python)]);
    expectUnable(report, /could not install the check environment[^]*is the package index reachable\?/);
  }, 120_000);

  test('because there is no Python', async () => {
    const none = { ...process.env, GROUNDPLAN_PYTHON: '/nowhere/python3' };
    const report = await check('an app', aSubject(), [checkov(() => checkEnvironment(aFolder(), none))]);
    expectUnable(
      report,
      /the check environment needs Python 3\.10 or newer: GROUNDPLAN_PYTHON is "\/nowhere\/python3"/,
    );
  });

  test('because a template cannot be read, unless it says that as a finding', async () => {
    const subject = aSubject();
    spoil(subject);
    const python = () => checkEnvironment();
    const tools = [cloudFormationValidate(), cfnLint(python), guard(), checkov(python)];
    const report = await check('an app', subject, tools);
    expect(report.open.map(({ namespace, path }) => `${namespace} ${path}`)).toEqual([
      'CloudFormation-Validate Stack',
      'cfn-lint Stack',
    ]);
    expectUnable({ ...report, tools: report.tools.slice(2) }, /cfn-guard results|could not read/);
  }, 120_000);

  test('and what others acknowledged of it is not called unused', async () => {
    const app = anApp();
    Validations.of(aBadStack(app, 'Stack').logGroup).acknowledge({ id: 'groundplan::LogRetention', reason: 'short' });
    const subject = subjectOf(app);
    const broken: Tool = { ...groundplanRules(), run: () => Promise.reject(new Error('broken')) };
    expect(await check('an app', subject, [broken])).toMatchObject({ unused: [], tools: [{ error: 'broken' }] });
    // that it is one is seen as soon as the tool runs
    expect((await check('an app', subject, [groundplanRules()])).unused).toHaveLength(1);
  });
});

describe('nx run <app>:check', () => {
  const folder = join(__dirname, '../../../apps/dev');
  let assembly: string;
  beforeAll(() => {
    assembly = process.env.CDK_OUTDIR = aFolder();
    process.env.CDK_VALIDATION = 'false';
    loadApp(folder).synth();
  });

  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  });

  const finding = { rule: 'Rule', path: 'Network', message: 'wrong' };
  const aTool = (run: Tool['run']): Tool => ({ title: 'a tool', namespace: 'a-tool', run });
  const run = (tool: Tool, ...flags: string[]) =>
    checkCommand({ folder, flags, assembly, report: join(assembly, 'check-report.json'), tools: [tool] });

  test.each([
    ['0 when nothing is open', () => [], 0],
    ['1 when something is open', () => [finding], 1],
    ['2 when a tool could not run', () => Promise.reject(new Error('broken')), 2],
  ] as [string, Tool['run'], number][])(
    'ends with %s, prints the table and leaves the report',
    async (_, found, code) => {
      expect(await run(aTool(found))).toBe(code);
      expect(said.join('\n')).toMatch(/^dev\n┌[^]*│ a tool /);
      const report = JSON.parse(readFileSync(join(assembly, 'check-report.json'), 'utf8')) as Report;
      expect(report).toMatchObject({ app: 'dev', open: code === 1 ? [finding] : [], tools: [{ title: 'a tool' }] });
    },
  );

  test('says what it takes, and where cdk.out comes from', async () => {
    await expect(
      run(
        aTool(() => []),
        '--verbose',
      ),
    ).rejects.toThrow('check takes --acknowledged');
    await expect(checkCommand({ folder, assembly: join(assembly, 'none') })).rejects.toThrow('npx nx run dev:check');
  });
});
