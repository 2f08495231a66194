import { Environment, Tier } from '@groundplan/core';
import { GroundplanRules } from '@groundplan/rules';
import { Network } from '@groundplan/vpc';
import { App, Stack } from 'aws-cdk-lib';

export const app = new App();
GroundplanRules.addTo(app);
const environment = Environment.define(app, {
  project: 'groundplan',
  name: 'production',
  tier: Tier.PRODUCTION,
  account: '333333333333',
  region: 'eu-central-1',
  zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  tags: { Owner: 'platform-engineering', CostCenter: 'platform' },
});

const stack = new Stack(app, 'Network', {
  stackName: environment.resourceName('network'),
  description: 'The network of production: where everything else stands',
  env: environment.target,
});
new Network(stack, 'Network', { cidr: '10.30.0.0/16' });
