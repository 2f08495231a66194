import { Tier } from '@groundplan/core';
import { ContainerSecret, Image, Tag } from '@groundplan/task';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository as EcrRepository } from 'aws-cdk-lib/aws-ecr';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Stack } from 'aws-cdk-lib/core';
import {
  AutomaticScalingOptions,
  Deployment,
  HealthCheckOptions,
  Scaling,
  TargetOptions,
  WebServiceProps,
  WorkerService,
  WorkerServiceProps,
} from '../src';
import { Ground, INGRESSES, groundIn, serviceIn, serviceOn } from './services';

const at = Schedule.cron({ hour: '20', minute: '0' });
const { seconds } = Duration;

/** What is said of a service whose props are wrong. */
function refused(props: Partial<WebServiceProps>, tier = Tier.DEVELOPMENT): () => unknown {
  return () => serviceIn(tier, props);
}
function workerOn({ stack, network }: Ground, props: Partial<WorkerServiceProps>): WorkerService {
  return new WorkerService(stack, 'Mailer', { vpc: network.vpc, image: Image.placeholder(), ...props });
}
const message = (text: string) => new Error(`WebService "Services/Api": ${text}`);

describe('a mistake is refused with the prop, the value, what is allowed and what to do', () => {
  const one = (tasks: number, lowest = 1) => `a whole number of tasks, ${lowest} or more, got ${tasks};`;
  const stop = 'Scaling.fixed(0) stops a service';
  const noun = 'must be a PascalCase noun that no other schedule has, got';
  const other = 'it becomes part of a logical id; choose one such as Night';
  const share = (percent: number) => `it is the share of what a task reserves; leave it out for ${percent}`;

  test.each<[string, AutomaticScalingOptions, string]>([
    [
      'more at least than at most',
      { min: 5, max: 3 },
      'scaling.min must be at most max, 3, got 5; raise max or lower min',
    ],
    ['no task at least', { min: 0 }, `scaling.min must be ${one(0)} ${stop}`],
    ['no task at most', { min: 1, max: 0 }, ''],
    ['half a task', { max: 2.5 }, `scaling.max must be ${one(2.5)} ${stop}`],
    [
      'more than all of the CPU',
      { cpuPercent: 101 },
      `scaling.cpuPercent must be between 1 and 100, got 101; ${share(60)}`,
    ],
    [
      'nothing of the memory',
      { memoryPercent: 0 },
      `scaling.memoryPercent must be between 1 and 100, got 0; ${share(70)}`,
    ],
    [
      'a schedule of two words',
      { schedules: [{ name: 'At night', at, min: 1 }] },
      `scaling.schedules[0].name ${noun} "At night"; ${other}`,
    ],
    [
      'a schedule twice',
      {
        schedules: [
          { name: 'Night', at, min: 1 },
          { name: 'Night', at, max: 2 },
        ],
      },
      `scaling.schedules[1].name ${noun} "Night"; ${other}`,
    ],
    [
      'a schedule that changes nothing',
      { schedules: [{ name: 'Night', at }] },
      'scaling.schedules[0] must be other limits, got neither min nor max; say what holds from then on, or leave the schedule out',
    ],
    [
      'fewer than none at night',
      { schedules: [{ name: 'Night', at, min: -1 }] },
      `scaling.schedules[0].min must be ${one(-1, 0)} count the tasks that are to run`,
    ],
    [
      'a night that asks for more than there may be',
      { max: 4, schedules: [{ name: 'Night', at, min: 5 }] },
      'scaling.schedules[0].min must be at most max, 4, got 5; raise max or lower min',
    ],
  ])('scaling: %s', (_, options, text) => {
    const attempt = refused({ scaling: Scaling.automatic(options) });
    if (text) expect(attempt).toThrow(message(text));
    else
      expect(attempt).toThrow(
        /2 mistakes:\n {2}- scaling.max must be a whole number[^]*\n {2}- scaling.min must be at most max, 0/,
      );
  });

  test.each([-1, 1.5, NaN])('scaling: fixed at %d', (tasks) => {
    const text = `scaling must be ${one(tasks, 0)} count the tasks that are to run`;
    expect(refused({ scaling: Scaling.fixed(tasks) })).toThrow(message(text));
  });

  test('scaling: requests decide, and nobody counts them', () => {
    const scaling = Scaling.automatic({ requestsPerTarget: 100 });
    expect(refused({ scaling, ingress: undefined })).toThrow(
      message(
        'scaling.requestsPerTarget must be left out without a load balancer, got 100, with an ingress that counts no requests; choose an ingress with a load balancer, or scale on CPU and memory',
      ),
    );
  });

  const nothingElse = 'AWS takes nothing else; leave it out for the default';
  const threeDigits = 'write three digits each, without spaces';
  test.each<[string, HealthCheckOptions, string]>([
    ['a path without a slash', { path: 'up' }, 'path must be a path that begins with a slash, got "up"; write "/up"'],
    ['no code', { codes: '' }, `codes must be codes and ranges such as 200,204 or 200-299, got ""; ${threeDigits}`],
    [
      'codes with spaces',
      { codes: '200, 204' },
      `codes must be codes and ranges such as 200,204 or 200-299, got "200, 204"; ${threeDigits}`,
    ],
    [
      'a class of codes',
      { codes: '2xx' },
      `codes must be codes and ranges such as 200,204 or 200-299, got "2xx"; ${threeDigits}`,
    ],
    [
      'asked too often',
      { interval: seconds(4), timeout: seconds(2) },
      `interval must be 5 to 300 whole seconds, got 4; ${nothingElse}`,
    ],
    [
      'asked too seldom',
      { interval: seconds(301) },
      `interval must be 5 to 300 whole seconds, got 301; ${nothingElse}`,
    ],
    [
      'a part of a second',
      { interval: Duration.millis(7500) },
      `interval must be 5 to 300 whole seconds, got 7.5; ${nothingElse}`,
    ],
    ['no time for an answer', { timeout: seconds(1) }, `timeout must be 2 to 120 whole seconds, got 1; ${nothingElse}`],
    [
      'an answer that may take until the next question',
      { timeout: seconds(10) },
      'timeout must be less than the interval, 10 seconds, got 10; ask less often or wait less long',
    ],
    [
      'well after one answer',
      { healthyThreshold: 1 },
      `healthyThreshold must be 2 to 10 whole answers, got 1; ${nothingElse}`,
    ],
    [
      'bad after eleven',
      { unhealthyThreshold: 11 },
      `unhealthyThreshold must be 2 to 10 whole answers, got 11; ${nothingElse}`,
    ],
    [
      'half an answer',
      { healthyThreshold: 2.5 },
      `healthyThreshold must be 2 to 10 whole answers, got 2.5; ${nothingElse}`,
    ],
  ])('health check: %s', (_, healthCheck, text) => {
    expect(refused({ healthCheck })).toThrow(message(`healthCheck.${text}`));
  });

  test.each<[string, TargetOptions, string]>([
    [
      'a slow start that is quick',
      { slowStart: seconds(29) },
      `slowStart must be 30 to 900 whole seconds, got 29; ${nothingElse}`,
    ],
    [
      'requests that take longer than an hour',
      { deregistrationDelay: seconds(3601) },
      `deregistrationDelay must be 0 to 3600 whole seconds, got 3601; ${nothingElse}`,
    ],
    [
      'clients that stay for more than a week',
      { stickiness: Duration.days(8) },
      `stickiness must be 1 to 604800 whole seconds, got 691200; ${nothingElse}`,
    ],
  ])('targets: %s', (_, targets, text) => {
    expect(refused({ targets })).toThrow(message(`targets.${text}`));
  });

  test.each<[string, (ground: Ground) => Cluster | ReturnType<typeof Cluster.fromClusterAttributes>, string]>([
    [
      'an imported one without its VPC',
      ({ stack }) =>
        Cluster.fromClusterArn(stack, 'Cluster', stack.formatArn({ service: 'ecs', resource: 'cluster/c' })),
      "one whose VPC is known, got an imported one without; import it with Cluster.fromClusterAttributes(this, 'Cluster', { clusterName, vpc })",
    ],
    [
      'one of another VPC of the app',
      ({ stack }) => new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc') }),
      'in the VPC of the service, "Network/Network/Vpc", got one in "Services/Vpc"; pass the vpc of the cluster, or another cluster',
    ],
  ])('cluster: %s', (_, cluster, text) => {
    const ground = groundIn(Tier.DEVELOPMENT);
    expect(() => serviceOn(ground, { cluster: cluster(ground) as Cluster })).toThrow(
      message(`cluster must be ${text}`),
    );
  });

  test('cluster: one of another VPC, both imported', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const imported = (vpcId: string) =>
      Vpc.fromVpcAttributes(ground.stack, vpcId, {
        vpcId,
        availabilityZones: ['eu-central-1a'],
        privateSubnetIds: ['subnet-1'],
      });
    const cluster = Cluster.fromClusterAttributes(ground.stack, 'Cluster', {
      clusterName: 'c',
      vpc: imported('vpc-1'),
    });
    expect(() => serviceOn(ground, { cluster, vpc: imported('vpc-2') })).toThrow(
      message(
        'cluster must be in the VPC of the service, vpc-2, got one in vpc-1; pass the vpc of the cluster, or another cluster',
      ),
    );
  });

  test('several at once are one error, each with its path', () => {
    expect(
      refused({
        scaling: Scaling.automatic({ min: 3, max: 2, cpuPercent: 0 }),
        healthCheck: { path: 'health', codes: 'ok' },
        targets: { slowStart: seconds(1) },
      }),
    ).toThrow(
      /^WebService "Services\/Api" has 5 mistakes:\n {2}- scaling\.min [^]*\n {2}- scaling\.cpuPercent [^]*\n {2}- healthCheck\.path [^]*\n {2}- healthCheck\.codes [^]*\n {2}- targets\.slowStart /,
    );
  });
});

const listens = 'name the port that the container listens on, above 1023 for a user without rights';
const handsOver = 'let the process hand over longer work, such as a message that becomes visible again';
const pair =
  'memoryMiB must be what Fargate offers with cpu 256: 512, 1024, 2048, got 4096; the nearest is 2048, or take cpu 512 with 4096';
const shells =
  'environment.a-b must be a name of letters, digits and "_" that does not begin with a digit, got "a-b"; respell it: shells cannot read another';
const confidential =
  "environment.URL must be nothing confidential, got a secret that would stand in the task definition in the clear; pass it as secrets: { URL: ContainerSecret.fromSecret(secret, 'field') }";
/** What is wrong with a task, by itself. */
const wrongTask = { cpu: 256, memoryMiB: 4096, environment: { 'a-b': 'x', URL: 'postgres://me:secret@host/db' } };

describe('what is wrong with the task is said in its words, under the name of the service', () => {
  test.each([0, 65536, 80.5])('port %d', (port) => {
    expect(refused({ port })).toThrow(message(`port must be between 1 and 65535, got ${port}; ${listens}`));
  });

  test('a pair of CPU and memory that Fargate does not offer', () => {
    expect(refused({ cpu: 256, memoryMiB: 4096 })).toThrow(message(pair));
  });

  test('a variable that is a secret', () => {
    expect(refused({ environment: { URL: 'postgres://me:secret@host/db' } })).toThrow(message(confidential));
  });

  test('a second PORT, where nobody said which', () => {
    expect(refused({ environment: { PORT: '3000' } })).toThrow(
      message(
        'environment.PORT must be left out where there is a port, got another one; the container gets its port in PORT; pass port alone',
      ),
    );
  });

  const own = 'got another one; the container gets the URL of its queue in QUEUE_URL; pass queue for one of yours';
  test('a second QUEUE_URL of a worker', () => {
    const secret = ContainerSecret.fromSecret(Secret.fromSecretNameV2(new Stack(), 'Secret', 'shop'));
    for (const [prop, props] of Object.entries({
      environment: { environment: { QUEUE_URL: 'x' } },
      secrets: { secrets: { QUEUE_URL: secret } },
    }))
      expect(() => workerOn(groundIn(Tier.DEVELOPMENT), props)).toThrow(
        new Error(`WorkerService "Services/Mailer": ${prop}.QUEUE_URL must be left out, ${own}`),
      );
  });
});

describe('what is wrong with the service and with its task is one error, and nothing is made', () => {
  const allOf = (subject: string, lines: string[]) =>
    new Error(`${subject} has ${lines.length} mistakes:\n${lines.map((line) => `  - ${line}`).join('\n')}`);
  /** What was made in a stack by something that is refused. */
  const leftBy = ({ stack }: Ground, build: () => unknown, error: Error) => {
    const before = new Set(stack.node.findAll());
    expect(build).toThrow(error);
    return stack.node.findAll().filter((it) => !before.has(it));
  };
  const byParameter = ({ stack }: Ground) =>
    Image.fromRepository(EcrRepository.fromRepositoryName(stack, 'Repository', 'api'), {
      tag: Tag.fromParameter('/shop/api/image-tag'),
    });

  test('WebService', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const props: Partial<WebServiceProps> = {
      ...wrongTask,
      image: byParameter(ground),
      port: 0,
      container: { stopTimeout: Duration.minutes(3) },
      ingress: INGRESSES['a public load balancer'](ground),
      scaling: Scaling.automatic({ min: 5, max: 3 }),
      healthCheck: { path: 'up' },
    };
    const error = allOf('WebService "Services/Api"', [
      'scaling.min must be at most max, 3, got 5; raise max or lower min',
      'healthCheck.path must be a path that begins with a slash, got "up"; write "/up"',
      pair,
      `port must be between 1 and 65535, got 0; ${listens}`,
      shells,
      confidential,
      `container.stopTimeout must be between 1 and 120 whole seconds, got 180; ${handsOver}`,
    ]);
    const left = leftBy(ground, () => serviceOn(ground, props), error);
    expect(left.map(({ node }) => node.path)).toEqual(['Services/Api']);
  });

  test('WorkerService', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const props: Partial<WorkerServiceProps> = {
      ...wrongTask,
      image: byParameter(ground),
      jobs: { attempts: 0, longestTime: Duration.millis(90_500) },
      deployment: Deployment.blueGreen(),
    };
    const error = allOf('WorkerService "Services/Mailer"', [
      'jobs.longestTime must be between 1 second and 11 hours, in whole seconds (39600 at most), got 90.5; SQS gives a message to another task after 12 hours; cut the job into pieces, or use a OneOffTask',
      'jobs.attempts must be a whole number between 1 and 1000, got 0; count the first one too',
      'deployment must be Deployment.rolling(), got Deployment.blueGreen(); a queue has no traffic to shift: both versions would take jobs; leave it out',
      pair,
      shells,
      confidential,
    ]);
    const left = leftBy(ground, () => workerOn(ground, props), error);
    expect(left.map(({ node }) => node.path)).toEqual(['Services/Mailer']);
  });
});

describe('no mistake', () => {
  test.each<[string, Partial<WebServiceProps>]>([
    ['the shortest health check', { healthCheck: { interval: seconds(5), timeout: seconds(2), healthyThreshold: 2 } }],
    [
      'the longest health check',
      { healthCheck: { interval: seconds(300), timeout: seconds(120), unhealthyThreshold: 10 } },
    ],
    ['every code', { healthCheck: { codes: '200-499' } }],
    ['the limits of targets', { targets: { slowStart: seconds(900), stickiness: Duration.days(7) } }],
    ['no time for requests under way', { targets: { deregistrationDelay: seconds(0) } }],
    ['as many at least as at most', { scaling: Scaling.automatic({ min: 4, max: 4 }) }],
    ['a night without tasks', { scaling: Scaling.automatic({ schedules: [{ name: 'Night2', at, min: 0, max: 0 }] }) }],
    ['all of the CPU', { scaling: Scaling.automatic({ cpuPercent: 100, memoryPercent: 1 }) }],
    ['the first port and the last', { port: 65535 }],
  ])('%s', (_, props) => {
    expect(refused(props)).not.toThrow();
  });
});
