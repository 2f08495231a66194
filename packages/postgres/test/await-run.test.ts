import { Server, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What the function asks of Step Functions, and what it gets. */
const sent: { command: string; input: Record<string, string> }[] = [];
let answers: Record<string, () => object>;

jest.mock(
  '@aws-sdk/client-sfn',
  () => {
    class Command {
      constructor(readonly input: Record<string, string>) {}
    }
    return {
      StartExecutionCommand: class StartExecutionCommand extends Command {},
      DescribeExecutionCommand: class DescribeExecutionCommand extends Command {},
      SFNClient: class {
        async send(command: Command) {
          const name = command.constructor.name;
          sent.push({ command: name, input: command.input });
          return answers[name]();
        }
      },
    };
  },
  { virtual: true },
);

// eslint-disable-next-line @typescript-eslint/no-require-imports -- it is CommonJS, as Lambda loads it
const { handler } = require(join(__dirname, '../assets/await-run/index.js')) as {
  handler: (event: object) => Promise<void>;
};

const MACHINE = 'machine-of-the-migrations';
let server: Server;
let told: { headers: object; body: Record<string, unknown> }[];
let status: number;

beforeEach(async () => {
  told = [];
  sent.length = 0;
  status = 200;
  answers = { StartExecutionCommand: () => ({}), DescribeExecutionCommand: () => ({}) };
  process.env.LOG_GROUP = 'log-of-the-migrations';
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      told.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** What CloudFormation asks. */
const asked = (RequestType: string, more: object = {}) => ({
  RequestType,
  RequestId: 'request-1',
  StackId: 'stack',
  LogicalResourceId: 'Run',
  ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`,
  ResourceProperties: { StateMachine: MACHINE },
  ...more,
});

/** What EventBridge says when a run has ended. */
const ended = (state: string) => ({ detail: { executionArn: 'execution-1', status: state } });

test.each(['Create', 'Update'])('%s starts a run, and answers nothing yet', async (type) => {
  const event = asked(type);
  await handler(event);
  expect(sent).toEqual([
    {
      command: 'StartExecutionCommand',
      input: { stateMachineArn: MACHINE, name: 'request-1', input: JSON.stringify(event) },
    },
  ]);
  expect(told).toEqual([]);
});

test('Delete undoes nothing, and is answered at once', async () => {
  await handler(asked('Delete', { PhysicalResourceId: 'request-0' }));
  expect(sent).toEqual([]);
  expect(told[0].body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'request-0' });
});

test('a run that cannot be started fails the deployment with the reason', async () => {
  answers.StartExecutionCommand = () => {
    throw new Error('StateMachineDeleting');
  };
  await handler(asked('Create'));
  expect(told[0].body).toMatchObject({
    Status: 'FAILED',
    Reason: 'The run could not be started: StateMachineDeleting',
  });
});

test('the end of a run is the answer, without a content type, which is not part of the signature', async () => {
  const event = asked('Create');
  answers.DescribeExecutionCommand = () => ({ input: JSON.stringify(event) });
  await handler(ended('SUCCEEDED'));
  expect(told).toHaveLength(1);
  expect(told[0].body).toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: 'request-1',
    StackId: 'stack',
    RequestId: 'request-1',
    LogicalResourceId: 'Run',
    Data: { Execution: 'execution-1' },
  });
  expect((told[0].headers as Record<string, string>)['content-type'] ?? '').toBe('');
});

test('an update keeps the name that the first run gave', async () => {
  const event = asked('Update', { PhysicalResourceId: 'request-0' });
  answers.DescribeExecutionCommand = () => ({ input: JSON.stringify(event) });
  await handler(ended('SUCCEEDED'));
  expect(told[0].body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'request-0' });
});

test.each([
  [
    'a container that failed, and its log',
    'FAILED',
    {
      error: 'States.TaskFailed',
      cause: JSON.stringify({
        Containers: [
          { Name: 'init', ExitCode: 0 },
          { Name: 'app', ExitCode: 1, Reason: 'OutOfMemory' },
        ],
        StoppedReason: 'Essential container in task exited',
      }),
    },
    'The run failed: app ended with 1 (OutOfMemory). Its log: log-of-the-migrations',
  ],
  [
    'a task that did not start',
    'FAILED',
    {
      error: 'States.TaskFailed',
      cause: JSON.stringify({ Containers: [], StoppedReason: 'CannotPullContainerError' }),
    },
    'The run failed: CannotPullContainerError. Its log: log-of-the-migrations',
  ],
  [
    'a snapshot that failed',
    'FAILED',
    { error: 'NoSnapshot', cause: 'The snapshot failed.' },
    'The run failed: NoSnapshot: The snapshot failed. Its log: log-of-the-migrations',
  ],
  ['a timeout', 'TIMED_OUT', {}, 'The run failed: timed out. Its log: log-of-the-migrations'],
  ['a person who stopped it', 'ABORTED', {}, 'The run failed: aborted. Its log: log-of-the-migrations'],
])('the reason names %s', async (_what, state, why, reason) => {
  const event = asked('Update');
  answers.DescribeExecutionCommand = () => ({ input: JSON.stringify(event), ...why });
  await handler(ended(state));
  expect(told[0].body).toMatchObject({ Status: 'FAILED', Reason: reason });
});

test('a reason that is too long for CloudFormation is cut', async () => {
  answers.DescribeExecutionCommand = () => ({
    input: JSON.stringify(asked('Update')),
    error: 'E',
    cause: 'x'.repeat(9000),
  });
  await handler(ended('FAILED'));
  expect((told[0].body.Reason as string).length).toBe(2000);
});

test.each([
  ['no input', undefined],
  ['an input of their own', '{"reason":"drill"}'],
  ['text', 'hello'],
])('a run that a person started with %s is nobody’s answer', async (_what, input) => {
  answers.DescribeExecutionCommand = () => ({ input });
  await handler(ended('FAILED'));
  expect(told).toEqual([]);
});

test('an answer that does not arrive is an error, so that Lambda tries again', async () => {
  status = 500;
  answers.DescribeExecutionCommand = () => ({ input: JSON.stringify(asked('Create')) });
  await expect(handler(ended('SUCCEEDED'))).rejects.toThrow('CloudFormation answered with 500');
});

test('fits into a function without an asset', () => {
  const { length } = jest
    .requireActual<typeof import('node:fs')>('node:fs')
    .readFileSync(join(__dirname, '../assets/await-run/index.js'), 'utf8');
  expect(length).toBeLessThanOrEqual(4096);
});
