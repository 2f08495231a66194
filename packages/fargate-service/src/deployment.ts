import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { DeploymentStrategy } from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import type { DeploymentHook } from './deployment-hook';

/** What can be said of every deployment. */
export interface RollingDeploymentOptions {
  /**
   * Alarms that roll a deployment back beside those of the service itself. They must not read metrics of this service:
   * CloudFormation could not tell which to make first.
   *
   * @default none
   */
  readonly alarms?: IAlarm[];
}

/** What can be said of a deployment that shifts traffic. */
export interface BlueGreenDeploymentOptions extends RollingDeploymentOptions {
  /**
   * How long the old version stays beside the new one after all traffic has shifted, in whole minutes up to a day. Until
   * then going back takes seconds.
   *
   * @default 10 minutes
   */
  readonly bakeTime?: Duration;
  /**
   * What is asked on the way. A no rolls back.
   *
   * @default nothing
   */
  readonly hooks?: DeploymentHook[];
  /**
   * The place of the rule that leads test traffic to the new version, before that of the service.
   *
   * @default the one before the service's own
   */
  readonly testPriority?: number;
}

/** What can be said of a canary. */
export interface CanaryDeploymentOptions extends BlueGreenDeploymentOptions {
  /**
   * How much of the traffic the new version gets first, 0.1 to 100 percent.
   *
   * @default 5
   */
  readonly percent?: number;
  /**
   * How long it gets no more, in whole minutes up to a day.
   *
   * @default 10 minutes
   */
  readonly stepBakeTime?: Duration;
}

/** What can be said of a linear shift. */
export interface LinearDeploymentOptions extends BlueGreenDeploymentOptions {
  /**
   * How much more of the traffic the new version gets in each step, 3 to 100 percent.
   *
   * @default 10
   */
  readonly percent?: number;
  /**
   * How long each step lasts, in whole minutes up to a day.
   *
   * @default 3 minutes
   */
  readonly stepBakeTime?: Duration;
}

/** @internal How traffic is shifted, with every default resolved. */
export interface TrafficShift {
  readonly strategy: DeploymentStrategy;
  readonly bakeTime: Duration;
  readonly hooks: DeploymentHook[];
  readonly testPriority?: number;
  /** In steps, but for blue/green. */
  readonly step?: { readonly percent: number; readonly bakeTime: Duration };
}

/** How new tasks take the place of old ones. Whichever is chosen, ECS does it, and a failed one is rolled back (C33). */
export class Deployment {
  /** New tasks beside the old ones, which go when the new ones answer: never fewer than before, at most twice as many. */
  public static rolling(options: RollingDeploymentOptions = {}): Deployment {
    return new Deployment('rolling', options.alarms);
  }

  /**
   * All tasks anew beside the old ones, tested through a rule of their own, then all traffic at once (BB-008, MB-024).
   * It needs a load balancer.
   */
  public static blueGreen(options: BlueGreenDeploymentOptions = {}): Deployment {
    return new Deployment('blueGreen', options.alarms, shift(DeploymentStrategy.BLUE_GREEN, options));
  }

  /** As blue/green, with a small part of the traffic first. */
  public static canary(options: CanaryDeploymentOptions = {}): Deployment {
    const { percent = 5, stepBakeTime = Duration.minutes(10) } = options;
    const step = { percent, bakeTime: stepBakeTime };
    return new Deployment('canary', options.alarms, { ...shift(DeploymentStrategy.CANARY, options), step });
  }

  /** As blue/green, with more and more of the traffic. */
  public static linear(options: LinearDeploymentOptions = {}): Deployment {
    const { percent = 10, stepBakeTime = Duration.minutes(3) } = options;
    const step = { percent, bakeTime: stepBakeTime };
    return new Deployment('linear', options.alarms, { ...shift(DeploymentStrategy.LINEAR, options), step });
  }

  private constructor(
    /** The word for it. */
    public readonly description: string,
    /** @internal */
    public readonly _alarms: IAlarm[] = [],
    /** @internal */
    public readonly _shift?: TrafficShift,
  ) {}
}

function shift(strategy: DeploymentStrategy, options: BlueGreenDeploymentOptions): TrafficShift {
  const { bakeTime = Duration.minutes(10), hooks = [], testPriority } = options;
  return { strategy, bakeTime, hooks, testPriority };
}
