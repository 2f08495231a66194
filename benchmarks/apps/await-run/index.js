// Starts a state machine for CloudFormation and tells it how the run ended. It never waits: the end of a run is an event.
const { DescribeExecutionCommand, SFNClient, StartExecutionCommand } = require('@aws-sdk/client-sfn');

const client = new SFNClient({});
const MOST_REASON = 2000; // CloudFormation takes 4096 bytes in all

exports.handler = (event) => (event.RequestType ? begin(event) : end(event.detail));

/** CloudFormation asks. */
async function begin(event) {
  // Nothing is undone: what was migrated is data.
  if (event.RequestType === 'Delete') return answer(event);
  const stateMachineArn = event.ResourceProperties.StateMachine;
  try {
    await client.send(
      new StartExecutionCommand({ stateMachineArn, name: event.RequestId, input: JSON.stringify(event) }),
    );
  } catch (error) {
    await answer(event, `The run could not be started: ${error.message}`);
  }
}

/** Step Functions says that a run has ended, of whoever started it. */
async function end({ executionArn, status }) {
  const { input, cause, error } = await client.send(new DescribeExecutionCommand({ executionArn }));
  const event = parsed(input);
  if (!event?.ResponseURL) return; // a person started it, and looks for themselves
  await answer(event, status === 'SUCCEEDED' ? undefined : why(status, error, cause), { Execution: executionArn });
}

/** One sentence of what Step Functions writes about a task that failed. */
function why(status, error, cause) {
  const task = parsed(cause);
  const failed = (task?.Containers ?? []).filter(({ ExitCode }) => ExitCode);
  const told = failed.map(
    ({ Name, ExitCode, Reason }) => `${Name} ended with ${ExitCode}${Reason ? ` (${Reason})` : ''}`,
  );
  const what =
    told.join(', ') ||
    task?.StoppedReason ||
    [error, cause].filter(Boolean).join(': ') ||
    `${status.toLowerCase().replace('_', ' ')}`;
  return `The run failed: ${what.replace(/\.$/, '')}. Its log: ${process.env.LOG_GROUP}`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function answer({ StackId, RequestId, LogicalResourceId, PhysicalResourceId, ResponseURL }, reason, Data) {
  const body = JSON.stringify({
    Status: reason ? 'FAILED' : 'SUCCESS',
    Reason: reason?.slice(0, MOST_REASON),
    PhysicalResourceId: PhysicalResourceId ?? RequestId,
    StackId,
    RequestId,
    LogicalResourceId,
    Data,
  });
  // The address is signed for a request without a content type.
  const { ok, status } = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!ok) throw new Error(`CloudFormation answered with ${status}`);
}
