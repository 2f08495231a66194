import { Findings } from '@groundplan/core';
import { Alarm, ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { ALARMS } from './defaults';
import { latency, serverErrorRate } from './web-metrics';

/**
 * The alarms that roll a deployment back. They read the balancer and not the service, which could not stand before them.
 * ECS looks at them while it deploys, so they tell nobody.
 */
export function deploymentAlarms(scope: Construct, groups: readonly ApplicationTargetGroup[]): Alarm[] {
  const alarm = (id: string, metric: IMetric, threshold: number, alarmDescription: string) => {
    const made = new Alarm(scope, id, {
      metric,
      threshold,
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    Findings.acknowledge(
      made.node.defaultChild!,
      [
        'NIST.800.53.R5-CloudWatchAlarmAction',
        'HIPAA.Security-CloudWatchAlarmAction',
        'cdk-validator-cfnguard::cloudwatch_alarm_action_check',
      ],
      'Its action is the rollback: ECS reads it during a deployment. The vital signs of the service are what wakes somebody.',
    );
    return made;
  };
  return [
    alarm(
      'DeploymentErrors',
      serverErrorRate(groups),
      ALARMS.serverErrorPercent,
      'Rolls a deployment back: tasks answer too often with 5xx.',
    ),
    alarm(
      'DeploymentLatency',
      latency(groups, 'p95'),
      ALARMS.p95Seconds,
      'Rolls a deployment back: tasks answer too late.',
    ),
  ];
}
