import { Environment, Findings } from '@groundplan/core';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, ExecuteCommandLogging } from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { acknowledgeExecLogs } from './private/acknowledgements';
import type { Construct } from 'constructs';
import { DEFAULTS } from './private/defaults';

/** What a cluster is. */
export interface FargateClusterProps {
  /** The network that its services stand in. */
  readonly vpc: IVpc;
  /**
   * What Container Insights records; AWS charges for each metric.
   *
   * @default by tier: clusters and services; in staging and production tasks and containers too
   */
  readonly containerInsights?: ContainerInsights;
}

/**
 * A cluster for tasks and services on Fargate, with both capacity providers and Container Insights by tier. It costs nothing
 * by itself, and any number of tasks and services may share one.
 *
 * @example
 * import { FargateCluster } from '@groundplan/task';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Jobs');
 * new FargateCluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc') });
 */
export class FargateCluster extends Cluster {
  /** Where everything is recorded that somebody types into a shell of ECS Exec, and what it answers. */
  public readonly execLogGroup: LogGroup;

  constructor(scope: Construct, id: string, props: FargateClusterProps) {
    const defaults = DEFAULTS[Environment.of(scope).tier];
    const byTier = defaults.insights === 'enhanced' ? ContainerInsights.ENHANCED : ContainerInsights.ENABLED;
    const { containerInsights = byTier, vpc } = props;
    // Beside the cluster and not below it: a cluster wants to know it before it stands.
    const execLogGroup = new LogGroup(scope, `${id}ExecLogs`, {
      retention: defaults.logRetentionDays,
      removalPolicy: defaults.retainLogs ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      vpc,
      containerInsightsV2: containerInsights,
      enableFargateCapacityProviders: true,
      executeCommandConfiguration: {
        logging: ExecuteCommandLogging.OVERRIDE,
        logConfiguration: { cloudWatchLogGroup: execLogGroup },
      },
    });
    this.execLogGroup = execLogGroup;
    acknowledgeExecLogs(execLogGroup);
    if (containerInsights === ContainerInsights.ENHANCED)
      Findings.acknowledge(
        this.node.defaultChild!,
        ['cdk-validator-cfnguard::ecs_container_insights_enabled_check'],
        'Container Insights is on, enhanced: the rule knows only the older value.',
      );
  }
}
