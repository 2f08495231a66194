import { AuroraCluster } from '@groundplan/aurora';
import { Environment, Tier } from '@groundplan/core';
import { Ingress, WebService } from '@groundplan/fargate-service';
import { Grants } from '@groundplan/postgres';
import { GroundplanRules } from '@groundplan/rules';
import { Image } from '@groundplan/task';
import { Network } from '@groundplan/vpc';
import { App, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';

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

const networkStack = new Stack(app, 'Network', {
  stackName: environment.resourceName('network'),
  description: 'The network of production: where everything else stands',
  env: environment.target,
});
const network = new Network(networkStack, 'Network', { cidr: '10.30.0.0/16' });

const data = new Stack(app, 'Data', {
  stackName: environment.resourceName('data'),
  description: 'What production keeps: the database of the guestbook',
  env: environment.target,
});
const database = new AuroraCluster(data, 'Database', { vpc: network.vpc, databaseName: 'guestbook' });
const user = database.addUser('guestbook', { grants: Grants.readWrite() });

const services = new Stack(app, 'Services', {
  stackName: environment.resourceName('services'),
  description: 'What runs in production: the guestbook',
  env: environment.target,
});
const zone = HostedZone.fromHostedZoneAttributes(services, 'Zone', {
  hostedZoneId: 'Z0000000000PRODUCTION',
  zoneName: 'groundplan.example',
});
const guestbook = new WebService(services, 'Guestbook', {
  vpc: network.vpc,
  image: Image.fromAsset('../../examples/guestbook/api'),
  ingress: Ingress.publicLoadBalancer({ hostname: 'guestbook.groundplan.example', zone }),
  environment: { VERSION: '1.0.0' },
});
guestbook.connectTo(database.asUser(user));
database.migrate({ directory: '../../examples/guestbook/migrations', before: guestbook });
