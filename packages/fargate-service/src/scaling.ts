import type { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { Duration, TimeZone } from 'aws-cdk-lib/core';

/** How predictive scaling is used. */
export enum Prediction {
  /** Forecasts are shown and nothing follows from them: look at them for two weeks first. */
  FORECAST_ONLY = 'ForecastOnly',
  /** Tasks are started ahead of the forecast load. It never stops any: target tracking does. */
  FORECAST_AND_SCALE = 'ForecastAndScale',
}

/** Other limits from a time on, such as for the night. */
export interface ScalingSchedule {
  /** A PascalCase noun that is unique in the service, such as `Night`. It becomes part of a logical id. */
  readonly name: string;
  /** When it begins to hold. */
  readonly at: Schedule;
  /**
   * The fewest tasks from then on.
   *
   * @default unchanged
   */
  readonly min?: number;
  /**
   * The most tasks from then on.
   *
   * @default unchanged
   */
  readonly max?: number;
  /**
   * The time zone of `at`.
   *
   * @default UTC
   */
  readonly timeZone?: TimeZone;
}

/** How many tasks run, and what decides it. */
export interface AutomaticScalingOptions {
  /**
   * The fewest tasks, 1 or more (C24).
   *
   * @default by tier: 1, 2 in staging, 3 in production
   */
  readonly min?: number;
  /**
   * The most tasks (C24).
   *
   * @default by tier: 2 in sandbox, 3 in development, 6 in staging, 9 in production
   */
  readonly max?: number;
  /**
   * The share of the reserved CPU that is aimed at, in percent (C23, CA-081).
   *
   * @default 60
   */
  readonly cpuPercent?: number;
  /**
   * The share of the reserved memory that is aimed at, in percent (C23, CA-081).
   *
   * @default 70
   */
  readonly memoryPercent?: number;
  /**
   * How many requests a minute one task is to serve.
   *
   * @default requests do not decide
   */
  readonly requestsPerTarget?: number;
  /**
   * How long it waits after tasks were started before it starts more (C23, CA-086).
   *
   * @default 60 seconds
   */
  readonly scaleOutCooldown?: Duration;
  /**
   * How long it waits after tasks were stopped before it stops more (C23, CA-086).
   *
   * @default 300 seconds
   */
  readonly scaleInCooldown?: Duration;
  /**
   * Other limits at times that are known.
   *
   * @default none
   */
  readonly schedules?: ScalingSchedule[];
  /**
   * Whether AWS forecasts the CPU from the last 14 days, by the hour.
   *
   * @default no forecast
   */
  readonly prediction?: Prediction;
}

/** How many tasks a service runs. */
export class Scaling {
  /** As many as the load asks for, within limits. The template then never says how many, so that no deployment undoes it. */
  public static automatic(options: AutomaticScalingOptions = {}): Scaling {
    return new Scaling(options, undefined);
  }

  /** Always as many, 0 or more: 0 stops a service without deleting it. */
  public static fixed(tasks: number): Scaling {
    return new Scaling(undefined, tasks);
  }

  private constructor(
    /** @internal */
    public readonly _automatic: AutomaticScalingOptions | undefined,
    /** @internal */
    public readonly _fixed: number | undefined,
  ) {}
}
