import * as fs from 'fs';
import * as net from 'net';
import * as path from 'path';
import {
  App,
  CfnResource,
  CustomResource,
  Duration,
  Stack,
  aws_cloudwatch as cloudwatch,
  aws_lambda as lambda,
  aws_sqs as sqs,
} from 'aws-cdk-lib';
import { Groundplan } from './groundplan-process';

const env = { account: '333333333333', region: 'us-west-2' };

let groundplan: Groundplan;
beforeAll(async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  groundplan = new Groundplan({
    GROUNDPLAN_LOCAL_PORT: String(port),
    GROUNDPLAN_LOCAL_ACCOUNT: env.account,
    GROUNDPLAN_LOCAL_REGION: env.region,
  });
});
afterAll(() => groundplan.end(), 30_000);

/** A resource that is made when a file says so: the deployment can be interrupted meanwhile. */
const SLOW = `
const { existsSync } = require('fs');
const http = require('http');
exports.handler = (event) => new Promise((done) => {
  const { StackId, RequestId, LogicalResourceId, ResponseURL, ResourceProperties } = event;
  const timer = setInterval(() => {
    if (!existsSync(ResourceProperties.whenExists)) return;
    clearInterval(timer);
    const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'slow', StackId, RequestId, LogicalResourceId });
    http.request(ResponseURL, { method: 'PUT', headers: { 'content-length': body.length } }, done).end(body);
  }, 100);
});`;

function synth(name: string, build: (stack: Stack) => void, env?: { account: string; region: string }): string {
  const outdir = path.join(groundplan.folder, `${name}.out`);
  fs.rmSync(outdir, { recursive: true, force: true });
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  build(new Stack(app, name, { env }));
  return app.synth().directory;
}

const deploy = (assembly: string) =>
  ['local', 'run', '--'].concat(['cdk', 'deploy', '--app', assembly, '--all', '--require-approval', 'never']);

describe('groundplan local run', () => {
  const queue = (stack: Stack) => void new sqs.Queue(stack, 'Queue');

  test('starts the local AWS, bootstraps what the app names, and deploys with the real CLI', async () => {
    const { code, stderr } = await groundplan.run(deploy(synth('Queue', queue, env)));
    expect(stderr).toMatch(/Local AWS: started/);
    expect(stderr).toMatch(/bootstrapped 1 of 333333333333\/us-west-2/);
    expect(stderr).toMatch(/Nothing is a stub: .*Deployed to the local AWS in [\d.]+ s\./s);
    expect(code).toBe(0);
  }, 180_000);

  test('finds it running and bootstrapped the second time, and the CLI finds nothing to change', async () => {
    const { output } = await groundplan.run(deploy(synth('Queue', queue, env)));
    expect(output).toMatch(/Local AWS: was running.*bootstrapped before.*Queue \(no changes\)/s);
  }, 180_000);

  test('names each resource that is a stub, and so does status', async () => {
    const assembly = synth(
      'Stubbed',
      (stack) => {
        const metric = { metricName: 'Errors', namespace: 'Test', stat: 'Sum' };
        new cloudwatch.CfnAnomalyDetector(stack, 'Detector', metric);
      },
      env,
    );
    const { code, stderr } = await groundplan.run(deploy(assembly));
    const listed = /1 resource is a stub.*AWS::CloudWatch::AnomalyDetector Detector \(stack Stubbed\)/s;
    expect([code, stderr]).toEqual([0, expect.stringMatching(listed)]);
    expect((await groundplan.run(['local', 'status'])).stdout).toMatch(listed);

    const { condition, stacks, stubs } = JSON.parse((await groundplan.run(['local', 'status', '--json'])).stdout);
    expect(condition).toBe('running');
    expect(stacks).toContainEqual({ ...env, name: 'Queue', status: 'CREATE_COMPLETE' });
    expect(stubs).toMatchObject([{ ...env, kind: 'stub', logicalId: 'Detector', stack: 'Stubbed' }]);
  }, 180_000);

  test('gives any command the environment of the local AWS, its own words and its exit code', async () => {
    const script = 'console.log(process.env.AWS_ENDPOINT_URL, process.argv[1]); process.exit(7)';
    const { code, stdout } = await groundplan.run(['local', 'run', '--', 'node', '-e', script, '--', '--port']);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+ --port$/m);
    expect(code).toBe(7);
  }, 20_000);

  test('says that a command does not exist', async () => {
    const { code, stderr } = await groundplan.run(['local', 'run', '--', 'no-such-command']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('"no-such-command" is not a command that was found')]);
  }, 20_000);

  test('synthesizes an app that is not an assembly yet, and takes it to its own account when it names none', async () => {
    const main = path.join(groundplan.folder, 'app.js');
    const lib = path.dirname(require.resolve('aws-cdk-lib/package.json'));
    fs.writeFileSync(
      main,
      `const { App, Stack } = require('${lib}'); new Stack(new App(), 'Agnostic').addMetadata('a', 1);`,
    );
    const { code, output } = await groundplan.run(['local', 'run', '--', 'cdk', 'diff', '--app', `node ${main}`]);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/333333333333\/us-west-2, bootstrapped before.*Stack Agnostic/s),
    ]);
  }, 180_000);

  test('ends with the code of a deployment that failed', async () => {
    const assembly = synth('Unknown', (stack) => {
      new CfnResource(stack, 'Resource', { type: 'AWS::Nothing::Here' });
    });
    const { code, output } = await groundplan.run(deploy(assembly));
    expect(output).toContain('AWS::Nothing::Here');
    expect(output).not.toMatch(/Deployed to the local AWS/);
    expect(code).toBe(1);
  }, 180_000);

  test('goes on with a deployment that Ctrl-C interrupted', async () => {
    const whenExists = path.join(groundplan.folder, 'go-on');
    const assembly = synth('Slow', (stack) => {
      const handler = new lambda.Function(stack, 'Handler', {
        runtime: lambda.Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline(SLOW),
        timeout: Duration.minutes(2),
      });
      new CustomResource(stack, 'Resource', {
        serviceToken: handler.functionArn,
        resourceType: 'Custom::Slow',
        properties: { whenExists },
      });
    });
    const first = groundplan.start(deploy(assembly));
    await first.says(/CREATE_IN_PROGRESS.*Custom::Slow/);
    first.interrupt();
    expect((await first.ended()).code).not.toBe(0);

    const second = groundplan.start(deploy(assembly));
    await second.says(/waiting for an interrupted deployment: Slow \(CREATE_IN_PROGRESS\)/);
    fs.writeFileSync(whenExists, '');
    const { code, output } = await second.ended();
    expect([code, output]).toEqual([0, expect.stringContaining('Slow (no changes)')]);
  }, 180_000);
});
