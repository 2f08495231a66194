import { Environment, Tier } from '@groundplan/core';
import { Network } from '@groundplan/vpc';
import { App, Stack } from 'aws-cdk-lib';

const app = new App();
Environment.define(app, {
  project: 'shop',
  name: 'dev',
  tier: Tier.DEVELOPMENT,
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});
new Network(new Stack(app, 'Network'), 'Network');
app.synth();
