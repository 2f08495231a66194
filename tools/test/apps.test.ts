import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { TestAws, ask } from '@groundplan/local';

const ROOT = join(__dirname, '../..');
const APPS = ['dev', 'staging', 'production'];
const NAMES = APPS.flatMap((app) => ['network', 'data', 'services'].map((stack) => `groundplan-${app}-${stack}`));

let aws: TestAws;
beforeAll(async () => {
  aws = await TestAws.start();
}, 300_000);
afterAll(() => aws?.stop(), 60_000);

/** Runs a command of the workspace against the local AWS of this test and answers what it said. */
async function run(command: string, args: string[]): Promise<string> {
  const env = { ...process.env, ...aws.commandEnvironment, NO_COLOR: '1', FORCE_COLOR: '0' };
  const running = promisify(execFile)(join(ROOT, 'node_modules/.bin', command), args, {
    cwd: ROOT,
    env,
    maxBuffer: 64 << 20,
  });
  const { stdout, stderr } = await running.catch((failure: Error & { stdout: string; stderr: string }) => {
    throw new Error(`${command} ${args.join(' ')} failed:\n${failure.stdout}${failure.stderr}`);
  });
  return stdout + stderr;
}

const start = () => run('tsx', ['tools/start.ts']);
const nx = (target: string) =>
  run('nx', ['run-many', '-t', target, '-p', ...APPS, '--configuration=local', '--output-style=stream']);

/** How often a text stands in another. */
const count = (said: string, text: string) => said.split(text).length - 1;

/** What a person does before production goes. */
async function unlockBalancers(account: string): Promise<void> {
  const balancers = new ElasticLoadBalancingV2Client(aws.client(account, 'eu-central-1'));
  const { LoadBalancers = [] } = await balancers.send(new DescribeLoadBalancersCommand({}));
  for (const { LoadBalancerArn } of LoadBalancers) {
    const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'false' }];
    await balancers.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
  }
}

test('npm start deploys dev and shows the stacks, the subnets by tier and zone, how each reaches the internet, and what is next', async () => {
  const said = await start();
  for (const text of [
    'groundplan-dev-network',
    'CREATE_COMPLETE',
    'vpc-',
    'Deployed in',
    'Nothing is a stub',
    'Try next:',
  ])
    expect(said).toContain(text);
  expect(said).toMatch(/Public.*eu-central-1a.*10\.10\.0\.0\/24.*internet gateway igw-/);
  expect(said).toMatch(/Private.*eu-central-1a.*10\.10\.4\.0\/24.*NAT gateway nat-/);
  expect(said).toMatch(/Isolated.*eu-central-1a.*10\.10\.8\.0\/24.*no route to the internet/);
}, 400_000);

test('npm start again says that nothing changed', async () => {
  expect(await start()).toContain('Nothing changed');
}, 200_000);

test('dev, staging and production deploy, each with a network, a database and a service of its own, and say that nothing was only recorded (BB-011)', async () => {
  const said = await nx('deploy');
  expect(count(said, 'Nothing is a stub')).toBe(3);
  expect(count(said, '(no changes)')).toBe(3); // dev stands already
  const stacks = await aws.stacks();
  for (const name of NAMES) expect(stacks).toContainEqual(expect.objectContaining({ name, status: 'CREATE_COMPLETE' }));
  const networks = await aws.networks();
  expect(networks.map(({ account, cidr }) => `${account} ${cidr}`).sort()).toEqual([
    '111111111111 10.10.0.0/16',
    '222222222222 10.20.0.0/16',
    '333333333333 10.30.0.0/16',
  ]);
}, 400_000);

test('diff shows no difference afterwards (CA-030)', async () => {
  expect(count(await nx('diff'), 'Number of stacks with differences: 0')).toBe(3);
}, 200_000);

test('the service of dev answers under its name', async () => {
  const { port } = aws.aws.instance();
  const answer = await ask(port, 'guestbook.dev.groundplan.example.localhost', '/version');
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ version: '1.0.0' });
});

test('the guestbook writes to the table that migrations made, and reads it', async () => {
  const { port } = aws.aws.instance();
  const host = 'guestbook.dev.groundplan.example.localhost';
  const entry = { author: 'Ada', message: 'Hello' };
  const written = await ask(port, host, '/entries', { method: 'POST', body: JSON.stringify(entry) });
  expect(written.status).toBe(201);
  expect(JSON.parse((await ask(port, host, '/entries')).body)).toEqual([expect.objectContaining(entry)]);
});

test('destroyed, nothing of dev and staging is left; production only goes when its balancer was unlocked, and its database never', async () => {
  await expect(nx('destroy')).rejects.toThrow('deletion protection');
  await unlockBalancers('333333333333');
  // The database stays, and the network that it stands in with it.
  await expect(nx('destroy')).rejects.toThrow('DependencyViolation');
  const left = (await aws.stacks()).map(({ name }) => name).filter((name) => NAMES.includes(name));
  expect(left).toEqual(['groundplan-production-network']);
  expect((await aws.networks()).map(({ account }) => account)).toEqual(['333333333333']);
  expect((await aws.databases()).map(({ account, status }) => [account, status])).toEqual([
    ['333333333333', 'available'],
  ]);
}, 300_000);
