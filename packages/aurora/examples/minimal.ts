import { AuroraCluster } from '@groundplan/aurora';
import { Environment, Tier } from '@groundplan/core';
import { App, Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';

const app = new App();
Environment.define(app, {
  project: 'shop',
  name: 'dev',
  tier: Tier.DEVELOPMENT,
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});
const stack = new Stack(app, 'Data');
new AuroraCluster(stack, 'Database', {
  // or new Network(…).vpc of @groundplan/vpc
  vpc: new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  }),
});
app.synth();
