import { AlarmCondition, AlarmRule, IMonitored, VitalSign } from '@groundplan/core';
import { Alarm, AnomalyDetectionAlarm, ComparisonOperator, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

/** The smallest renderer there can be: every rule of every sign becomes a real alarm. It decides nothing. */
export function renderAlarms(scope: Construct, monitored: IMonitored): Construct[] {
  return monitored
    .vitalSigns()
    .flatMap((sign) => sign.alarms.map((rule, i) => render(scope, `${sign.id}${i || ''}`, sign, rule)));
}

function render(scope: Construct, id: string, sign: VitalSign, rule: AlarmRule): Construct {
  if (rule.condition === AlarmCondition.EVENT)
    return new Rule(scope, id, { eventPattern: sign.source.eventPattern, description: rule.why });
  const common = {
    metric: sign.source.metric as IMetric,
    alarmDescription: `[${rule.severity}] ${rule.why} Runbook: #${rule.runbook}`,
    evaluationPeriods: rule.periods,
    datapointsToAlarm: rule.breaches,
    treatMissingData: rule.missingData,
  };
  if (rule.condition === AlarmCondition.ANOMALY)
    return new AnomalyDetectionAlarm(scope, id, {
      ...common,
      stdDevs: rule.threshold,
      comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
    });
  const above = rule.condition === AlarmCondition.ABOVE;
  return new Alarm(scope, id, {
    ...common,
    threshold: rule.threshold as number,
    comparisonOperator: above ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
  });
}
