import { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationTargetGroup, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';

/** One group, or two where traffic is shifted between them: either may be the one that serves. */
type Groups = readonly ApplicationTargetGroup[];

const period = Duration.minutes(1);
const sum = { statistic: 'Sum', period };

/** How long a share of the requests takes at most, in seconds, as the balancer measures it. */
export function latency(groups: Groups, statistic: string): IMetric {
  const metrics = groups.map((group) => group.metrics.targetResponseTime({ statistic, period }));
  return metrics.length === 1 ? metrics[0] : overAll('MAX', metrics, `Latency ${statistic}`);
}

/** Requests a minute. */
export function requests(groups: Groups): IMetric {
  const metrics = groups.map((group) => group.metrics.requestCount(sum));
  return metrics.length === 1 ? metrics[0] : overAll('SUM', metrics, 'Requests');
}

/** The tasks that the balancer finds well. */
export function healthyHosts(groups: Groups): IMetric {
  const metrics = groups.map((group) => group.metrics.healthyHostCount({ statistic: 'Minimum', period }));
  return metrics.length === 1 ? metrics[0] : overAll('SUM', metrics, 'Healthy hosts');
}

/** The share of requests that tasks answer with 5xx, in percent. A minute without requests has none. */
export function serverErrorRate(groups: Groups): IMetric {
  return rate(groups, HttpCodeTarget.TARGET_5XX_COUNT, 'Answers with 5xx');
}

/** The share of requests that tasks answer with 4xx, in percent. */
export function clientErrorRate(groups: Groups): IMetric {
  return rate(groups, HttpCodeTarget.TARGET_4XX_COUNT, 'Answers with 4xx');
}

function rate(groups: Groups, code: HttpCodeTarget, label: string): IMetric {
  const failed = groups.map((_, i) => `FILL(failed${i}, 0)`).join(' + ');
  const asked = groups.map((_, i) => `FILL(requests${i}, 0)`).join(' + ');
  return new MathExpression({
    expression: `IF(${asked} > 0, 100 * (${failed}) / (${asked}), 0)`,
    usingMetrics: Object.fromEntries(
      groups.flatMap(({ metrics }, i) => [
        [`failed${i}`, metrics.httpCodeTarget(code, sum)],
        [`requests${i}`, metrics.requestCount(sum)],
      ]),
    ),
    label,
    period,
  });
}

function overAll(how: 'MAX' | 'SUM', metrics: readonly IMetric[], label: string): IMetric {
  const filled = metrics.map((_, i) => `FILL(m${i}, 0)`).join(', ');
  const usingMetrics = Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric]));
  return new MathExpression({ expression: `${how}([${filled}])`, usingMetrics, label, period });
}
