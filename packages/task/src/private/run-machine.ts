import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  Chain,
  CustomState,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FargateTask } from '../fargate-task';
import { LeastPrivilegeRole } from './least-privilege-role';

/** What is run, where and for how long. */
interface Run {
  readonly task: FargateTask;
  readonly cluster: ICluster;
  readonly subnetIds: string[];
  readonly timeout: Duration;
  readonly preparation?: Chain;
  readonly logGroup: LogGroup;
}

/**
 * How Step Functions says that no task was started: there was no capacity or the call was throttled
 * (https://repost.aws/knowledge-center/ecs-fargate-runtask-capacity), or ECS answered with `Failures`
 * (https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html). `ECS.ServerException` leaves open whether one
 * was, and `States.TaskFailed` says that one was: a second run is then a person's to decide.
 */
const NOT_STARTED = ['ECS.AmazonECSException', 'ECS.ThrottlingException', 'AmazonECS.Unknown'];

/** Seven attempts over about eight minutes, spread so that many tasks do not come back at once. */
const RETRY = {
  ErrorEquals: NOT_STARTED,
  IntervalSeconds: 15,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  MaxAttempts: 6,
  JitterStrategy: 'FULL',
};

/**
 * A state machine that runs a task, waits for its end, and ends as it did.
 *
 * Through a custom state: CDK's own for RunTask lets the machine stop and describe every task of the account, and leaves
 * out the permission to propagate tags.
 */
export function runMachine(scope: Construct, run: Run): StateMachine {
  const { task, cluster } = run;
  const stack = Stack.of(scope);
  const role = new LeastPrivilegeRole(scope, 'StateMachineRole', {
    description: 'Step Functions, to run the task',
    service: 'states.amazonaws.com',
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
  });
  for (const statement of statements(stack, run)) role.addToPrincipalPolicy(statement);
  const runTask = new CustomState(scope, 'Run', {
    stateJson: {
      Type: 'Task',
      // Waits for the end: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
      Resource: stack.formatArn({
        service: 'states',
        region: '',
        account: '',
        resource: 'ecs',
        resourceName: 'runTask.sync',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      Parameters: {
        Cluster: cluster.clusterArn,
        TaskDefinition: task.taskDefinition.taskDefinitionArn,
        LaunchType: 'FARGATE',
        PlatformVersion: 'LATEST',
        PropagateTags: 'TASK_DEFINITION',
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            Subnets: run.subnetIds,
            SecurityGroups: [task.securityGroup.securityGroupId],
            AssignPublicIp: 'DISABLED',
          },
        },
      },
      Retry: [RETRY],
    },
  });
  return new StateMachine(scope, 'StateMachine', {
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromChainable(run.preparation?.next(runTask) ?? runTask),
    role,
    timeout: run.timeout,
    tracingEnabled: true,
    logs: { destination: run.logGroup, level: LogLevel.ALL, includeExecutionData: true },
  });
}

/** Tasks get their ids when they are started: what may be done to them is narrowed by conditions. */
export function tasksOf(stack: Stack): string {
  return stack.formatArn({ service: 'ecs', resource: 'task', resourceName: '*' });
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
function statements(stack: Stack, { task, cluster }: Run): PolicyStatement[] {
  const { taskDefinition, taskRole, executionRole } = task;
  const conditions = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
  const tasks = tasksOf(stack);
  return [
    new PolicyStatement({ actions: ['ecs:RunTask'], resources: [taskDefinition.taskDefinitionArn], conditions }),
    new PolicyStatement({ actions: ['ecs:StopTask', 'ecs:DescribeTasks'], resources: [tasks], conditions }),
    // Tags that are propagated, as part of the call that is allowed above: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    new PolicyStatement({
      actions: ['ecs:TagResource'],
      resources: [tasks],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [taskRole.roleArn, executionRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
    // The rule that tells Step Functions of the end: https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
    new PolicyStatement({
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [
        stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForECSTaskRule' }),
      ],
    }),
  ];
}
