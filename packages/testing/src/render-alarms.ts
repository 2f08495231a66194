import {
  Alarm,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  type IMetric,
  type TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';

/** A construct that can be watched, by its shape: the kit imports no package that it tests. */
interface Watched {
  vitalSigns(): WatchedSign[];
}

/** One vital sign, as `IMonitored` of core has them. */
interface WatchedSign {
  readonly id: string;
  readonly source: { readonly metric?: IMetric; readonly eventPattern?: EventPattern };
  readonly alarms: WatchedRule[];
}

/** When a vital sign deserves an alarm. */
interface WatchedRule {
  /** `above`, `below`, `anomaly` or `event`. */
  readonly condition: string;
  readonly threshold?: number;
  readonly severity: string;
  readonly why: string;
  readonly runbook: string;
  readonly periods: number;
  readonly breaches: number;
  readonly missingData: TreatMissingData;
}

/** The smallest renderer there can be: every rule of every sign becomes a real alarm, or a rule of events. It decides nothing. */
export function renderAlarms(scope: Construct, watched: Watched): Construct[] {
  return watched
    .vitalSigns()
    .flatMap((sign) => sign.alarms.map((rule, i) => render(scope, `${sign.id}${i || ''}`, sign, rule)));
}

function render(scope: Construct, id: string, { source }: WatchedSign, rule: WatchedRule): Construct {
  if (rule.condition === 'event')
    return new Rule(scope, id, { eventPattern: source.eventPattern, description: rule.why });
  const common = {
    metric: source.metric!,
    alarmDescription: `[${rule.severity}] ${rule.why} Runbook: #${rule.runbook}`,
    evaluationPeriods: rule.periods,
    datapointsToAlarm: rule.breaches,
    treatMissingData: rule.missingData,
  };
  if (rule.condition === 'anomaly')
    return new AnomalyDetectionAlarm(scope, id, {
      ...common,
      stdDevs: rule.threshold,
      comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
    });
  const above = rule.condition === 'above';
  return new Alarm(scope, id, {
    ...common,
    threshold: rule.threshold!,
    comparisonOperator: above ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
  });
}
