import { Findings } from '@groundplan/core';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import type { ContainerOptions } from '../container-options';
import type { FargateTask } from '../fargate-task';
import type { OneOffTask } from '../one-off-task';
import type { ScheduledTask } from '../scheduled-task';
import type { LeastPrivilegeRole } from './least-privilege-role';
import { tasksOf } from './run-machine';

/** Acknowledges what rules find in every task and cannot be otherwise, each where it is found. */
export function acknowledgeTask(task: FargateTask, container: ContainerOptions, retentionDays: number): void {
  const definition = task.taskDefinition.node.defaultChild!;
  if (container.user?.rootBecause)
    Findings.acknowledge(
      definition,
      ['cdk-validator-cfnguard::ecs_task_definition_nonroot_user_check'],
      `ContainerUser.root says why: ${container.user.rootBecause}`,
    );
  if (container.logs?._fireLens)
    Findings.acknowledge(
      definition,
      [
        'cdk-validator-cfnguard::ecs_task_definition_nonroot_user_check',
        'cdk-validator-cfnguard::ecs_containers_readonly_access_check',
      ],
      'The log router of ContainerLogs.toFireLens makes its socket and its configuration as root. The application beside it does not run as root.',
    );
  if (container.readOnlyRoot === false)
    Findings.acknowledge(
      definition,
      ['cdk-validator-cfnguard::ecs_containers_readonly_access_check'],
      'container: { readOnlyRoot: false } says that the process writes beside /tmp. Without it the root file system is read-only.',
    );
  acknowledgeLogs(task.logGroup, container, retentionDays);
}

/** Acknowledges that there are plain variables. The same twice is the same once. */
export function acknowledgeEnvironment(task: FargateTask): void {
  Findings.acknowledge(
    task.taskDefinition.node.defaultChild!,
    ['AwsSolutions-ECS2'],
    'The variables of environment are no secrets: synthesis refuses what resolves to one, and what is confidential goes through secrets, by reference.',
  );
}

/** Acknowledges what rules find in every run and cannot be otherwise. */
export function acknowledgeRun(run: OneOffTask, container: ContainerOptions, retentionDays: number): void {
  acknowledgeLogs(run.executionLogGroup, container, retentionDays);
  const stack = Stack.of(run);
  const { policy } = run.stateMachine.role as LeastPrivilegeRole;
  Findings.acknowledge(
    policy!.node.defaultChild!,
    [`AwsSolutions-IAM5[Resource::${asFound(stack.resolve(tasksOf(stack)))}]`],
    'A task gets its id when it is started. Conditions narrow the statements to the tasks of one cluster, and to what this role started.',
  );
  Findings.acknowledge(
    run.stateMachine.node.defaultChild!,
    ['cfn-lint::W3005'],
    'CDK makes a state machine wait for its role together with the policies of the role; the policies are what it is for.',
  );
}

/** Acknowledges what rules find in every schedule and cannot be otherwise. */
export function acknowledgeSchedule(schedule: ScheduledTask): void {
  Findings.acknowledge(
    schedule.deadLetterQueue.node.defaultChild!,
    ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy', 'cdk-validator-cfnguard::sqs_dlq_check'],
    'It is a dead-letter queue itself: of a schedule, where these rules do not look.',
  );
  Findings.acknowledge(
    schedule.deadLetterQueue.node.defaultChild!,
    ['checkov::CKV_AWS_27'],
    'SQS encrypts with its own key. What stands in the queue is the name of the task that did not start, and why.',
  );
}

/** Acknowledges what rules find where shells of ECS Exec are recorded. */
export function acknowledgeExecLogs(logGroup: LogGroup): void {
  Findings.acknowledge(
    logGroup.node.defaultChild!,
    [...UNENCRYPTED, SHORT],
    'Shells are recorded under the key of CloudWatch Logs, for as long as other logs are kept. Pass a cluster of yours with executeCommandConfiguration where they are evidence.',
  );
}

const UNENCRYPTED = [
  ...Findings.standards('CloudWatchLogGroupEncrypted'),
  'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check',
  'checkov::CKV_AWS_158',
];
const SHORT = 'cdk-validator-cfnguard::cloudwatch_log_group_retention_period_check';

function acknowledgeLogs(logGroup: LogGroup, container: ContainerOptions, retentionDays: number): void {
  if (!container.logs?._cloudWatch.encryptionKey)
    Findings.acknowledge(
      logGroup.node.defaultChild!,
      UNENCRYPTED,
      'CloudWatch Logs encrypts with its own key. Pass container: { logs: ContainerLogs.toCloudWatch({ encryptionKey }) } for a key of yours.',
    );
  if (retentionDays < 365)
    Findings.acknowledge(
      logGroup.node.defaultChild!,
      [SHORT],
      'Logs answer questions about the last weeks. Pass container: { logs: ContainerLogs.toCloudWatch({ retention: RetentionDays.ONE_YEAR }) } where they are evidence.',
    );
}

/** An ARN as cdk-nag writes it into a finding: `arn:<AWS::Partition>:…`. */
function asFound(arn: string | { readonly 'Fn::Join': [string, (string | { readonly Ref: string })[]] }): string {
  if (typeof arn === 'string') return arn;
  return arn['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}
