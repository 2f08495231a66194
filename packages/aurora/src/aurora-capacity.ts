import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { Duration } from 'aws-cdk-lib/core';

/** Between which limits a serverless cluster moves. */
export interface ServerlessOptions {
  /**
   * The fewest capacity units (ACU), 0 to 256 in steps of 0.5. With 0 the cluster sleeps when nobody has asked for `autoPause`, costs
   * only its storage, and needs about 15 seconds to wake up.
   *
   * @default by tier: 0, 0, 0.5, 1 (IP-016)
   */
  readonly minAcu?: number;
  /**
   * The most capacity units, 1 to 256 in steps of 0.5. One is about 2 GiB of memory with CPU and network to match, and costs by
   * the second.
   *
   * @default by tier: 2, 2, 4, 16 (IP-016)
   */
  readonly maxAcu?: number;
  /**
   * After how long without a connection it falls asleep, 5 minutes to 24 hours. Only with `minAcu: 0`.
   *
   * @default 5 minutes, where `minAcu` is 0
   */
  readonly autoPause?: Duration;
}

/** How a cluster is sized. */
export class AuroraCapacity {
  /** As much as is asked of it, between two limits. */
  public static serverless(options: ServerlessOptions = {}): AuroraCapacity {
    return new AuroraCapacity(options, undefined);
  }

  /** Instances of one size, all the time: cheaper where the load is even. */
  public static provisioned(instanceType: InstanceType): AuroraCapacity {
    return new AuroraCapacity(undefined, instanceType);
  }

  private constructor(
    /** @internal */
    public readonly _serverless: ServerlessOptions | undefined,
    /** @internal */
    public readonly _instanceType: InstanceType | undefined,
  ) {}
}
