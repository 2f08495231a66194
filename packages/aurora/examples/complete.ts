import { AuroraCapacity, AuroraCluster } from '@groundplan/aurora';
import { Environment, Tier } from '@groundplan/core';
import { MasterUser } from '@groundplan/postgres';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DataIdentifier, DataProtectionPolicy, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DBClusterStorageType } from 'aws-cdk-lib/aws-rds';

const app = new App();
const environment = Environment.define(app, {
  project: 'shop',
  name: 'prod',
  tier: Tier.PRODUCTION,
  account: '333333333333',
  region: 'eu-central-1',
  zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});
const stack = new Stack(app, 'Data', { env: environment.target });

// A network that somebody else made.
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  isolatedSubnetIds: ['subnet-0a', 'subnet-0b', 'subnet-0c'],
});
const central = Key.fromKeyArn(
  stack,
  'Central',
  stack.formatArn({ service: 'kms', resource: 'key', resourceName: '12345678-1234-1234-1234-123456789012' }),
);

// As much as the shop asks for; two readers, of which the first takes over.
const orders = new AuroraCluster(stack, 'Orders', {
  vpc,
  capacity: AuroraCapacity.serverless({ minAcu: 2, maxAcu: 32 }),
  readers: 2,
  storage: DBClusterStorageType.AURORA_IOPT1,
  databaseName: 'orders',
  majorVersion: 17,
  parameters: { work_mem: '16384', log_statement: 'mod' },
  master: MasterUser.managed({ username: 'chief', rotateEvery: Duration.days(7) }),
  backup: { retention: Duration.days(35), window: '01:00-02:00' },
  maintenanceWindow: 'tue:02:30-tue:03:30',
  encryptionKey: central,
  logs: {
    retention: RetentionDays.ONE_YEAR,
    redaction: new DataProtectionPolicy({ name: 'personal', identifiers: [DataIdentifier.EMAILADDRESS] }),
  },
});

// The load of reports is even: instances of one size are cheaper.
new AuroraCluster(stack, 'Reports', {
  vpc,
  capacity: AuroraCapacity.provisioned(InstanceType.of(InstanceClass.R8G, InstanceSize.LARGE)),
  readers: 0,
  deletionProtection: false,
  removalPolicy: RemovalPolicy.SNAPSHOT,
});

// What lies underneath is public: the L2 cluster, its endpoints, its secret, its security group, its log group.
orders.cluster.metricVolumeBytesUsed();

app.synth();
