import { Duration } from 'aws-cdk-lib/core';

/** How an alarm looks back over a time. */
export interface LookBack {
  readonly periodMinutes: number;
  readonly periods: number;
  /** For a person. */
  readonly described: string;
}

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: an alarm looks back over a day,
 * and over seven where its periods are an hour or longer.
 */
const REACH = [
  { periodMinutes: 5, reachMinutes: 24 * 60 },
  { periodMinutes: 60, reachMinutes: 7 * 24 * 60 },
];

/** As long as an alarm can look back, less the period that is not over. */
export const LONGEST_LOOK_BACK = Duration.hours(7 * 24 - 1);

/** The periods of an alarm that looks back over so many minutes; nothing where none can. */
export function lookBackOver(minutes: number): LookBack | undefined {
  for (const { periodMinutes, reachMinutes } of REACH) {
    // One more: the last period is not over yet.
    const periods = Math.ceil(minutes / periodMinutes) + 1;
    if (periods * periodMinutes <= reachMinutes)
      return { periodMinutes, periods, described: Duration.minutes(periods * periodMinutes).toHumanString() };
  }
  return undefined;
}
