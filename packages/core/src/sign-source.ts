import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventPattern } from 'aws-cdk-lib/aws-events';

/** Where a vital sign is read: a metric, metric mathematics included, or events of a pattern. */
export class SignSource {
  /** A CloudWatch metric or a math expression over several. Creates nothing. */
  public static ofMetric(metric: IMetric): SignSource {
    return new SignSource(metric, undefined);
  }

  /** Events on the account's default bus, such as a failed deployment. Creates nothing. */
  public static ofEvents(pattern: EventPattern): SignSource {
    return new SignSource(undefined, pattern);
  }

  private constructor(
    /** The metric, where the sign is a number over time. */
    public readonly metric?: IMetric,
    /** The pattern, where the sign is something that happens. */
    public readonly eventPattern?: EventPattern,
  ) {}
}
