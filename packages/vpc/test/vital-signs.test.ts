import { Severity, Tier } from '@groundplan/core';
import { Egress, EndpointSet, FlowLogs, NetworkProps } from '../src';
import { TIERS, networkIn } from './environments';

const idsOf = (props: NetworkProps, tier = Tier.PRODUCTION) =>
  networkIn(tier, props)
    .network.vitalSigns()
    .map(({ id }) => id);

test('a network with NAT gateways watches bytes out, ports and rejected flows (RU-077)', () => {
  for (const egress of [Egress.single(), Egress.perAz(), Egress.regional()])
    expect(idsOf({ egress })).toEqual(['NatBytesOut', 'NatPortAllocationErrors', 'RejectedFlows']);
});

test('a NAT instance is watched as an instance', () => {
  expect(idsOf({ egress: Egress.instance() })).toEqual(['NatBytesOut', 'NatInstanceFailed', 'RejectedFlows']);
});

test('each interface endpoint is watched for dropped packets', () => {
  expect(idsOf({ egress: Egress.endpointsOnly(EndpointSet.SSM) })).toEqual([
    'RejectedFlows',
    'SsmPacketsDropped',
    'SsmmessagesPacketsDropped',
    'Ec2messagesPacketsDropped',
  ]);
});

test('without flow logs in CloudWatch nobody counts rejected flows', () => {
  expect(idsOf({ flowLogs: FlowLogs.toS3() })).toStrictEqual(['NatBytesOut', 'NatPortAllocationErrors']);
});

test('listing the signs creates no resource', () => {
  const { stack, network } = networkIn(Tier.PRODUCTION, { endpoints: [EndpointSet.FARGATE] });
  const before = stack.node.findAll().length;
  network.vitalSigns();
  expect(stack.node.findAll()).toHaveLength(before);
});

test.each(TIERS)(
  'thresholds and severities are resolved for %s, and every alarm says why and where to read on',
  (tier) => {
    const { network } = networkIn(tier, { endpoints: [EndpointSet.SSM] });
    const alarms = network.vitalSigns().flatMap(({ alarms: rules }) => rules);
    for (const { threshold, why, runbook } of alarms) {
      expect(threshold).toEqual(expect.any(Number));
      expect(why).toMatch(/^[A-Z].{20,}[.)]$/);
      expect(runbook).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
    const ports = network.vitalSigns().find(({ id }) => id === 'NatPortAllocationErrors')!;
    expect(ports.alarms[0].severity).toBe(tier === Tier.PRODUCTION ? Severity.CRITICAL : Severity.WARNING);
  },
);
