import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestAws } from '@groundplan/local';

const ROOT = join(__dirname, '../..');
const APPS = ['dev', 'staging', 'production'];
const NAMES = APPS.map((app) => `groundplan-${app}-network`);

let aws: TestAws;
beforeAll(async () => {
  aws = await TestAws.start();
}, 300_000);
afterAll(() => aws?.stop(), 60_000);

/** Runs a target of all three apps against the local AWS of this test, as a person would type it. */
async function nx(target: string): Promise<string> {
  const env = { ...process.env, ...aws.commandEnvironment, NO_COLOR: '1', FORCE_COLOR: '0' };
  const args = ['run-many', '-t', target, '-p', ...APPS, '--configuration=local', '--output-style=stream'];
  const run = promisify(execFile)(join(ROOT, 'node_modules/.bin/nx'), args, { cwd: ROOT, env, maxBuffer: 64 << 20 });
  const { stdout, stderr } = await run.catch((failure: Error & { stdout: string; stderr: string }) => {
    throw new Error(`nx ${args.join(' ')} failed:\n${failure.stdout}${failure.stderr}`);
  });
  return stdout + stderr;
}

/** How often a text stands in another. */
const count = (said: string, text: string) => said.split(text).length - 1;

test('dev, staging and production deploy, and say that nothing was only recorded', async () => {
  const said = await nx('deploy');
  expect(count(said, 'Nothing is a stub')).toBe(3);
  const stacks = await aws.stacks();
  for (const name of NAMES) expect(stacks).toContainEqual(expect.objectContaining({ name, status: 'CREATE_COMPLETE' }));
  const networks = await aws.networks();
  expect(networks.map(({ account, cidr }) => `${account} ${cidr}`).sort()).toEqual([
    '111111111111 10.10.0.0/16',
    '222222222222 10.20.0.0/16',
    '333333333333 10.30.0.0/16',
  ]);
}, 400_000);

test('diff shows no difference afterwards', async () => {
  expect(count(await nx('diff'), 'Number of stacks with differences: 0')).toBe(3);
}, 200_000);

test('deployed again, the CDK CLI finds no changes', async () => {
  expect(count(await nx('deploy'), '(no changes)')).toBe(3);
}, 200_000);

test('destroyed, no stack and no network is left', async () => {
  await nx('destroy');
  expect((await aws.stacks()).map(({ name }) => name).filter((name) => NAMES.includes(name))).toEqual([]);
  expect(await aws.networks()).toEqual([]);
}, 300_000);
