import { join } from 'path';
import { Environment, Tier } from '@groundplan/core';
import { Grants, PostgresInstance } from '@groundplan/postgres';
import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';

const app = new App();
const environment = Environment.define(app, {
  project: 'shop',
  name: 'dev',
  tier: Tier.DEVELOPMENT,
  account: '111111111111',
  region: 'eu-central-1',
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});
const stack = new Stack(app, 'Data', { env: environment.target });
// A network that somebody else made, or new Network(…).vpc of @groundplan/vpc.
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  privateSubnetIds: ['subnet-0a', 'subnet-0b'],
  isolatedSubnetIds: ['subnet-0c', 'subnet-0d'],
});
const database = new PostgresInstance(stack, 'Database', { vpc });
database.addUser('shop', { grants: Grants.readWrite() });
database.migrate({ directory: join(__dirname, 'migrations') });
app.synth();
