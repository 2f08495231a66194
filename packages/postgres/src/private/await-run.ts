import { Findings } from '@groundplan/core';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as Handler, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { readFileSync } from 'fs';
import { acknowledgeAwaiting } from './acknowledgements';

/** A run that CloudFormation waits for. */
export interface AwaitedRun {
  readonly stateMachine: StateMachine;
  /** Where one reads why it failed. */
  readonly logGroup: LogGroup;
  readonly timeout: Duration;
  readonly logDays: number;
  /** The file that the function runs. */
  readonly program: string;
  /** Whatever changes one of these runs again. */
  readonly properties: { [name: string]: string };
}

/** What is left for CloudFormation and the events around a run. */
const MARGIN = Duration.minutes(4);

/**
 * Has CloudFormation run a state machine and wait for its end.
 *
 * CloudFormation waits for nothing but an answer to a custom resource, so there is one, with one function of a few lines: it
 * starts the execution and ends; an event says that the execution has ended, and the same function answers. Nothing waits in
 * between, so nothing is paid for waiting, and an execution that somebody stops is answered too.
 */
export function awaitRun(scope: Construct, run: AwaitedRun): CustomResource {
  const { stateMachine, timeout } = run;
  const logGroup = new LogGroup(scope, 'AwaitLogs', { retention: run.logDays, removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(scope, 'AwaitRole', {
    description: 'The function that starts migrations for CloudFormation',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  const executions = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const policy = new ManagedPolicy(scope, 'AwaitPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] }),
      new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] }),
    ],
  });
  const handler = new Handler(scope, 'Await', {
    description: `Starts ${stateMachine.node.path} for CloudFormation, and answers when it has ended`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 256,
    timeout: Duration.seconds(60),
    handler: 'index.handler',
    code: Code.fromInline(readFileSync(run.program, 'utf8')),
    role,
    logGroup,
    environment: { LOG_GROUP: run.logGroup.logGroupName },
  });
  const rule = new Rule(scope, 'Ended', {
    description: `A run of ${stateMachine.node.path} has ended`,
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [stateMachine.stateMachineArn],
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
    targets: [new LambdaFunction(handler)],
  });
  const resource = new CustomResource(scope, 'Run', {
    serviceToken: handler.functionArn,
    resourceType: 'Custom::DatabaseMigration',
    serviceTimeout: timeout.plus(MARGIN),
    properties: { StateMachine: stateMachine.stateMachineArn, ...run.properties },
  });
  resource.node.addDependency(policy, rule);
  acknowledgeAwaiting({ handler, policy, logGroup, rule, resource, executions: Findings.wildcard(scope, executions) });
  return resource;
}
