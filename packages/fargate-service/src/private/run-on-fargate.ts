import { Findings } from '@groundplan/core';
import type { FargateTask } from '@groundplan/task';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  CapacityProviderStrategy,
  CfnService,
  DeploymentStrategy,
  FargatePlatformVersion,
  FargateService,
  ICluster,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceProps } from '../service-props';
import { FIXED, ServiceDefaults } from './defaults';

/** What differs between services. */
interface Running {
  readonly cluster: ICluster;
  readonly task: FargateTask;
  /** How long a task may answer badly after its start; only where a balancer asks. */
  readonly gracePeriod?: Duration;
  /** The names of the alarms that roll a deployment back. */
  readonly alarmNames: string[];
}

/** Where CDK takes the steps of a strategy. */
const STEPS: Partial<Record<DeploymentStrategy, 'canaryConfiguration' | 'linearConfiguration'>> = {
  [DeploymentStrategy.CANARY]: 'canaryConfiguration',
  [DeploymentStrategy.LINEAR]: 'linearConfiguration',
};

/** Runs a task as a service: across zones, rolled back when it fails, never with a public address. */
export function runOnFargate(scope: Construct, props: ServiceProps, running: Running, defaults: ServiceDefaults) {
  const alarmNames = [...running.alarmNames, ...(props.deployment?._alarms ?? []).map(({ alarmName }) => alarmName)];
  const shift = props.deployment?._shift;
  const exec = props.exec ?? defaults.exec;
  const service = new FargateService(scope, 'Service', {
    cluster: running.cluster,
    taskDefinition: running.task.taskDefinition,
    securityGroups: [running.task.securityGroup],
    vpcSubnets: props.subnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    assignPublicIp: false,
    platformVersion: FargatePlatformVersion.LATEST,
    capacityProviderStrategies: strategies(props, defaults),
    desiredCount: props.scaling?._fixed,
    minHealthyPercent: FIXED.minHealthyPercent,
    maxHealthyPercent: FIXED.maxHealthyPercent,
    deploymentStrategy: shift?.strategy,
    bakeTime: shift?.bakeTime,
    ...(shift?.step
      ? { [STEPS[shift.strategy]!]: { stepPercent: shift.step.percent, stepBakeTime: shift.step.bakeTime } }
      : {}),
    circuitBreaker: { enable: true, rollback: true },
    deploymentAlarms: alarmNames.length > 0 ? { alarmNames } : undefined,
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
    healthCheckGracePeriod: running.gracePeriod,
    enableExecuteCommand: exec && running.cluster.executeCommandConfiguration !== undefined,
    propagateTags: PropagatedTagSource.SERVICE,
    enableECSManagedTags: true,
  });
  // A task that starts before ECS may pull its image fails, and the deployment with it.
  service.node.addDependency(running.task.executionRole);
  if (exec) openToShells(scope, service, running);
  return service;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions */
const SHELLS = ['Create', 'Open'].flatMap((verb) =>
  ['Control', 'Data'].map((kind) => `ssmmessages:${verb}${kind}Channel`),
);

/**
 * Lets people open shells. They are recorded as the cluster says; where it says nothing ECS records them in the log group of
 * the task, and the L2, without a feature flag, would let the application write every log group of the account.
 */
function openToShells(scope: Construct, service: FargateService, { cluster, task }: Running): void {
  const { executeCommandConfiguration } = cluster;
  if (!executeCommandConfiguration) {
    (service.node.defaultChild as CfnService).enableExecuteCommand = true;
    for (const actions of [SHELLS, ['logs:DescribeLogGroups']])
      task.taskRole.addToPrincipalPolicy(new PolicyStatement({ actions, resources: ['*'] }));
    task.logGroup.grant(task.taskRole, 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents');
    return;
  }
  const recorded = executeCommandConfiguration.logConfiguration?.cloudWatchLogGroup;
  if (!recorded) return;
  // A recorded shell writes streams of one log group, whose names nobody knows before.
  const streams = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${recorded.logGroupRef.logGroupName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  Findings.acknowledge(
    task.taskRole,
    [Findings.wildcard(scope, streams)],
    'What is typed into shells of ECS Exec is recorded in streams of this one log group. exec: false takes the shells away.',
  );
}

function strategies({ capacity }: ServiceProps, defaults: ServiceDefaults): CapacityProviderStrategy[] {
  const base = capacity ? capacity._onDemandBase : defaults.spot ? defaults.onDemandBase : undefined;
  if (base === undefined) return [{ capacityProvider: 'FARGATE', weight: 1 }];
  const spot = { capacityProvider: 'FARGATE_SPOT', weight: 1 };
  // Weight 0 with a base: these many, and no more.
  return base === 0 ? [spot] : [{ capacityProvider: 'FARGATE', weight: 0, base }, spot];
}
