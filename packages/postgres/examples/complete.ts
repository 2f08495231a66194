import { join } from 'path';
import { Environment, Tier } from '@groundplan/core';
import { Grants, Pooling, PostgresCluster, PostgresInstance } from '@groundplan/postgres';
import { FargateTask, Image } from '@groundplan/task';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';

const app = new App();
const environment = Environment.define(app, {
  project: 'shop',
  name: 'prod',
  tier: Tier.PRODUCTION,
  account: '333333333333',
  region: 'eu-central-1',
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});
const data = new Stack(app, 'Data', { env: environment.target });
const services = new Stack(app, 'Services', { env: environment.target });
const vpc = Vpc.fromVpcAttributes(data, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  privateSubnetIds: ['subnet-0a', 'subnet-0b', 'subnet-0c'],
  isolatedSubnetIds: ['subnet-0d', 'subnet-0e', 'subnet-0f'],
});

// In two zones, behind a proxy.
const orders = new PostgresInstance(data, 'Orders', {
  vpc,
  databaseName: 'orders',
  instanceType: InstanceType.of(InstanceClass.M8G, InstanceSize.LARGE),
  storageGiB: 200,
  maxStorageGiB: 1000,
  pooling: Pooling.rdsProxy({ borrowTimeout: Duration.seconds(10) }),
});
const shop = orders.addUser('shop', { grants: Grants.readWrite() });
const reports = orders.addUser('reports', { grants: Grants.readOnly(), iam: true });

// An application and a report, each as the user that it is.
const api = new FargateTask(services, 'Api', { vpc, image: Image.placeholder() });
api.connectTo(orders.asUser(shop));
const report = new FargateTask(services, 'Report', { vpc, image: Image.placeholder() });
report.connectTo(orders.asUser(reports));

// Neither is updated before the schema that it needs.
const migrations = orders.migrate({ directory: join(__dirname, 'migrations'), before: api });
migrations.runBefore(report);

// One that writes and two that read, in three zones, behind PgBouncer.
const catalogue = new PostgresCluster(data, 'Catalogue', {
  vpc,
  databaseName: 'catalogue',
  pooling: Pooling.pgBouncer({ serverConnections: 40 }),
});
const search = new FargateTask(services, 'Search', { vpc, image: Image.placeholder() });
search.connectTo(catalogue.asUser(catalogue.addUser('search', { grants: Grants.readOnly() })));
catalogue.migrate({ before: search });

app.synth();
