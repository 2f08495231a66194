import { Findings } from '@groundplan/core';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ServiceDefaults } from './defaults';
import { ownLogGroup } from './own-log-group';

/** How long it waits for other secrets to be rotated too, before it restarts once for all of them. */
const SETTLE_SECONDS = 60;

/**
 * Restarts a service when one of its secrets was rotated: ECS reads secrets when a task starts and never again
 * (aws/containers-roadmap#495). Events and Step Functions do it; there is no function of ours. It stands from the first secret on.
 */
export class RotationRestart {
  private readonly watched = new Set<ISecret>();
  private rule?: Rule;

  constructor(
    private readonly scope: Construct,
    private readonly service: FargateService,
    private readonly defaults: ServiceDefaults,
  ) {}

  /** Watches secrets that it does not watch yet. */
  public watch(secrets: readonly ISecret[]): void {
    for (const secret of secrets.filter((it) => !this.watched.has(it))) {
      this.watched.add(secret);
      this.rule ??= this.build();
      // Of an imported secret the last six characters may not be known.
      const id = secret.secretFullArn ?? Match.prefix(`${secret.secretArn}-`);
      this.rule.addEventPattern({ detail: { additionalEventData: { SecretId: [id].flat() } } });
    }
  }

  private build(): Rule {
    const place = new Construct(this.scope, 'RotationRestart');
    const machine = this.machine(place);
    const role = new Role(place, 'RuleRole', {
      description: 'EventBridge, to restart a service',
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    new ManagedPolicy(place, 'RulePolicy', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] })],
    });
    const rule = new Rule(place, 'Rule', {
      description: `Restarts ${this.scope.node.path} after a rotation`,
      // https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
      eventPattern: {
        source: ['aws.secretsmanager'],
        detailType: ['AWS Service Event via CloudTrail'],
        detail: { eventName: ['RotationSucceeded'] },
      },
      targets: [new SfnStateMachine(machine, { role: role.withoutPolicyUpdates() })],
    });
    Findings.acknowledge(
      rule.node.defaultChild!,
      ['Serverless-EventBusDLQ'],
      'EventBridge tries for 24 hours to start the state machine; an event that is older needs no restart any more, since tasks come and go.',
    );
    return rule;
  }

  /** Waits, and restarts unless somebody did so meanwhile: of many rotations at once the first one restarts for all. */
  private machine(place: Construct): StateMachine {
    const { cluster, serviceName, serviceArn } = this.service;
    const sdk = (action: string) => `arn:${Aws.PARTITION}:states:::aws-sdk:ecs:${action}`;
    const logGroup = ownLogGroup(place, 'Logs', this.defaults, 'names of a service, no secret');
    const role = new Role(place, 'Role', {
      description: 'Step Functions, to restart a service',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    const policy = new ManagedPolicy(place, 'Policy', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['ecs:DescribeServices', 'ecs:UpdateService'], resources: [serviceArn] }),
      ],
    });
    const machine = new StateMachine(place, 'StateMachine', {
      comment: `Restarts ${this.scope.node.path} after a rotation`,
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
      definitionBody: DefinitionBody.fromString(
        Stack.of(place).toJsonString({
          StartAt: 'Settle',
          States: {
            Settle: { Type: 'Wait', Seconds: SETTLE_SECONDS, Next: 'Look' },
            Look: {
              Type: 'Task',
              Resource: sdk('describeServices'),
              Parameters: { Cluster: cluster.clusterArn, Services: [serviceName] },
              ResultSelector: {
                'deployedAt.$': '$.Services[0].Deployments[0].CreatedAt',
                'rotatedAt.$': '$$.Execution.StartTime',
              },
              Next: 'Since',
            },
            Since: {
              Type: 'Choice',
              Choices: [{ Variable: '$.deployedAt', TimestampGreaterThanPath: '$.rotatedAt', Next: 'Done' }],
              Default: 'Restart',
            },
            Restart: {
              Type: 'Task',
              Resource: sdk('updateService'),
              Parameters: { Cluster: cluster.clusterArn, Service: serviceName, ForceNewDeployment: true },
              ResultPath: null,
              Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 30, MaxAttempts: 5, BackoffRate: 2 }],
              Next: 'Done',
            },
            Done: { Type: 'Succeed' },
          },
        }),
      ),
    });
    // What a state machine needs to write a log and a trace: AWS takes no resource for either.
    const telemetry = new ManagedPolicy(place, 'TelemetryPolicy', {
      roles: [role],
      statements: [new PolicyStatement({ actions: [...LOG_DELIVERY, ...TRACES], resources: ['*'] })],
    });
    machine.node.addDependency(policy, telemetry);
    Findings.acknowledge(
      telemetry.node.defaultChild!,
      ['AwsSolutions-IAM5[Resource::*]'],
      'AWS takes no resource for the delivery of logs and traces: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy',
    );
    Findings.acknowledge(
      machine.node.defaultChild!,
      ['cfn-lint::W3005'],
      'A state machine that is made waits for its role together with the policies of the role; the policies are what it is for.',
    );
    return machine;
  }
}

const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];
const TRACES = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];
