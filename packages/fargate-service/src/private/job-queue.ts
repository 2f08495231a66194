import { Findings, Mistakes } from '@groundplan/core';
import { IQueue, Queue, QueueEncryption, QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { JobOptions } from '../job-options';
import type { WorkerServiceProps } from '../worker-service';

/** What the jobs of a worker are like, with every default resolved. */
export interface Jobs {
  readonly typicalSeconds: number;
  readonly longestSeconds: number;
  readonly delaySeconds: number;
  readonly attempts: number;
  readonly encryptionKey?: IKey;
  /** How long a task has to put its job back or end it: the longest that Fargate gives, or less for short jobs. */
  readonly stopTimeout: Duration;
  /** How many jobs may wait for each task, so that the last of them is begun in time. */
  readonly backlogPerTask: number;
}

/** SQS gives a message back after 12 hours at most; an hour is left for stopping and for clocks. */
const LONGEST_JOB_SECONDS = 11 * 3600;
const LONGEST_STOP_SECONDS = 120;
/** How long SQS keeps what nobody took: the longest that it can. */
const KEPT = Duration.days(14);

export function jobsOf(options: JobOptions = {}): Jobs {
  const typicalSeconds = options.typicalTime?.toSeconds({ integral: false }) ?? 10;
  const longestSeconds =
    options.longestTime?.toSeconds({ integral: false }) ?? Math.max(300, Math.ceil(typicalSeconds));
  const delaySeconds = options.acceptableDelay?.toSeconds({ integral: false }) ?? 60;
  return {
    typicalSeconds,
    longestSeconds,
    delaySeconds,
    attempts: options.attempts ?? 3,
    encryptionKey: options.encryptionKey,
    stopTimeout: Duration.seconds(Math.min(LONGEST_STOP_SECONDS, Math.max(30, Math.ceil(longestSeconds)))),
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html: acceptable latency / time of a message
    backlogPerTask: delaySeconds / typicalSeconds,
  };
}

/** Notes every mistake in what is said of the jobs, and of how the container gets them. */
export function checkJobs(jobs: Jobs, props: WorkerServiceProps, mistakes: Mistakes): void {
  const { typicalSeconds, longestSeconds, delaySeconds, attempts } = jobs;
  const add = (prop: string, mustBe: string, got: number, remedy: string) =>
    mistakes.add({ prop: `jobs.${prop}`, mustBe, got: `${got}`, remedy });
  if (!(typicalSeconds > 0))
    add('typicalTime', 'longer than nothing', typicalSeconds, 'measure a job, in milliseconds where it is short');
  if (!(Number.isInteger(longestSeconds) && longestSeconds >= 1 && longestSeconds <= LONGEST_JOB_SECONDS))
    add(
      'longestTime',
      `between 1 second and 11 hours, in whole seconds (${LONGEST_JOB_SECONDS} at most)`,
      longestSeconds,
      'SQS gives a message to another task after 12 hours; cut the job into pieces, or use a OneOffTask',
    );
  if (longestSeconds < typicalSeconds)
    add('longestTime', `at least typicalTime, ${typicalSeconds} seconds`, longestSeconds, 'raise it');
  if (!(delaySeconds > 0)) add('acceptableDelay', 'longer than nothing', delaySeconds, 'a job waits until it is taken');
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 1000)
    add('attempts', 'a whole number between 1 and 1000', attempts, 'count the first one too');
  if (props.queue && jobs.encryptionKey)
    mistakes.add({
      prop: 'jobs.encryptionKey',
      mustBe: 'left out with a queue of yours',
      got: 'both',
      remedy: 'the queue says how it is encrypted',
    });
  for (const prop of ['environment', 'secrets'] as const)
    if ('QUEUE_URL' in (props[prop] ?? {}))
      mistakes.add({
        prop: `${prop}.QUEUE_URL`,
        mustBe: 'left out',
        got: 'another one',
        remedy: 'the container gets the URL of its queue in QUEUE_URL; pass queue for one of yours',
      });
}

/** A queue, and where it puts aside what fails again and again. Both are encrypted, and asked over TLS only. */
export function queueFor(scope: Construct, jobs: Jobs): { readonly queue: IQueue; readonly deadLetterQueue: IQueue } {
  const common: QueueProps = {
    encryption: jobs.encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: jobs.encryptionKey,
    enforceSSL: true,
    retentionPeriod: KEPT,
  };
  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', common);
  Findings.acknowledge(
    deadLetterQueue.node.defaultChild!,
    ['Serverless-SQSRedrivePolicy', 'cdk-validator-cfnguard::sqs_dlq_check'],
    'This is where jobs are put aside: behind it nothing takes them any further.',
  );
  const queue = new Queue(scope, 'Queue', {
    ...common,
    visibilityTimeout: Duration.seconds(jobs.longestSeconds + jobs.stopTimeout.toSeconds()),
    // Asking for messages waits until there is one: fewer questions, fewer empty answers.
    receiveMessageWaitTime: Duration.seconds(20),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: jobs.attempts },
  });
  if (!jobs.encryptionKey)
    for (const made of [queue, deadLetterQueue])
      Findings.acknowledge(
        made.node.defaultChild!,
        ['checkov::CKV_AWS_27'],
        'SQS encrypts with its own key. Pass jobs: { encryptionKey } for a key of yours.',
      );
  return { queue, deadLetterQueue };
}
