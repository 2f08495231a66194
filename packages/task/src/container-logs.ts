import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ContainerSecret } from './container-secret';

/** What can be said of container logs in CloudWatch. */
export interface CloudWatchContainerLogOptions {
  /**
   * How long they are kept.
   *
   * @default by tier: 30 days, 60 in staging, 90 in production (C27)
   */
  readonly retention?: RetentionDays;
  /**
   * A key of yours. It has to let CloudWatch Logs of the region use it.
   *
   * @default the key of CloudWatch Logs
   */
  readonly encryptionKey?: IKey;
}

/** What can be said of a log router. */
export interface FireLensOptions {
  /** The output plugin of Fluent Bit and its settings, such as `{ Name: 'http', Host: 'logs.example.com', tls: 'on' }`. */
  readonly options: { [name: string]: string };
  /**
   * Settings that are filled from secrets, such as an API key.
   *
   * @default none
   */
  readonly secretOptions?: { [name: string]: ContainerSecret };
  /**
   * The router's image, by a version or pinned by the digest that the registry answers for it.
   *
   * @default AWS's distribution of Fluent Bit, version 3.4.15
   */
  readonly image?: string;
  /**
   * How much of the task's memory it gets, in MiB: 64 or more.
   *
   * @default 64
   */
  readonly memoryMiB?: number;
}

/** Where a container writes its standard output and standard error. */
export class ContainerLogs {
  /**
   * To a log group of its own. The driver never blocks the process: when CloudWatch cannot keep up it drops the oldest
   * lines of a buffer of 25 MiB.
   */
  public static toCloudWatch(options: CloudWatchContainerLogOptions = {}): ContainerLogs {
    return new ContainerLogs(options);
  }

  /**
   * Through FireLens to wherever Fluent Bit writes: a router beside the application, as root, since AWS starts it so. What the
   * router itself has to say goes to the log group. The task ends when it ends, because nobody would see its lines any more.
   */
  public static toFireLens(options: FireLensOptions): ContainerLogs {
    return new ContainerLogs({}, options);
  }

  private constructor(
    /** @internal The log group of the task. */
    public readonly _cloudWatch: CloudWatchContainerLogOptions,
    /** @internal */
    public readonly _fireLens?: FireLensOptions,
  ) {}
}
