import { Tier } from '@groundplan/core';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import { AutomaticScalingOptions, HealthCheckOptions, Scaling, TargetOptions, WebServiceProps } from '../src';
import { Ground, groundIn, serviceIn, serviceOn } from './services';

const at = Schedule.cron({ hour: '20', minute: '0' });
const { seconds } = Duration;

/** What is said of a service whose props are wrong. */
function refused(props: Partial<WebServiceProps>, tier = Tier.DEVELOPMENT): () => unknown {
  return () => serviceIn(tier, props);
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

describe('what is wrong with the task is said in its words', () => {
  test.each([0, 65536, 80.5])('port %d', (port) => {
    expect(refused({ port })).toThrow(/port must be between 1 and 65535, got/);
  });

  test('a pair of CPU and memory that Fargate does not offer', () => {
    expect(refused({ cpu: 256, memoryMiB: 4096 })).toThrow(/memoryMiB must be what Fargate offers with cpu 256/);
  });

  test('a variable that is in the environment and in the secrets, or is a secret itself', () => {
    expect(refused({ environment: { URL: 'postgres://me:secret@host/db' } })).toThrow(/environment\.URL must be/);
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
