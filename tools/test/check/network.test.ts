import { Environment, Tier } from '@groundplan/core';
import { Egress, EndpointSet, FlowLogs, Network, NetworkAcls, NetworkProps } from '@groundplan/vpc';
import { Stack } from 'aws-cdk-lib';
import { check } from '../../check/check';
import { anApp, subjectOf } from './apps';

/** Whatever brings resources beyond those of the apps. */
const SHAPES: Record<string, NetworkProps> = {
  EndpointsOnly: { egress: Egress.endpointsOnly(EndpointSet.FARGATE, EndpointSet.SSM, EndpointSet.DATA) },
  Instance: { egress: Egress.instance() },
  Both: { flowLogs: FlowLogs.toBoth() },
  DualStack: { dualStack: true, networkAcls: NetworkAcls.BY_TIER },
  Closed: { closeDefaultSecurityGroup: true },
};

test('nothing is open in any shape of a network, and no acknowledgement is left over', async () => {
  const app = anApp();
  const { target } = Environment.define(app, {
    project: 'shop',
    name: 'production',
    tier: Tier.PRODUCTION,
    account: '111111111111',
    region: 'eu-central-1',
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    tags: { Owner: 'team-shop', CostCenter: '4711' },
  });
  Object.entries(SHAPES).forEach(([id, props], i) => {
    new Network(new Stack(app, id, { env: target }), 'Network', { cidr: `10.${i}.0.0/16`, ...props });
  });
  const report = await check('networks', subjectOf(app));
  expect({ open: report.open, unused: report.unused }).toEqual({ open: [], unused: [] });
  expect(report.tools.filter(({ error }) => error)).toEqual([]);
}, 240_000);
