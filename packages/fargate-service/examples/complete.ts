import { ConnectTarget, Environment, Tier } from '@groundplan/core';
import { Capacity, Deployment, DeploymentHook, Discovery, Ingress } from '@groundplan/fargate-service';
import { Prediction, Repository, Scaling, SmokeCheck, WebService, WorkerService } from '@groundplan/fargate-service';
import { ContainerSecret, FargateCluster, Image, ScheduledTask, Tag, Telemetry } from '@groundplan/task';
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Topic } from 'aws-cdk-lib/aws-sns';

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
const env = environment.target;
const vpc = new Vpc(new Stack(app, 'Network', { env }), 'Vpc', { maxAzs: 3 }); // or new Network(…).vpc of @groundplan/vpc

// Deployed first: an image has to be pushed, and its tag written, before a service starts from it.
const images = new Repository(new Stack(app, 'Images', { env }), 'Shop', { keepImages: 200 });

const stack = new Stack(app, 'Services', { env });
const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  zoneName: 'example.com',
});
const payment = Secret.fromSecretNameV2(stack, 'Payment', 'shop/payment');
const orders = Topic.fromTopicArn(stack, 'Orders', stack.formatArn({ service: 'sns', resource: 'shop-orders' }));
const cluster = new FargateCluster(stack, 'Cluster', { vpc });
const namespace = new HttpNamespace(stack, 'Namespace', { name: 'shop' });
const image = images.image(Tag.fromParameter('/shop/image-tag'));

const up: SmokeCheck = { path: '/up' };
const page: SmokeCheck = { path: '/', contains: 'Shop', within: Duration.seconds(1) };

// The first service makes the balancer, whose listener others join. All traffic shifts at once, after a few questions.
const shop = new WebService(stack, 'Shop', {
  vpc,
  cluster,
  image,
  port: 8080,
  cpu: 1024,
  memoryMiB: 2048,
  environment: { CURRENCY: 'EUR' },
  secrets: { PAYMENT_KEY: ContainerSecret.fromSecret(payment, 'key') }, // a rotation restarts the service
  container: { stopTimeout: Duration.seconds(60), telemetry: Telemetry.openTelemetry() },
  ingress: Ingress.publicLoadBalancer({ hostname: 'shop.example.com', zone, idleTimeout: Duration.minutes(5) }),
  healthCheck: { path: '/up', codes: '200-204', gracePeriod: Duration.minutes(2) },
  targets: { deregistrationDelay: Duration.minutes(1) },
  discovery: Discovery.serviceConnect(namespace, 'shop'),
  capacity: Capacity.spot({ onDemandBase: 3 }),
  scaling: Scaling.automatic({
    min: 3,
    max: 24,
    prediction: Prediction.FORECAST_ONLY,
    schedules: [
      {
        name: 'Morning',
        at: Schedule.cron({ hour: '7', minute: '30', weekDay: 'MON-FRI' }),
        min: 6,
        timeZone: TimeZone.EUROPE_BERLIN,
      },
    ],
  }),
  deployment: Deployment.blueGreen({
    bakeTime: Duration.minutes(15),
    hooks: [DeploymentHook.smoke([up, page])],
  }),
});
shop.connectTo(ConnectTarget.topic(orders)); // TOPIC_ARN, and the grant to publish

// A second service on the listener of the first.
const search = new WebService(stack, 'Search', {
  vpc,
  cluster,
  image: Image.placeholder(),
  ingress: Ingress.listener(shop.listener!, { priority: 100, hosts: ['shop.example.com'], paths: ['/search/*'] }),
  discovery: Discovery.serviceConnect(namespace, 'search'),
  targets: { stickiness: Duration.hours(1), slowStart: Duration.seconds(30) },
  scaling: Scaling.automatic({ requestsPerTarget: 1200 }),
});
shop.connectTo(search); // SEARCH_URL, and one rule between the two

// Sends mail, as many tasks as keep a job from waiting for more than a minute.
const mailer = new WorkerService(stack, 'Mailer', {
  vpc,
  cluster,
  image,
  container: { command: ['node', 'mailer.js'] },
  jobs: { typicalTime: Duration.seconds(2), acceptableDelay: Duration.minutes(1) },
});
shop.connectTo(mailer); // QUEUE_URL, and the grant to send

const report = new ScheduledTask(stack, 'Report', {
  vpc,
  cluster,
  image,
  schedule: ScheduleExpression.cron({ hour: '3', minute: '30', timeZone: TimeZone.EUROPE_BERLIN }),
  container: { command: ['node', 'report.js'] },
});
report.connectTo(ConnectTarget.topic(orders));

// What lies underneath is public: the L2 service, balancer, target groups, roles and security groups.
search.connections.allowDefaultPortFrom(report, 'The report counts what was searched for');

app.synth();
