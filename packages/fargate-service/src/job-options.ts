import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Duration } from 'aws-cdk-lib/core';

/** What the jobs of a worker are like. Every prop may be left out. */
export interface JobOptions {
  /**
   * How long one job takes as a rule. With `acceptableDelay` it decides how many jobs may wait for each task.
   *
   * @default 10 seconds
   */
  readonly typicalTime?: Duration;
  /**
   * How long one job takes at most, up to 11 hours. So long, and as long as a task has to stop, a job that was taken is not
   * given to another.
   *
   * @default 5 minutes
   */
  readonly longestTime?: Duration;
  /**
   * How long a job may wait until it is begun.
   *
   * @default 1 minute
   */
  readonly acceptableDelay?: Duration;
  /**
   * How often a job is tried before it is put aside, 1 to 1000.
   *
   * @default 3
   */
  readonly attempts?: number;
  /**
   * A key of yours for both queues.
   *
   * @default the key of SQS
   */
  readonly encryptionKey?: IKey;
}
