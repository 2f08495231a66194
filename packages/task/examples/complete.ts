import { ConnectTarget, DataUse, Environment, Tier } from '@groundplan/core';
import { ContainerLogs, ContainerSecret, ContainerUser, FargateCluster, Image } from '@groundplan/task';
import { OneOffTask, ScheduledTask, Tag } from '@groundplan/task';
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';

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
const stack = new Stack(app, 'Jobs', { env: environment.target });
const vpc = new Vpc(stack, 'Vpc');

// Two tasks of one image share a cluster.
const cluster = new FargateCluster(stack, 'Cluster', { vpc });
const image = Image.fromRepository(Repository.fromRepositoryName(stack, 'Repository', 'shop/jobs'), {
  tag: Tag.fromParameter('/shop/jobs/image-tag'),
});

const report = new ScheduledTask(stack, 'Report', {
  vpc,
  cluster,
  image,
  schedule: ScheduleExpression.cron({ hour: '3', minute: '30', weekDay: 'MON-FRI', timeZone: TimeZone.EUROPE_BERLIN }),
  flexibleWindow: Duration.minutes(15),
  timeout: Duration.minutes(30),
  startRetries: 5,
  startWithin: Duration.minutes(30),
  cpu: 1024,
  memoryMiB: 4096,
  environment: { LOG_LEVEL: 'info' },
  secrets: { API_KEY: ContainerSecret.fromSecret(Secret.fromSecretNameV2(stack, 'ApiKey', 'shop/partner'), 'key') },
  container: {
    command: ['report', '--yesterday'],
    user: ContainerUser.of('65532:65532'),
    stopTimeout: Duration.seconds(60),
    logs: ContainerLogs.toCloudWatch({ retention: RetentionDays.ONE_YEAR }),
  },
});
// One grant, and BUCKET_NAME in the container.
report.connectTo(ConnectTarget.bucket(new Bucket(stack, 'Reports'), DataUse.READ_WRITE));

const migration = new OneOffTask(stack, 'Migration', { vpc, cluster, image, container: { command: ['migrate'] } });
migration.grantStart(new Role(stack, 'Pipeline', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') }));

// What lies underneath is public: the L2 task definition, container, roles, log groups, state machine and schedule.
report.logGroup.addMetricFilter('Rows', {
  filterPattern: FilterPattern.exists('$.rows'),
  metricNamespace: 'shop',
  metricName: 'ReportRows',
  metricValue: '$.rows',
});

app.synth();
