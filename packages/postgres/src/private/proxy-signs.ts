import { AlarmRule, GoldenSignal, Severity, SignUnit, VitalSign } from '@groundplan/core';
import { IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { ALARMS, DatabaseDefaults } from './defaults';
import { metricSign } from './metric-sign';

const period = Duration.minutes(5);

/**
 * What tells whether a proxy lets clients in, and in time.
 *
 * Metrics: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html
 */
export function proxySigns(proxyName: string, { outageSeverity }: DatabaseDefaults): VitalSign[] {
  const metric = (metricName: string, statistic: string) =>
    new Metric({ namespace: 'AWS/RDS', metricName, statistic, period, dimensionsMap: { ProxyName: proxyName } });
  const { LATENCY, ERRORS, SATURATION } = GoldenSignal;
  return [
    metricSign(
      'ProxyBorrowLatency',
      'How long clients wait for a connection',
      inSeconds(metric('DatabaseConnectionsBorrowLatency', 'Average')),
      LATENCY,
      SignUnit.SECONDS,
      [
        AlarmRule.above(ALARMS.borrowSeconds, {
          severity: Severity.WARNING,
          why: `Clients waited longer than ${ALARMS.borrowSeconds} second for a connection: all of them are taken, or pinned.`,
          runbook: 'proxy-has-no-connections',
          periods: 2,
        }),
      ],
    ),
    metricSign(
      'ProxyPinned',
      'Sessions that keep a connection to themselves',
      metric('DatabaseConnectionsCurrentlySessionPinned', 'Maximum'),
      SATURATION,
      SignUnit.COUNT,
    ),
    metricSign(
      'ProxyRefused',
      'Clients that the proxy turned away',
      metric('ClientConnectionsSetupFailedAuth', 'Sum'),
      ERRORS,
      SignUnit.COUNT,
      [
        AlarmRule.above(ALARMS.failedConnections, {
          severity: outageSeverity,
          why: `The proxy turned more than ${ALARMS.failedConnections} clients away in five minutes: a wrong password, no right, or no TLS.`,
          runbook: 'connections-fail',
        }),
      ],
    ),
    metricSign(
      'ProxyWithoutDatabase',
      'Connections that the proxy could not open',
      metric('DatabaseConnectionsSetupFailed', 'Sum'),
      ERRORS,
      SignUnit.COUNT,
      [
        AlarmRule.above(ALARMS.failedConnections, {
          severity: outageSeverity,
          why: `The proxy failed to open more than ${ALARMS.failedConnections} connections to the database in five minutes.`,
          runbook: 'connections-fail',
        }),
      ],
    ),
  ];
}

/** The proxy counts microseconds. */
function inSeconds(microseconds: IMetric): IMetric {
  return new MathExpression({
    expression: 'microseconds / 1000000',
    usingMetrics: { microseconds },
    label: 'Seconds',
    period,
  });
}
