import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** Who is told, and how fast. */
export enum Severity {
  /** Wakes somebody: users are affected, or will be within the hour. */
  CRITICAL = 'critical',
  /** Read on the next working day. */
  WARNING = 'warning',
}

/** How a value is held against the threshold. */
export enum AlarmCondition {
  /** More than the threshold. */
  ABOVE = 'above',
  /** Less than the threshold. */
  BELOW = 'below',
  /** Outside the band that CloudWatch learnt; the threshold is its width in standard deviations. */
  ANOMALY = 'anomaly',
  /** The event happened. There is no threshold. */
  EVENT = 'event',
}

/** What every alarm rule says. */
export interface AlarmRuleProps {
  /** Who is told. */
  readonly severity: Severity;
  /** One sentence for the person who is woken: what is wrong when this fires. */
  readonly why: string;
  /** The anchor of the runbook section, without `#`. */
  readonly runbook: string;
  /**
   * How many of the evaluated periods must breach (the m of "m of n").
   *
   * @default all of `periods`
   */
  readonly breaches?: number;
  /**
   * How many of the metric's periods are looked at (the n of "m of n").
   *
   * @default 1
   */
  readonly periods?: number;
  /**
   * What a period without data means.
   *
   * @default TreatMissingData.NOT_BREACHING, for metrics that are only written when something happens
   */
  readonly missingData?: TreatMissingData;
}

/** When a vital sign deserves an alarm. Its threshold is already the one of the environment: whoever renders it decides nothing. */
export class AlarmRule {
  /** Fires while the value is above the threshold, in the sign's unit. */
  public static above(threshold: number, props: AlarmRuleProps): AlarmRule {
    return new AlarmRule(AlarmCondition.ABOVE, threshold, props);
  }

  /** Fires while the value is below the threshold, in the sign's unit. */
  public static below(threshold: number, props: AlarmRuleProps): AlarmRule {
    return new AlarmRule(AlarmCondition.BELOW, threshold, props);
  }

  /**
   * Fires while the value is outside the band that CloudWatch learns from up to two weeks of the metric.
   *
   * @param standardDeviations the width of the band on each side; 2 is common, 3 is patient
   */
  public static anomaly(standardDeviations: number, props: AlarmRuleProps): AlarmRule {
    return new AlarmRule(AlarmCondition.ANOMALY, standardDeviations, props);
  }

  /** Fires at every event of the sign's pattern. */
  public static onEvent(props: AlarmRuleProps): AlarmRule {
    return new AlarmRule(AlarmCondition.EVENT, undefined, props);
  }

  /** Who is told. */
  public readonly severity: Severity;
  /** What is wrong when this fires. */
  public readonly why: string;
  /** The anchor of the runbook section. */
  public readonly runbook: string;
  /** The m of "m of n". */
  public readonly breaches: number;
  /** The n of "m of n". */
  public readonly periods: number;
  /** What a period without data means. */
  public readonly missingData: TreatMissingData;

  private constructor(
    /** How the value is held against the threshold. */
    public readonly condition: AlarmCondition,
    /** In the sign's unit; standard deviations for an anomaly; nothing for an event. */
    public readonly threshold: number | undefined,
    props: AlarmRuleProps,
  ) {
    this.severity = props.severity;
    this.why = props.why;
    this.runbook = props.runbook;
    this.periods = props.periods ?? 1;
    this.breaches = props.breaches ?? this.periods;
    this.missingData = props.missingData ?? TreatMissingData.NOT_BREACHING;
    if (!(this.breaches >= 1 && this.breaches <= this.periods))
      throw new Error(
        `AlarmRule: breaches must be between 1 and periods (${this.periods}), got ${this.breaches}; raise periods or lower breaches`,
      );
    if (threshold !== undefined && !Number.isFinite(threshold))
      throw new Error(
        `AlarmRule: threshold must be a finite number, got ${threshold}; resolve it for the environment first`,
      );
  }
}
