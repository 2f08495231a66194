import { AlarmRule, GoldenSignal, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** One thing that a metric tells. */
export function metricSign(
  id: string,
  title: string,
  metric: IMetric,
  signal: GoldenSignal,
  unit: SignUnit,
  alarms: AlarmRule[] = [],
): VitalSign {
  return new VitalSign({ id, title, source: SignSource.ofMetric(metric), signal, unit, alarms });
}
