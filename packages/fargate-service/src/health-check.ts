import type { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Duration } from 'aws-cdk-lib/core';

/** How a balancer finds out whether a task is well. */
export interface HealthCheckOptions {
  /**
   * What it asks for, beginning with a slash (IP-034).
   *
   * @default '/health'
   */
  readonly path?: string;
  /**
   * The answers that are good: codes and ranges such as `200`, `200,204` or `200-299`.
   *
   * @default '200'
   */
  readonly codes?: string;
  /**
   * How often it asks, 5 to 300 seconds.
   *
   * @default 10 seconds
   */
  readonly interval?: Duration;
  /**
   * How long it waits for the answer, 2 to 120 seconds and less than the interval.
   *
   * @default 5 seconds
   */
  readonly timeout?: Duration;
  /**
   * How many good answers make a task serve, 2 to 10.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;
  /**
   * How many bad ones end it, 2 to 10.
   *
   * @default 3
   */
  readonly unhealthyThreshold?: number;
  /**
   * How long after its start a task is not ended for bad answers (BB-093).
   *
   * @default 60 seconds
   */
  readonly gracePeriod?: Duration;
}

/** How a balancer speaks to the tasks. */
export interface TargetOptions {
  /**
   * Plain HTTP inside of the network, or HTTPS to the task, whose certificate is not checked (C11).
   *
   * @default ApplicationProtocol.HTTP
   */
  readonly protocol?: ApplicationProtocol;
  /**
   * How long requests that are under way may take when a task goes, up to 3600 seconds. For WebSockets, as long as a
   * connection is to live on.
   *
   * @default 30 seconds
   */
  readonly deregistrationDelay?: Duration;
  /**
   * Over how long a new task gets more and more requests, 30 to 900 seconds.
   *
   * @default its full share at once
   */
  readonly slowStart?: Duration;
  /**
   * How long a client stays with its task, by a cookie of the balancer, 1 second to 7 days.
   *
   * @default every request is spread anew
   */
  readonly stickiness?: Duration;
}
