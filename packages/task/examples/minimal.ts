import { Environment, Tier } from '@groundplan/core';
import { Image, OneOffTask } from '@groundplan/task';
import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';

const app = new App();
Environment.define(app, {
  project: 'shop',
  name: 'dev',
  tier: Tier.DEVELOPMENT,
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});
const stack = new Stack(app, 'Jobs');
new OneOffTask(stack, 'Backfill', { vpc: new Vpc(stack, 'Vpc'), image: Image.placeholder() });
app.synth();
