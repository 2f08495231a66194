import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';

/** Flow logs in CloudWatch. */
export interface CloudWatchFlowLogOptions {
  /**
   * How long they are kept.
   *
   * @default by tier: 30 days in sandbox and development, 60 in staging, 90 in production
   */
  readonly retention?: RetentionDays;
  /**
   * What becomes of the log group when the network is deleted.
   *
   * @default by tier: it goes with the network, and stays in production
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * The key that encrypts the log group. CloudWatch Logs must be allowed to use it.
   *
   * @default CloudWatch's own key
   */
  readonly encryptionKey?: IKey;
}

/** Flow logs in S3. */
export interface S3FlowLogOptions {
  /**
   * An existing bucket, such as that of a log archive account; its policy must let delivery.logs.amazonaws.com write.
   *
   * @default a private bucket that expires objects by tier and stays when the network is deleted
   */
  readonly bucket?: IBucket;
  /**
   * After how long objects of the bucket that is made here expire, in whole days.
   *
   * @default by tier: 30 days in sandbox and development, 60 in staging, 90 in production
   */
  readonly expiration?: Duration;
  /**
   * The key that encrypts the bucket that is made here.
   *
   * @default S3's own key
   */
  readonly encryptionKey?: IKey;
}

/** Where the record of all traffic goes. */
export class FlowLogs {
  /** To CloudWatch, where rejected flows are counted and can raise an alarm (IP-009, RU-077). */
  public static toCloudWatch(options: CloudWatchFlowLogOptions = {}): FlowLogs {
    return new FlowLogs(options, undefined);
  }

  /** To S3 as Parquet in hourly Hive partitions, as Athena reads them cheapest. Nothing is counted, no alarm is possible. */
  public static toS3(options: S3FlowLogOptions = {}): FlowLogs {
    return new FlowLogs(undefined, options);
  }

  /** To both: CloudWatch for alarms, S3 for questions over months. */
  public static toBoth(cloudWatch: CloudWatchFlowLogOptions = {}, s3: S3FlowLogOptions = {}): FlowLogs {
    return new FlowLogs(cloudWatch, s3);
  }

  /** Nowhere. AWS Solutions and NIST 800-53 R5 each find this wrong, and nobody can tell later who talked to whom. */
  public static none(): FlowLogs {
    return new FlowLogs(undefined, undefined);
  }

  private constructor(
    /** @internal */
    public readonly _cloudWatch?: CloudWatchFlowLogOptions,
    /** @internal */
    public readonly _s3?: S3FlowLogOptions,
  ) {}
}
