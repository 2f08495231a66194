import { Tier } from '@groundplan/core';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { join } from 'path';
import { ContainerSecret, Image, InitContainer } from '../src';
import { containersIn, variablesOf } from './containers';
import { groundIn, taskIn } from './environments';
import { statementsOf } from './policies';

const { PRODUCTION } = Tier;
const GUESTBOOK = join(__dirname, '../../../examples/guestbook/api');
const image = Image.fromRegistry('public.ecr.aws/docker/library/node:24-alpine');

const withInit = (init: InitContainer) => containersIn(PRODUCTION, { container: { init } });

describe('a container that runs before the application', () => {
  const { app, init } = withInit({ image, command: ['node', 'prepare.mjs'], environment: { STEP: '1' } }).containers;

  test('has to end well before the application starts', () => {
    expect(app.DependsOn).toEqual([{ ContainerName: 'init', Condition: 'SUCCESS' }]);
    expect(init).toMatchObject({ Essential: false, Command: ['node', 'prepare.mjs'] });
    expect(variablesOf(init)).toEqual({ STEP: '1' });
  });

  test('runs without rights, and writes to the same log', () => {
    expect(init).toMatchObject({
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      LogConfiguration: {
        Options: { 'awslogs-group': { Ref: expect.stringMatching(/^ReportLogs/) }, 'awslogs-stream-prefix': 'init' },
      },
    });
  });

  test('takes 128 MiB of what the application has', () => {
    expect([app.Memory, init.Memory]).toEqual([1024 - 128, 128]);
  });
});

test('its memory can be said', () => {
  const { app, init } = withInit({ image, memoryMiB: 256 }).containers;
  expect([app.Memory, init.Memory]).toEqual([768, 256]);
});

test('it runs as the user that its Dockerfile names', () => {
  expect(withInit({ image: Image.fromAsset(GUESTBOOK) }).containers.init.User).toBe('1000:1000');
});

test('its secrets come by reference, the execution role reads exactly them, and a rotation of one is known', () => {
  const ground = groundIn(PRODUCTION);
  const secret = new Secret(ground.stack, 'Master');
  const init = { image, secrets: { PGPASSWORD: ContainerSecret.fromSecret(secret, 'password') } };
  const { task, containers, stack } = containersIn(PRODUCTION, { container: { init } }, ground);
  expect(containers.init.Secrets).toEqual([{ Name: 'PGPASSWORD', ValueFrom: expect.anything() }]);
  expect(JSON.stringify(statementsOf(stack, task.executionRole))).toContain(stack.resolve(secret.secretArn).Ref);
  expect(task.injectedSecrets).toEqual([secret]);
});

test.each<[string, Partial<InitContainer>, string]>([
  [
    'a name that no shell reads',
    { environment: { '1ST': 'x' } },
    'container.init.environment.1ST must be a name of letters, digits and "_" that does not begin with a digit, got "1ST"; respell it: shells cannot read another',
  ],
  [
    'a variable that stands twice',
    {
      environment: { PGPASSWORD: 'x' },
      secrets: {
        PGPASSWORD: ContainerSecret.fromSecret(Secret.fromSecretNameV2(groundIn(PRODUCTION).stack, 'S', 's')),
      },
    },
    'container.init.environment.PGPASSWORD must be given once, got it and container.init.secrets.PGPASSWORD; leave one of them out; ECS refuses a container with both',
  ],
  [
    'a password in the clear',
    { environment: { DATABASE_URL: 'postgresql://app:hunter2@db/app' } },
    'container.init.environment.DATABASE_URL must be nothing confidential, got a secret that would stand in the task definition in the clear; ' +
      "pass it as secrets: { DATABASE_URL: ContainerSecret.fromSecret(secret, 'field') }",
  ],
  [
    'one in the command',
    { command: ['prepare', 'postgresql://app:hunter2@db/app'] },
    'container.init.command must be nothing confidential, got a secret that would stand in the task definition in the clear; ' +
      'pass it in secrets, and let the process read the variable',
  ],
  [
    'too little memory',
    { memoryMiB: 8 },
    'container.init.memoryMiB must be whole MiB, 64 or more, got 8; leave it out: less is killed under load',
  ],
])('%s is refused', (_what, init, message) => {
  expect(() => taskIn(PRODUCTION, { container: { init: { image, ...init } } })).toThrow(
    `FargateTask "Jobs/Report": ${message}`,
  );
});
