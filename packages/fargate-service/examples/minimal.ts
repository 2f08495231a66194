import { Environment, Tier } from '@groundplan/core';
import { Ingress, WebService } from '@groundplan/fargate-service';
import { Image } from '@groundplan/task';
import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';

const app = new App();
Environment.define(app, {
  project: 'shop',
  name: 'dev',
  tier: Tier.DEVELOPMENT,
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});
const stack = new Stack(app, 'Services');
const zone = new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
new WebService(stack, 'Api', {
  vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }), // or new Network(…).vpc of @groundplan/vpc
  image: Image.placeholder(), // or Image.fromAsset('api'), a folder with a Dockerfile
  ingress: Ingress.publicLoadBalancer({ hostname: 'api.example.com', zone }),
});
app.synth();
