import { CfnScalingPolicy, ScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AutomaticScalingOptions } from '../scaling';
import { FIXED } from './defaults';
import type { Jobs } from './job-queue';

/**
 * Keeps as many tasks as the jobs that wait ask for: `visible messages / running tasks` is held at what one task works off
 * within the acceptable delay. CloudWatch does the division; there is no function that publishes a metric.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
 */
export function scaleOnBacklog(
  count: ScalableTaskCount,
  queue: IQueue,
  service: FargateService,
  jobs: Jobs,
  options: AutomaticScalingOptions,
): void {
  new CfnScalingPolicy(count, 'Backlog', {
    policyName: `${service.node.addr}Backlog`,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: (count.node.findChild('Target') as ScalableTarget).scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: jobs.backlogPerTask,
      scaleOutCooldown: options.scaleOutCooldown?.toSeconds() ?? FIXED.scaleOutSeconds,
      scaleInCooldown: options.scaleInCooldown?.toSeconds() ?? FIXED.scaleInSeconds,
      customizedMetricSpecification: {
        metrics: [
          metric('visible', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Sum', { QueueName: queue.queueName }),
          metric('tasks', 'ECS/ContainerInsights', 'RunningTaskCount', 'Average', {
            ClusterName: service.cluster.clusterName,
            ServiceName: service.serviceName,
          }),
          { id: 'backlog', expression: 'visible / tasks', label: 'Jobs that wait for each task', returnData: true },
        ],
      },
    },
  });
}

function metric(
  id: string,
  namespace: string,
  metricName: string,
  stat: string,
  dimensions: { readonly [name: string]: string },
): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty {
  return {
    id,
    returnData: false,
    metricStat: {
      stat,
      metric: {
        namespace,
        metricName,
        dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
      },
    },
  };
}
