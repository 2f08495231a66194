import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import { IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { ALARMS, NetworkDefaults } from './defaults';
import type { NamedEndpoint } from './interface-endpoints';

const PERIOD = Duration.minutes(5);
const BAND = { periods: ALARMS.anomalyPeriods, breaches: ALARMS.anomalyBreaches };

/** What NAT gateways tell: how much leaves through them, and whether they run out of ports. */
export function natGatewaySigns(gatewayIds: string[], defaults: NetworkDefaults): VitalSign[] {
  if (gatewayIds.length === 0) return [];
  // VPC user guide, "NAT gateway metrics and dimensions"
  const metric = (name: string) => over('AWS/NATGateway', 'NatGatewayId', gatewayIds, name, 'Sum');
  return [
    bytesOut(metric('BytesOutToDestination')),
    new VitalSign({
      id: 'NatPortAllocationErrors',
      title: 'NAT port allocation errors',
      source: SignSource.ofMetric(metric('ErrorPortAllocation')),
      signal: GoldenSignal.SATURATION,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.above(0, {
          severity: defaults.portAllocationSeverity,
          periods: 3,
          breaches: 2,
          why: 'A NAT gateway has no port left for new connections to one destination: they fail.',
          runbook: 'nat-port-allocation',
        }),
      ],
    }),
  ];
}

/** What a NAT instance tells: whether it lives, and how much leaves through it. */
export function natInstanceSigns(instanceIds: string[]): VitalSign[] {
  if (instanceIds.length === 0) return [];
  const metric = (name: string, statistic: string) => over('AWS/EC2', 'InstanceId', instanceIds, name, statistic);
  return [
    bytesOut(metric('NetworkOut', 'Sum')),
    new VitalSign({
      id: 'NatInstanceFailed',
      title: 'NAT instance status check',
      source: SignSource.ofMetric(metric('StatusCheckFailed', 'Maximum')),
      signal: GoldenSignal.ERRORS,
      unit: SignUnit.COUNT,
      alarms: [
        AlarmRule.above(0, {
          severity: Severity.CRITICAL,
          periods: 2,
          why: 'The NAT instance is down: the private tier has lost the internet.',
          runbook: 'nat-instance-down',
        }),
      ],
    }),
  ];
}

/** Flows that a security group or a network ACL turned away, as the flow log counts them. */
export function rejectedFlowsSign(filter: MetricFilter): VitalSign {
  return new VitalSign({
    id: 'RejectedFlows',
    title: 'Rejected flows',
    source: SignSource.ofMetric(filter.metric({ statistic: 'Sum', period: PERIOD })),
    signal: GoldenSignal.ERRORS,
    unit: SignUnit.COUNT,
    alarms: [
      AlarmRule.anomaly(ALARMS.anomalyBand, {
        ...BAND,
        severity: Severity.WARNING,
        why: 'Far more or fewer flows are turned away than usual: a scan, or a rule that changed.',
        runbook: 'rejected-flows',
      }),
    ],
  });
}

/** Packets that an interface endpoint dropped. One sign an endpoint: an alarm takes at most ten metrics. */
export function endpointSigns(vpcId: string, endpoints: NamedEndpoint[]): VitalSign[] {
  return endpoints.map(
    ({ id, service, endpoint }) =>
      new VitalSign({
        id: `${id}PacketsDropped`,
        title: `Packets dropped by the ${service.shortName} endpoint`,
        source: SignSource.ofMetric(
          new Metric({
            namespace: 'AWS/PrivateLinkEndpoints',
            metricName: 'PacketsDropped',
            statistic: 'Sum',
            period: PERIOD,
            dimensionsMap: {
              'VPC Id': vpcId,
              'VPC Endpoint Id': endpoint.vpcEndpointId,
              'Endpoint Type': 'Interface',
              'Service Name': service.name,
            },
          }),
        ),
        signal: GoldenSignal.ERRORS,
        unit: SignUnit.COUNT,
        alarms: [
          AlarmRule.above(ALARMS.droppedPackets, {
            severity: Severity.WARNING,
            periods: 3,
            why: `Calls to ${service.shortName} lose packets at the endpoint: it or the service behind it is unwell.`,
            runbook: 'endpoint-packets-dropped',
          }),
        ],
      }),
  );
}

function bytesOut(metric: IMetric): VitalSign {
  return new VitalSign({
    id: 'NatBytesOut',
    title: 'Bytes to the internet through NAT',
    source: SignSource.ofMetric(metric),
    signal: GoldenSignal.COST,
    unit: SignUnit.BYTES,
    alarms: [
      AlarmRule.anomaly(ALARMS.anomalyBand, {
        ...BAND,
        severity: Severity.WARNING,
        why: 'The private tier sends far more or less to the internet than usual: a leak, a loop, or a bill (RU-077).',
        runbook: 'nat-bytes-out',
      }),
    ],
  });
}

/** A metric of one resource, or its sum over several. */
function over(namespace: string, dimension: string, ids: string[], metricName: string, statistic: string): IMetric {
  const metrics = ids.map(
    (id) => new Metric({ namespace, metricName, statistic, period: PERIOD, dimensionsMap: { [dimension]: id } }),
  );
  if (metrics.length === 1) return metrics[0];
  const usingMetrics = Object.fromEntries(metrics.map((metric, i) => [`m${i + 1}`, metric]));
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, period: PERIOD });
}
