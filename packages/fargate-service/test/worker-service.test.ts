import { join } from 'node:path';
import { AlarmCondition, ConnectTarget, Severity, Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Image } from '@groundplan/task';
import { contractOf, expectContract } from '@groundplan/testing';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Deployment, Scaling, WebService, WorkerService, WorkerServiceProps } from '../src';
import { Ground, TIERS, groundIn } from './services';

function workerIn(tier: Tier, props: Partial<WorkerServiceProps> = {}, ground: Ground = groundIn(tier)) {
  const image = Image.fromRegistry('registry.example.com/mailer:1.4.2');
  return { ...ground, worker: new WorkerService(ground.stack, 'Mailer', { vpc: ground.network.vpc, image, ...props }) };
}

const templateOf = (props?: Partial<WorkerServiceProps>, ground?: Ground) =>
  Template.fromStack(workerIn(Tier.PRODUCTION, props, ground).stack);

describe('the queue', () => {
  test('keeps jobs for 14 days, and puts aside for 14 days what failed three times', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 14 * 86400,
      ReceiveMessageWaitTimeSeconds: 20,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        maxReceiveCount: 3,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MailerDeadLetterQueue'), 'Arn'] },
      },
    });
    template.allResourcesProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 86400 });
  });

  test('gives no job to another task while the first one may still be at it, stopping included', () => {
    templateOf({ jobs: { longestTime: Duration.minutes(20) } }).hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 20 * 60 + 120,
      RedrivePolicy: Match.anyValue(),
    });
    templateOf({ jobs: { longestTime: Duration.minutes(20) } }).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ StopTimeout: 120 })],
    });
  });

  test('is asked over TLS only, and by a key of the user where there is one', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const encryptionKey = new Key(ground.stack, 'Key');
    const template = templateOf({ jobs: { encryptionKey } }, ground);
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test('may be one that stands, which is then left as it is', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const arn = 'arn:aws-x:sqs:eu-central-1:111111111111:jobs';
    const { stack, worker } = workerIn(
      Tier.PRODUCTION,
      { queue: Queue.fromQueueArn(ground.stack, 'Jobs', arn) },
      ground,
    );
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 0);
    expect(worker.deadLetterQueue).toBeUndefined();
    expect(worker.vitalSigns().map(({ id }) => id)).not.toContain('JobsPutAside');
  });
});

describe('the tasks', () => {
  test('get QUEUE_URL, take jobs from this queue, and may protect themselves in their cluster', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Environment: [{ Name: 'QUEUE_URL', Value: { Ref: Match.stringLikeRegexp('^MailerQueue') } }],
        }),
      ],
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Action: Match.arrayWith(['sqs:ReceiveMessage', 'sqs:DeleteMessage']),
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MailerQueue'), 'Arn'] },
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
            Resource: {
              'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^MailerCluster') }, '/*'])],
            },
          },
        ],
      },
    });
  });

  test('are reached by nobody', () => {
    const { app, worker } = workerIn(Tier.PRODUCTION);
    const graph = TemplateGraph.of(app);
    expect(graph.whoReaches(graph.resourceOf(worker.service))).toEqual([]);
  });
});

describe('scaling', () => {
  test('holds the jobs that wait for each task at what one works off in time, by mathematics of CloudWatch', () => {
    const jobs = { typicalTime: Duration.seconds(2), acceptableDelay: Duration.minutes(1) };
    templateOf({ jobs }).hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 30,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
        CustomizedMetricSpecification: {
          Metrics: [
            { Id: 'visible', ReturnData: false, MetricStat: { Metric: { Namespace: 'AWS/SQS' } } },
            { Id: 'tasks', ReturnData: false, MetricStat: { Metric: { MetricName: 'RunningTaskCount' } } },
            { Id: 'backlog', ReturnData: true, Expression: 'visible / tasks' },
          ],
        },
      },
    });
  });

  test('a fixed number of tasks follows no backlog', () => {
    const template = templateOf({ scaling: Scaling.fixed(2) });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
    template.hasResourceProperties('AWS::ECS::Service', { DesiredCount: 2 });
  });
});

describe('vital signs', () => {
  test('tell the backlog, the age of the oldest job, and what was put aside', () => {
    const jobs = { longestTime: Duration.minutes(10), acceptableDelay: Duration.minutes(2) };
    const { worker } = workerIn(Tier.PRODUCTION, { jobs });
    const signs = new Map(worker.vitalSigns().map((sign) => [sign.id, sign]));
    expect([...signs.keys()].slice(0, 4)).toEqual(['JobsTaken', 'OldestJob', 'Backlog', 'JobsPutAside']);
    const [tooOld] = signs.get('OldestJob')!.alarms;
    expect([tooOld.condition, tooOld.threshold, tooOld.severity]).toEqual([
      AlarmCondition.ABOVE,
      12 * 60,
      Severity.CRITICAL,
    ]);
    expect(signs.get('JobsPutAside')!.alarms[0].threshold).toBe(0);
  });
});

test('another service gives it jobs: a grant to send, and nothing on the network', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const { worker, stack } = workerIn(Tier.PRODUCTION, {}, ground);
  const web = new WebService(stack, 'Web', { vpc: ground.network.vpc, image: Image.placeholder() });
  web.connectTo(worker);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [
        {
          Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MailerQueue'), 'Arn'] },
        },
      ],
    },
  });
  const graph = TemplateGraph.of(ground.app);
  expect(graph.whoReaches(graph.resourceOf(worker.service))).toEqual([]);
});

test.each(TIERS)('in %s it has the logical ids, deletion policies and create-only values that are deployed', (tier) => {
  expectContract(contractOf(workerIn(tier).stack), join(__dirname, 'contract.json'), `worker, ${tier}`);
});

describe('bad input', () => {
  test.each<[Partial<WorkerServiceProps>, string]>([
    [{ jobs: { longestTime: Duration.hours(12) } }, 'jobs.longestTime must be between 1 second and 11 hours'],
    [
      { jobs: { longestTime: Duration.seconds(5) } },
      'jobs.longestTime must be at least typicalTime, 10 seconds, got 5; raise it',
    ],
    [{ jobs: { typicalTime: Duration.seconds(0) } }, 'jobs.typicalTime must be longer than nothing, got 0'],
    [{ jobs: { acceptableDelay: Duration.seconds(0) } }, 'jobs.acceptableDelay must be longer than nothing, got 0'],
    [{ jobs: { attempts: 0 } }, 'jobs.attempts must be a whole number between 1 and 1000, got 0'],
    [
      { deployment: Deployment.blueGreen() },
      'deployment must be Deployment.rolling(), got Deployment.blueGreen(); a queue has no traffic to shift',
    ],
    [
      { scaling: Scaling.automatic({ min: 5, max: 2 }) },
      'scaling.min must be at most max, 2, got 5; raise max or lower min',
    ],
  ])('%#: %j', (props, message) => {
    expect(() => workerIn(Tier.PRODUCTION, props)).toThrow(message);
  });

  test('a key for a queue that stands', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const queue = new Queue(ground.stack, 'Jobs');
    const encryptionKey = new Key(ground.stack, 'Key');
    expect(() => workerIn(Tier.PRODUCTION, { queue, jobs: { encryptionKey } }, ground)).toThrow(
      'jobs.encryptionKey must be left out with a queue of yours, got both; the queue says how it is encrypted',
    );
  });

  test('a queue that another target already named', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const { worker } = workerIn(Tier.PRODUCTION, {}, ground);
    expect(() => worker.connectTo(ConnectTarget.queue(new Queue(ground.stack, 'Other')))).toThrow('QUEUE_URL');
  });
});
