import { Tier } from '@groundplan/core';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SecretValue, Stack } from 'aws-cdk-lib/core';
import { ContainerLogs, ContainerSecret, FireLensOptions, Telemetry } from '../src';
import { containersIn } from './containers';
import { groundIn, runIn, taskIn } from './environments';
import { statementsOf } from './policies';

const { DEVELOPMENT, PRODUCTION } = Tier;
const options = { Name: 'http', Host: 'logs.example.com', Port: '443', tls: 'on' };
const key = (stack: Stack) => Secret.fromSecretNameV2(stack, 'Key', 'shop/logs');

/** Where lines go, with a key from a secret. */
function routed(more: Partial<FireLensOptions> = {}) {
  const ground = groundIn(PRODUCTION);
  const secret = key(ground.stack);
  const logs = ContainerLogs.toFireLens({
    options,
    secretOptions: { Header: ContainerSecret.fromSecret(secret, 'header') },
    ...more,
  });
  return { secret, ...containersIn(PRODUCTION, { container: { logs } }, ground) };
}

describe('a log router beside the application', () => {
  const { stack, task, secret, containers } = routed();
  const { app, router } = containers;

  test('is AWS’s Fluent Bit, as root since AWS starts it so, and the task ends with it', () => {
    expect(router).toMatchObject({
      Image: expect.stringMatching(/^public\.ecr\.aws\/aws-observability\/aws-for-fluent-bit:\d+\.\d+\.\d+$/),
      Essential: true,
      User: '0',
      FirelensConfiguration: { Type: 'fluentbit' },
    });
    expect(router.PortMappings).toBeUndefined();
  });

  test('gets every line of the application, which itself is nobody as before', () => {
    expect(app).toMatchObject({
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      LogConfiguration: { LogDriver: 'awsfirelens', Options: options },
    });
  });

  test('is filled from a secret by reference, which ECS reads when a task starts and the application cannot', () => {
    const { SecretOptions } = app.LogConfiguration as { SecretOptions: { Name: string; ValueFrom: unknown }[] };
    expect(SecretOptions.map(({ Name }) => Name)).toEqual(['Header']);
    expect(JSON.stringify(SecretOptions[0].ValueFrom)).toContain('secret:shop/logs:header::');
    const reading = (role: typeof task.taskRole) =>
      statementsOf(stack, role).filter(({ Action }) => `${Action}`.includes('GetSecretValue'));
    expect(reading(task.executionRole)).toHaveLength(1);
    expect(reading(task.taskRole)).toEqual([]);
    expect(task.injectedSecrets).toEqual([secret]);
  });

  test('writes what it has to say itself to the log group', () => {
    expect(router.LogConfiguration).toMatchObject({
      LogDriver: 'awslogs',
      Options: { 'awslogs-group': { Ref: expect.stringMatching(/^ReportLogs/) }, 'awslogs-stream-prefix': 'router' },
    });
  });

  test('takes 64 MiB of what the application has', () => {
    expect([app.Memory, router.Memory]).toEqual([1024 - 64, 64]);
  });

  test('may be another, with more memory', () => {
    const other = routed({ image: 'registry.example.com/fluent-bit:3.2.1', memoryMiB: 100 }).containers;
    expect(other.router).toMatchObject({ Image: 'registry.example.com/fluent-bit:3.2.1', Memory: 100 });
    expect(other.app.Memory).toBe(1024 - 100);
  });
});

test('it shares the memory with a collector', () => {
  const container = { logs: ContainerLogs.toFireLens({ options }), telemetry: Telemetry.openTelemetry() };
  const { containers } = containersIn(DEVELOPMENT, { container });
  expect(Object.values(containers).map(({ Name, Memory }) => [Name, Memory])).toEqual(
    expect.arrayContaining([
      ['app', 512 - 64 - 128],
      ['collector', 128],
      ['router', 64],
    ]),
  );
});

test('the state machine of a run goes on to write to its own log group', () => {
  const { task } = runIn(PRODUCTION, { container: { logs: ContainerLogs.toFireLens({ options }) } });
  expect(task.executionLogGroup).toBeDefined();
  expect(task.logGroup).not.toBe(task.executionLogGroup);
});

describe('bad input', () => {
  const said = (message: string) => new Error(`FargateTask "Jobs/Report": ${message}`);
  const logs = (more: Partial<FireLensOptions> = {}) => ({ logs: ContainerLogs.toFireLens({ options, ...more }) });

  test('a secret among the options', () => {
    const apikey = SecretValue.secretsManager('shop/logs').unsafeUnwrap();
    expect(() => taskIn(DEVELOPMENT, { container: logs({ options: { ...options, apikey } }) })).toThrow(
      said(
        "container.logs.options.apikey must be nothing confidential, got a secret that would stand in the task definition in the clear; pass it as secretOptions: { apikey: ContainerSecret.fromSecret(secret, 'field') }",
      ),
    );
  });

  test.each([8877, 24224])('port %d, where the router listens', (port) => {
    expect(() => taskIn(DEVELOPMENT, { port, container: logs() })).toThrow(
      `port must be another one than 8877 and 24224, with container.logs, got ${port};`,
    );
  });

  test('too little memory for it, and none left for the application: one error', () => {
    const container = { ...logs({ memoryMiB: 32 }), telemetry: Telemetry.openTelemetry({ memoryMiB: 480 }) };
    expect(() => taskIn(DEVELOPMENT, { container })).toThrow(
      /2 mistakes:\n {2}- container\.logs\.memoryMiB must be whole MiB, 64 or more, got 32[^]*\n {2}- memoryMiB must be at least 640, with 512 for/,
    );
  });
});
