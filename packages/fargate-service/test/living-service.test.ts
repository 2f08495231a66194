import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { TestAws, ask, visitedWhile } from '@groundplan/local';
import { Image } from '@groundplan/task';
import { Deployment } from '../src';
import { ACCOUNT, Questions, REGION, until } from './living-questions';
import { LOCAL_IMAGES, TAG_PARAMETER, pushOrders, synthShop } from './living-shop';
import { whatStands } from './living-standing';

const GUESTBOOK = 'api.example.com.localhost';
const ORDERS = 'orders.example.com.localhost';
const SHOP = ['Shop', '--exclusively'];

let scratch: string;
let aws: TestAws;
let port: number;
let asked: Questions;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'groundplan-living-'));
  writeFileSync(join(scratch, 'local-images.json'), JSON.stringify(LOCAL_IMAGES));
  aws = await TestAws.start();
  ({ port } = aws.aws.instance());
  asked = new Questions(aws);
}, 180_000);
afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

/** Deploys; what went wrong is there to be compared with nothing. */
async function deploy(assembly: string, args = SHOP): Promise<{ said: string; wrong: string }> {
  const { code, stdout, stderr } = await aws.deploy(assembly, args, { cwd: scratch });
  return { said: stdout + stderr, wrong: code === 0 ? '' : stdout + stderr };
}

/** Every process that was seen, so that none is left in the end. */
const pids = new Set<number>();
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function guestbook() {
  const { version, task } = JSON.parse((await ask(port, GUESTBOOK, '/version')).body) as Record<string, string>;
  const pid = Number(task.split('-').pop());
  pids.add(pid);
  return { version, pid };
}

async function orders() {
  const answer = JSON.parse((await ask(port, ORDERS)).body) as Record<string, string> & { pid: number };
  pids.add(answer.pid);
  return answer;
}

async function mailers() {
  const lines = await asked.said('MailerTaskLogs', 'takes jobs');
  const found = lines.map((line) => Number(line.split(' ')[0]));
  for (const pid of found) pids.add(pid);
  return found;
}

// One story, told in order: each test begins where the one before it ended.
let assembly: string;

test('three services of a staging environment are deployed by the real CDK CLI', async () => {
  assembly = synthShop(scratch, { version: 'one' });
  const ground = await deploy(assembly, ['Network', 'Images', '--concurrency', '2']);
  expect(ground.wrong).toBe('');
  pushOrders(aws, await asked.output('Images', 'RepositoryUri'), '1.0.0');
  await asked.put(TAG_PARAMETER, '1.0.0');
  expect((await deploy(assembly)).wrong).toBe('');
  expect(await asked.stack('Shop')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  expect(aws.stubs()).toEqual([]);
}, 180_000);

describe('what stands, asked of the APIs of AWS', () => whatStands(() => asked));

describe('requests', () => {
  test('two services answer behind one listener, others nobody, and HTTP leads to HTTPS', async () => {
    expect(await guestbook()).toMatchObject({ version: 'one' });
    expect(await orders()).toMatchObject({ PORT: '3000', COLOUR: 'green', PASSWORD: 'mellon', TOKEN: 'a-token' });
    const [{ LoadBalancerName }] = await asked.loadBalancers();
    expect(await ask(port, `${LoadBalancerName}.alb.localhost`)).toMatchObject({ status: 404, body: 'Not found' });
    const { status, headers } = await ask(port, `80.${GUESTBOOK}`, '/version?a=b');
    expect([status, headers['x-groundplan-location']]).toEqual([301, 'https://api.example.com:443/version?a=b']);
    expect(await asked.said('OrdersTaskLogs', 'release 1.0.0 listens')).toHaveLength(2);
  });

  test('go on while a task is killed and replaced; only those that it was answering notice', async () => {
    const visitors = ['/version', '/version', '/version', '/'];
    const { answers, failures } = await visitedWhile(port, GUESTBOOK, visitors, async () => {
      const before = await asked.running('Guestbook');
      const { pid } = await guestbook();
      await new Promise((resolve) => setTimeout(resolve, 300));
      process.kill(pid, 'SIGKILL');
      await until(async () => {
        const another = (await asked.running('Guestbook')).some((task) => !before.includes(task));
        return another && (await asked.healthOf('Guestbook')).join() === 'healthy,healthy';
      });
      expect(lives(pid)).toBe(false);
    });
    expect(failures.filter((failure) => !failure.startsWith('502'))).toEqual([]);
    expect(failures.length).toBeLessThanOrEqual(visitors.length);
    expect(answers.length).toBeGreaterThan(20);
  }, 60_000);

  test('a job that is sent is done by one worker and is gone', async () => {
    const QueueUrl = await asked.idOf('AWS::SQS::Queue', 'MailerQueue');
    const [{ environment }] = (await asked.definition('Mailer')).containerDefinitions!;
    expect(environment).toEqual([{ name: 'QUEUE_URL', value: QueueUrl }]);
    await until(async () => (await mailers()).length === 2);
    await asked.sqs('SendMessage', { QueueUrl, MessageBody: 'a letter to Ada' });
    await until(async () => (await asked.said('MailerTaskLogs', 'mailed')).length > 0);
    // Neither waiting nor taken and not yet deleted.
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    await until(async () => {
      const { Attributes } = await asked.sqs<{ Attributes: object }>('GetQueueAttributes', {
        QueueUrl,
        AttributeNames,
      });
      return Object.values(Attributes).join() === '0,0';
    });
    expect(await asked.said('MailerTaskLogs', 'mailed')).toEqual(['mailed a letter to Ada']);
  }, 60_000);
});

describe('deployments', () => {
  test('another value in the environment rolls over without one failed request', async () => {
    const second = synthShop(scratch, { version: 'two' });
    const visitors = ['/version', '/version', '/version'];
    const { answers, failures } = await visitedWhile(port, GUESTBOOK, visitors, async () => {
      expect((await deploy(second)).wrong).toBe('');
    });
    expect(failures).toEqual([]);
    const versions = answers.map(({ body }) => (JSON.parse(body) as { version: string }).version);
    expect([versions[0], versions.at(-1)]).toEqual(['one', 'two']);
    await until(async () => (await asked.said('GuestbookTaskLogs', 'stopping')).length === 2);
    assembly = second;
  }, 180_000);

  test('a new tag in the parameter runs when the same app is deployed again (CA-091)', async () => {
    expect(await orders()).toMatchObject({ RELEASE: '1.0.0' });
    pushOrders(aws, await asked.output('Images', 'RepositoryUri'), '1.1.0');
    await asked.put(TAG_PARAMETER, '1.1.0');
    const { said, wrong } = await deploy(assembly);
    expect(wrong).toBe('');
    expect(said).not.toContain('no changes');
    expect(await orders()).toMatchObject({ RELEASE: '1.1.0', PASSWORD: 'mellon' });
    expect((await asked.definition('Orders')).containerDefinitions![0].image).toMatch(/:1\.1\.0$/);
    expect(await guestbook()).toMatchObject({ version: 'two' });
  }, 180_000);

  test('an image that nothing can run fails with its name, and all stays as it was', async () => {
    const before = await asked.definition('Guestbook');
    const image = Image.fromRegistry('registry.example.com/guestbook:3.0.0');
    const { wrong } = await deploy(synthShop(scratch, { version: 'three', image }));
    expect(wrong.replace(/\s+/g, ' ')).toMatch(
      /GuestbookService.*circuit breaker: 3 tasks failed.*CannotPullContainerError.*registry\.example\.com\/guestbook:3\.0\.0/,
    );
    expect(await asked.stack('Shop')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect((await asked.definition('Guestbook')).containerDefinitions).toEqual(before.containerDefinitions);
    await until(() => asked.runs('Guestbook', 2));
    expect(await guestbook()).toMatchObject({ version: 'two' });
  }, 180_000);

  test('rolling becomes blue/green with the same balancer, target group and service', async () => {
    const blueGreen = synthShop(scratch, { version: 'two', deployment: Deployment.blueGreen() });
    const [before, [balancer]] = [await asked.ids(), await asked.loadBalancers()];
    await deploy(blueGreen, [...SHOP, '--no-execute', '--change-set-name', 'look']);
    const changes = await asked.changes('look');
    expect(changes.filter(({ Action }) => Action === 'Remove')).toEqual([]);
    expect(changes.filter(({ Replacement }) => Replacement === 'True')).toEqual([]);
    // The name of the service is part of their ids, so that CloudFormation cannot tell before it has updated the service.
    const undecided = changes.filter(({ Replacement }) => Replacement === 'Conditional');
    expect(new Set(undecided.map(({ ResourceType }) => ResourceType!.split('::')[1]))).toEqual(
      new Set(['ApplicationAutoScaling']),
    );

    const { answers, failures } = await visitedWhile(port, GUESTBOOK, ['/version', '/version'], async () => {
      expect((await deploy(blueGreen)).wrong).toBe('');
    });
    expect(failures).toEqual([]);
    expect(answers.length).toBeGreaterThan(20);
    expect(await asked.ids()).toMatchObject(before);
    const { LoadBalancerArn, DNSName } = balancer;
    expect(await asked.loadBalancers()).toMatchObject([{ LoadBalancerArn, DNSName }]);

    const { deploymentConfiguration, loadBalancers, serviceArn } = await asked.service('Guestbook');
    expect(deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
    const group = (word: string) => asked.idOf('AWS::ElasticLoadBalancingV2::TargetGroup', `Guestbook${word}`);
    const alternateTargetGroupArn = await group('AlternateTargetGroup');
    expect(loadBalancers).toMatchObject([
      { targetGroupArn: await group('TargetGroup'), advancedConfiguration: { alternateTargetGroupArn } },
    ]);
    const [, test, production] = (await asked.listener(443)).rules;
    expect([test.Priority, production.Priority]).toEqual(['49999', '50000']);
    expect(aws.notes()).toContainEqual(
      expect.objectContaining({
        physicalId: serviceArn,
        note: 'deployed as a rolling update; only kept and not acted on: strategy, bake time, alarms',
      }),
    );
    assembly = blueGreen;
  }, 180_000);

  test('destroyed, nothing runs and nothing stands but what staging keeps', async () => {
    const repository = (await asked.output('Images', 'RepositoryUri')).split('/').pop();
    const bucket = await asked.idOf('AWS::S3::Bucket', 'GuestbookAccessLogs');
    await mailers();
    await until(async () => {
      await Promise.all([guestbook(), orders()]);
      return [...pids].filter(lives).length === 6;
    });
    expect(await aws.destroy(assembly)).toMatchObject({ code: 0 });
    expect([...pids].filter(lives)).toEqual([]);
    expect(await aws.services()).toEqual([]);
    expect(await asked.loadBalancers()).toEqual([]);
    expect(aws.notes()).toEqual([]);
    expect((await aws.stacks()).map(({ name }) => name)).toEqual(['CDKToolkit']);

    const { Buckets } = await new S3Client(aws.client(ACCOUNT, REGION)).send(new ListBucketsCommand({}));
    expect(Buckets!.map(({ Name }) => Name)).toContain(bucket);
    const registry = 'AmazonEC2ContainerRegistry_V20150921';
    expect(await asked.json('ecr', `${registry}.ListImages`, { repositoryName: repository })).toMatchObject({
      imageIds: [{ imageTag: '1.0.0' }, { imageTag: '1.1.0' }],
    });
  }, 180_000);
});
