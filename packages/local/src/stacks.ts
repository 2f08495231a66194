import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { AwsEnvironment, knownEnvironments } from './environments';
import { ExpectedFailure } from '@groundplan/engines';
import { LocalAws } from './local-aws';

/** A stack that CloudFormation of the local AWS knows. */
export interface StackSummary extends AwsEnvironment {
  readonly name: string;
  readonly status: string;
  readonly reason?: string;
}

/** Every stack that stands, in all environments that were deployed to. */
export async function listStacks(aws: LocalAws, environments = knownEnvironments(aws)): Promise<StackSummary[]> {
  const all = await Promise.all(environments.map((environment) => stacksOf(aws, environment)));
  return all.flat();
}

/** A deployment that was interrupted goes on without the one who asked for it, as on AWS: this waits for its end. */
export async function untilSettled(
  aws: LocalAws,
  environments: AwsEnvironment[],
  names: string[],
  progress: (text: string) => void = () => undefined,
  patienceSeconds = 600,
): Promise<void> {
  for (const end = Date.now() + patienceSeconds * 1000; ;) {
    const stacks = await listStacks(aws, environments);
    // A stack in review is a change set that was never executed: nothing moves it, and the next deployment takes it over.
    const moving = stacks.filter(
      ({ name, status }) => names.includes(name) && status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS',
    );
    if (moving.length === 0) return;
    const what = moving.map(({ name, status }) => `${name} (${status})`).join(', ');
    if (Date.now() > end)
      throw new ExpectedFailure(
        `an interrupted deployment did not come to an end within ${patienceSeconds} s: ${what}; look at it with "groundplan local logs", or forget everything with "groundplan local reset"`,
        1,
      );
    progress(`waiting for an interrupted deployment: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function stacksOf(aws: LocalAws, environment: AwsEnvironment): Promise<StackSummary[]> {
  const client = new CloudFormationClient(aws.clientConfig(environment.account, environment.region));
  try {
    const stacks: StackSummary[] = [];
    for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
      for (const { StackName, StackStatus, StackStatusReason } of Stacks)
        if (StackStatus !== 'DELETE_COMPLETE')
          stacks.push({
            ...environment,
            name: StackName!,
            status: StackStatus!,
            reason: StackStatusReason || undefined,
          });
    return stacks;
  } finally {
    client.destroy();
  }
}
