import type { Mistakes } from '@groundplan/core';
import { Duration } from 'aws-cdk-lib/core';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: an execution lasts a year at most. */
const LONGEST = Duration.days(365);

/** Notes a timeout that Step Functions does not take. */
export function checkTimeout(timeout: Duration, mistakes: Mistakes): void {
  const seconds = timeout.toSeconds({ integral: false });
  if (!mistakes.requireLiteral('timeout', seconds, 'write it out: alarms are made of it')) return;
  if (seconds >= 1 && seconds <= LONGEST.toSeconds()) return;
  mistakes.add({
    prop: 'timeout',
    mustBe: 'between 1 second and 365 days',
    got: `${seconds} seconds`,
    remedy: 'name how long a run may take, such as Duration.minutes(30)',
  });
}
