import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { Environment, Tier } from '@groundplan/core';
import { TestAws } from '@groundplan/local';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { FargateCluster, Image, OneOffTask, ScheduledTask } from '../src';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const NODE = Image.fromRegistry('public.ecr.aws/docker/library/node:22');

let aws: TestAws;
let scratch: string;
let outputs: Record<string, string>;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'groundplan-task-'));
  aws = await TestAws.start();
}, 300_000);
afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

/** One task that ends well, one that does not, one that nobody can pull, one that hangs, and one by the clock. */
function synth(): string {
  const app = new App({ outdir: mkdtempSync(join(scratch, 'cdk.out-')) });
  const { target } = Environment.define(app, {
    project: 'shop',
    name: 'dev',
    tier: Tier.DEVELOPMENT,
    account: ACCOUNT,
    region: REGION,
    zones: [`${REGION}a`, `${REGION}b`],
    tags: { Owner: 'team-shop', CostCenter: '4711' },
  });
  const stack = new Stack(app, 'Jobs', { env: target });
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });
  const cluster = new FargateCluster(stack, 'Cluster', { vpc });
  new CfnOutput(stack, 'ClusterName', { value: cluster.clusterName });
  const running = (script: string) => ({
    vpc,
    cluster,
    environment: { TABLE: 'guests' },
    container: { command: ['node', '-e', script] },
  });
  const named = (made: OneOffTask) => {
    new CfnOutput(stack, `${made.node.id}Machine`, { value: made.stateMachine.stateMachineArn });
    new CfnOutput(stack, `${made.node.id}Logs`, { value: made.logGroup.logGroupName });
    new CfnOutput(stack, `${made.node.id}ExecutionLogs`, { value: made.executionLogGroup.logGroupName });
  };
  const task = (id: string, script: string, image = NODE, timeout?: Duration) =>
    named(new OneOffTask(stack, id, { ...running(script), image, timeout }));
  task('Migration', 'console.log("migrating " + process.env.TABLE); setTimeout(() => console.log("migrated"), 300)');
  task('Broken', 'console.error("no such table"); process.exit(3)');
  task('Unknown', '', Image.fromRegistry('registry.example.com/jobs:1.0.0'));
  task('Hanging', 'console.log("waiting"); setInterval(() => {}, 1000)', NODE, Duration.seconds(3));
  const schedule = ScheduleExpression.rate(Duration.minutes(1));
  named(new ScheduledTask(stack, 'Report', { ...running('console.log("reported")'), image: NODE, schedule }));
  return app.synth().directory;
}

interface Execution {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Step Functions speaks JSON, and few questions are asked. */
async function states<Answer>(action: string, body: object): Promise<Answer> {
  const scope = `${ACCOUNT}/20260101/${REGION}/states/aws4_request`;
  const response = await fetch(aws.client(ACCOUNT, REGION).endpoint, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${action}`,
    },
  });
  if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Runs a task, and answers how its execution ended. */
async function run(id: string): Promise<Execution> {
  const stateMachineArn = outputs[`${id}Machine`];
  const { executionArn } = await states<{ executionArn: string }>('StartExecution', { stateMachineArn });
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const execution = await states<Execution>('DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${id} did not end in time`);
}

async function said(id: string, kind = 'Logs'): Promise<(string | undefined)[]> {
  const logs = new CloudWatchLogsClient(aws.client(ACCOUNT, REGION));
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: outputs[`${id}${kind}`] }));
  return events.map(({ message }) => message);
}

async function runningTasks(): Promise<(string | undefined)[]> {
  const ecs = new ECSClient(aws.client(ACCOUNT, REGION));
  const cluster = outputs.ClusterName;
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  return tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').map(({ taskArn }) => taskArn);
}

const deploy = async (assembly: string) => {
  const { code, stdout, stderr } = await aws.deploy(assembly);
  const said = stdout + stderr;
  expect([code, code === 0 ? '' : said]).toEqual([0, '']);
  return said;
};

// One story, told in order: each test begins where the one before it ended.
describe('tasks on the local AWS', () => {
  const assembly = () => (synthesized ??= synth());
  let synthesized: string | undefined;

  test('deploy, and nothing runs yet', async () => {
    await deploy(assembly());
    const cloudFormation = new CloudFormationClient(aws.client(ACCOUNT, REGION));
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'Jobs' }));
    outputs = Object.fromEntries(stack.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
    expect(await runningTasks()).toEqual([]);
    expect(aws.stubs()).toEqual([]);
  }, 180_000);

  test('run when somebody starts them, and the execution ends as the process does', async () => {
    const { status, output } = await run('Migration');
    expect([status, JSON.parse(output!)]).toMatchObject([
      'SUCCEEDED',
      { LastStatus: 'STOPPED', Containers: [{ ExitCode: 0 }], StartedBy: 'AWS Step Functions' },
    ]);
    expect(await said('Migration')).toEqual(['migrating guests', 'migrated']);
    const events = (await said('Migration', 'ExecutionLogs')).map((it) => (JSON.parse(it!) as { type: string }).type);
    expect([events[0], events.at(-1)]).toEqual(['ExecutionStarted', 'ExecutionSucceeded']);
  }, 60_000);

  test('fail with the exit code and the last words of the process', async () => {
    const { status, error, cause } = await run('Broken');
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(cause!)).toMatchObject({
      Containers: [{ ExitCode: 3 }],
      StopCode: 'EssentialContainerExited',
      StoppedReason: expect.stringContaining('no such table') as string,
    });
    expect(await said('Broken')).toEqual(['no such table']);
  }, 60_000);

  test('fail with the reason when the image cannot be pulled', async () => {
    const { status, cause } = await run('Unknown');
    expect(status).toBe('FAILED');
    expect(JSON.parse(cause!)).toMatchObject({
      StopCode: 'TaskFailedToStart',
      StoppedReason: expect.stringContaining('CannotPullContainerError') as string,
    });
  }, 60_000);

  test('are stopped when their time is up', async () => {
    expect(await run('Hanging')).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(await said('Hanging')).toEqual(['waiting']);
    for (const end = Date.now() + 10_000; Date.now() < end && (await runningTasks()).length > 0;)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await runningTasks()).toEqual([]);
  }, 60_000);

  test('start by the clock', async () => {
    const machine = { stateMachineArn: outputs.ReportMachine };
    for (const end = Date.now() + 90_000; Date.now() < end;) {
      const { executions } = await states<{ executions: Execution[] }>('ListExecutions', machine);
      if (executions.some(({ status }) => status !== 'RUNNING')) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await said('Report')).toEqual(['reported']);
    expect(aws.notes().find(({ type }) => type === 'AWS::Scheduler::Schedule')?.note).toMatch(/^starts its target by/);
  }, 120_000);

  test('stay as they are when nothing changed, run again, and are gone when destroyed', async () => {
    expect(await deploy(synth())).toContain('no changes');
    expect(await run('Migration')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await aws.destroy(assembly())).toMatchObject({ code: 0 });
    expect(await aws.stacks()).toEqual(expect.not.arrayContaining([expect.objectContaining({ name: 'Jobs' })]));
    const { stateMachines } = await states<{ stateMachines: unknown[] }>('ListStateMachines', {});
    expect(stateMachines).toEqual([]);
  }, 180_000);
});
