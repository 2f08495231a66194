import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeServicesCommand, DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  App,
  Duration,
  RemovalPolicy,
  SecretValue,
  Stack,
  aws_certificatemanager as acm,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_elasticloadbalancingv2 as elbv2,
  aws_logs as logs,
  aws_route53 as route53,
  aws_route53_targets as targets,
  aws_secretsmanager as secretsmanager,
  aws_ssm as ssm,
} from 'aws-cdk-lib';
import { TestAws } from '../src';
import { identify } from '../src/process-table';
import { ask, visitedWhile } from '../src/requests';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const HOST = 'api.example.com.localhost';
const NAME = 'shop';

let aws: TestAws;
let port: number;
beforeAll(async () => {
  aws = await TestAws.start();
  port = aws.aws.instance().port;
  const client = new SSMClient(aws.client(ACCOUNT, REGION));
  await client.send(new PutParameterCommand({ Name: '/shop/colour', Value: 'green', Type: 'String' }));
}, 180_000);
afterAll(() => aws.stop(), 30_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-services-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Synthesizes a shop on Fargate behind a load balancer, out of nothing but aws-cdk-lib. */
function synth(props: { version: string; image?: ecs.ContainerImage }): string {
  const app = new App({
    outdir: fs.mkdtempSync(path.join(folder, 'cdk.out-')),
    context: { [`availability-zones:account=${ACCOUNT}:region=${REGION}`]: [`${REGION}a`, `${REGION}b`] },
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Shop', { env: { account: ACCOUNT, region: REGION } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false });
  const cluster = new ecs.Cluster(stack, 'Cluster', {
    vpc,
    clusterName: NAME,
    containerInsightsV2: ecs.ContainerInsights.ENHANCED,
    enableFargateCapacityProviders: true,
  });
  const secret = new secretsmanager.Secret(stack, 'Secret', {
    secretObjectValue: { user: SecretValue.unsafePlainText('shop'), password: SecretValue.unsafePlainText('mellon') },
  });
  const token = new ssm.StringParameter(stack, 'Token', { stringValue: 'a-token' });
  const definition = new ecs.FargateTaskDefinition(stack, 'Definition');
  definition.addContainer('web', {
    image: props.image ?? ecs.ContainerImage.fromAsset(path.join(__dirname, 'fixtures', 'shop')),
    environment: {
      VERSION: props.version,
      COLOUR: ssm.StringParameter.valueForStringParameter(stack, '/shop/colour'),
    },
    secrets: {
      PASSWORD: ecs.Secret.fromSecretsManager(secret, 'password'),
      TOKEN: ecs.Secret.fromSsmParameter(token),
    },
    portMappings: [{ containerPort: 8080 }],
    stopTimeout: Duration.seconds(10),
    logging: ecs.LogDrivers.awsLogs({
      streamPrefix: 'shop',
      logGroup: new logs.LogGroup(stack, 'Logs', { logGroupName: '/shop', removalPolicy: RemovalPolicy.DESTROY }),
    }),
  });
  const service = new ecs.FargateService(stack, 'Service', {
    cluster,
    serviceName: NAME,
    taskDefinition: definition,
    desiredCount: 2,
    assignPublicIp: true,
    circuitBreaker: { rollback: true },
    minHealthyPercent: 100,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
  const zone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z00000000000000EXAMPLE',
    zoneName: 'example.com',
  });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  balancer.addRedirect();
  const listener = balancer.addListener('Https', {
    port: 443,
    certificates: [
      new acm.Certificate(stack, 'Certificate', {
        domainName: 'api.example.com',
        validation: acm.CertificateValidation.fromDns(zone),
      }),
    ],
    defaultAction: elbv2.ListenerAction.fixedResponse(404),
  });
  listener.addTargets('Web', {
    priority: 10,
    conditions: [elbv2.ListenerCondition.hostHeaders(['api.example.com'])],
    targets: [service],
    protocol: elbv2.ApplicationProtocol.HTTP,
    port: 80,
    healthCheck: { path: '/health', interval: Duration.seconds(5), timeout: Duration.seconds(2) },
    deregistrationDelay: Duration.seconds(10),
  });
  new route53.ARecord(stack, 'Alias', {
    zone,
    recordName: 'api',
    target: route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(balancer)),
  });
  service
    .autoScaleTaskCount({ minCapacity: 2, maxCapacity: 4 })
    .scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
  return app.synth().directory;
}

const api = () => new ECSClient(aws.client(ACCOUNT, REGION));

const described = async () => {
  const { services = [] } = await api().send(new DescribeServicesCommand({ cluster: NAME, services: [NAME] }));
  return services[0];
};

const healthOf = async (targetGroupArn: string) => {
  const client = new ElasticLoadBalancingV2Client(aws.client(ACCOUNT, REGION));
  const { TargetHealthDescriptions = [] } = await client.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State);
};

const said = async (text: string) => {
  const client = new CloudWatchLogsClient(aws.client(ACCOUNT, REGION));
  const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName: '/shop' }));
  return events.filter(({ message }) => message?.includes(text)).length;
};

const pids = new Set<number>();
const visit = async (at = '/') => {
  const answer = JSON.parse((await ask(port, HOST, at)).body) as Record<string, unknown>;
  pids.add(answer.pid as number);
  return answer;
};

// One story, told in order: each test begins where the one before it ended.
describe('a service on the local AWS', () => {
  const first = synth({ version: 'one' });

  test('runs when the real CLI has built its image and deployed it', async () => {
    const deployed = await aws.deploy(first);
    expect([deployed.code, deployed.code === 0 ? '' : deployed.stdout + deployed.stderr]).toEqual([0, '']);
    const service = await described();
    expect(service).toMatchObject({ desiredCount: 2, runningCount: 2, propagateTags: 'SERVICE' });
    expect(service.deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 2 }]);
    expect(await healthOf(service.loadBalancers![0].targetGroupArn!)).toEqual(['healthy', 'healthy']);
    expect(await aws.services()).toMatchObject([
      { name: NAME, cluster: NAME, desired: 2, running: 2, deployment: 'COMPLETED', urls: [`http://${HOST}:${port}/`] },
    ]);
    expect(aws.notes().map(({ type }) => type.split('::').pop())).toEqual(
      expect.arrayContaining(['RecordSet', 'ScalableTarget', 'ScalingPolicy']),
    );
  }, 180_000);

  test('answers through its balancer, with what the task definition gives it', async () => {
    const answers = [await visit('/a?b=c'), await visit('/a?b=c')];
    expect(answers[0]).toMatchObject({ VERSION: 'one', COLOUR: 'green', PASSWORD: 'mellon', TOKEN: 'a-token' });
    expect(answers[0]).toMatchObject({ url: '/a?b=c', headers: { 'x-forwarded-proto': 'https' } });
    expect(answers[0].headers).toMatchObject({ host: 'api.example.com' });
    expect(pids.size).toBe(2);
    expect(await said('version one listens')).toBe(2);
  });

  test('sends those who come without TLS to HTTPS, and strangers away', async () => {
    const redirected = await ask(port, `80.${HOST}`, '/a?b=c');
    expect(redirected).toMatchObject({ status: 301, headers: { location: `http://${HOST}:${port}/a?b=c` } });
    expect(redirected.headers['x-groundplan-location']).toBe('https://api.example.com:443/a?b=c');
    const [balancer] = (await aws.services())[0].urls;
    expect(balancer).toBe(`http://${HOST}:${port}/`);
  });

  test('replaces a task that is killed; nobody notices but those whom it was answering', async () => {
    const victim = (await visit()).pid as number;
    const { answers, failures } = await visitedWhile(port, HOST, ['/', '/', '/slow', '/slow'], async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      process.kill(victim, 'SIGKILL');
      const killed = Date.now();
      await until(async () => {
        await visit();
        return pids.size === 3 && (await described()).runningCount === 2;
      });
      expect(Date.now() - killed).toBeLessThan(10_000);
    });
    expect(failures.length).toBeLessThanOrEqual(4);
    expect(failures.filter((failure) => !failure.startsWith('502'))).toEqual([]);
    expect(answers.length).toBeGreaterThan(20);
    const { taskArns } = await api().send(new ListTasksCommand({ cluster: NAME, desiredStatus: 'STOPPED' }));
    const { tasks = [] } = await api().send(new DescribeTasksCommand({ cluster: NAME, tasks: taskArns }));
    expect(tasks).toMatchObject([{ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 137 }] }]);
  }, 60_000);

  test('rolls an update over without a single failed request', async () => {
    const second = synth({ version: 'two' });
    const { answers, failures } = await visitedWhile(port, HOST, ['/', '/', '/', '/slow', '/slow'], async () => {
      expect(await aws.deploy(second)).toMatchObject({ code: 0 });
    });
    expect(failures).toEqual([]);
    const versions = answers.map(({ body }) => (JSON.parse(body) as { VERSION: string }).VERSION);
    expect([versions[0], versions.at(-1)]).toEqual(['one', 'two']);
    expect(await visit()).toMatchObject({ VERSION: 'two' });
    await until(async () => (await said('version one was told to end')) === 2);
  }, 180_000);

  test('stays as it is when an image cannot run, and says why', async () => {
    const broken = synth({ version: 'three', image: ecs.ContainerImage.fromRegistry('nginx:1.29') });
    const { code, stdout, stderr } = await aws.deploy(broken);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('CannotPullContainerError');
    expect(stdout + stderr).toMatch(/nginx:1\.29.*Dockerfile.*node or python.*local-images\.json/s);
    expect(await visit()).toMatchObject({ VERSION: 'two' });
    expect((await described()).runningCount).toBe(2);
  }, 180_000);

  test('runs an image that is no official one when local-images.json names its program', async () => {
    const shop = path.join(__dirname, 'fixtures', 'shop');
    const rule = { command: ['node', 'server.js'], directory: shop, environment: { COLOUR: 'of the rule' } };
    fs.writeFileSync(path.join(folder, 'local-images.json'), JSON.stringify({ 'nginx:*': rule }));
    const named = synth({ version: 'four', image: ecs.ContainerImage.fromRegistry('nginx:1.29') });
    expect(await aws.deploy(named, ['--all'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(await visit()).toMatchObject({ VERSION: 'four', COLOUR: 'green' });
  }, 180_000);

  test('leaves no process when it is destroyed', async () => {
    await visit();
    await visit();
    expect(await aws.destroy(first)).toMatchObject({ code: 0 });
    expect([...pids].filter((pid) => identify(pid))).toEqual([]);
    expect(await aws.services()).toEqual([]);
    expect(aws.notes()).toEqual([]);
  }, 180_000);
});

async function until(what: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come true in time');
}
