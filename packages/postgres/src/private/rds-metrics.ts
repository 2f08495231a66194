import { IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { WatchedDatabase } from '../watched-database';

/** Which of several instances counts. */
export type Extreme = 'MAX' | 'MIN';

const STATISTIC: Readonly<Record<Extreme, string>> = { MAX: 'Maximum', MIN: 'Minimum' };

/** A metric of RDS, a value a minute: of several instances that of the worst one. */
export function worst(
  metricName: string,
  { dimensions, instanceIdentifiers = [] }: Pick<WatchedDatabase, 'dimensions' | 'instanceIdentifiers'>,
  extreme: Extreme = 'MAX',
): IMetric {
  const period = Duration.minutes(1);
  const of = (dimensionsMap: { [name: string]: string }) =>
    new Metric({ namespace: 'AWS/RDS', metricName, dimensionsMap, statistic: STATISTIC[extreme], period });
  if (instanceIdentifiers.length === 0) return of(dimensions);
  const each = instanceIdentifiers.map(
    (DBInstanceIdentifier, index) => [`instance${index + 1}`, of({ DBInstanceIdentifier })] as const,
  );
  return new MathExpression({
    expression: `${extreme}([${each.map(([name]) => name).join(', ')}])`,
    usingMetrics: Object.fromEntries(each),
    period,
  });
}
