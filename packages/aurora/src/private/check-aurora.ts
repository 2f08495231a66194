import type { Mistakes } from '@groundplan/core';
import { Token } from 'aws-cdk-lib/core';
import type { AuroraClusterProps } from '../aurora-cluster';
import { AuroraDefaults, FIXED } from './defaults';
import { limitsOf } from './limits';

/** Notes every mistake in what only Aurora has, and creates nothing. */
export function checkAurora(props: AuroraClusterProps, defaults: AuroraDefaults, mistakes: Mistakes): void {
  const { capacity, pooling, readers = defaults.readers } = props;
  if (
    mistakes.requireLiteral('readers', readers, 'write the number: it decides what is made') &&
    !(Number.isInteger(readers) && readers >= 0 && readers <= FIXED.mostReaders)
  )
    mistakes.add({
      prop: 'readers',
      mustBe: `a whole number from 0 to ${FIXED.mostReaders}`,
      got: `${readers}`,
      remedy: 'Aurora takes no more; cache what many read',
    });
  if (capacity?._instanceType) return;
  const keptAwake = pooling?.keepsAwake ?? false;
  const { minAcu, maxAcu } = limitsOf(capacity, defaults, keptAwake);
  const { autoPause } = capacity?._serverless ?? {};
  if ([minAcu, maxAcu].some((acu) => Token.isUnresolved(acu))) return;
  checkAcu('capacity.minAcu', minAcu, 0, mistakes);
  checkAcu('capacity.maxAcu', maxAcu, 1, mistakes);
  if (minAcu > maxAcu)
    mistakes.add({
      prop: 'capacity.minAcu',
      mustBe: `at most maxAcu, ${maxAcu}`,
      got: `${minAcu}`,
      remedy: 'lower it, or raise maxAcu',
    });
  if (keptAwake && minAcu === 0)
    mistakes.add({
      prop: 'capacity.minAcu',
      mustBe: '0.5 or more behind RDS Proxy',
      got: '0',
      remedy:
        'the proxy keeps connections open, so that it would never sleep: leave minAcu out, or use Pooling.pgBouncer(), which lets it',
    });
  if (autoPause === undefined) return;
  if (minAcu > 0)
    mistakes.add({
      prop: 'capacity.autoPause',
      mustBe: 'left out, where minAcu is more than 0',
      got: `it and minAcu ${minAcu}`,
      remedy: 'a cluster falls asleep at 0 only: pass minAcu: 0, or leave autoPause out',
    });
  const seconds = autoPause.toSeconds({ integral: false });
  const { shortestAutoPauseSeconds: shortest, longestAutoPauseSeconds: longest } = FIXED;
  if (!Token.isUnresolved(seconds) && !(Number.isInteger(seconds) && seconds >= shortest && seconds <= longest))
    mistakes.add({
      prop: 'capacity.autoPause',
      mustBe: '5 minutes to 24 hours, in whole seconds',
      got: `${seconds} seconds`,
      remedy: 'leave it out for 5 minutes',
    });
}

function checkAcu(prop: string, acu: number, least: number, mistakes: Mistakes): void {
  if (acu >= least && acu <= FIXED.mostAcu && Number.isInteger(acu * 2)) return;
  const nearest = Math.min(Math.max(Math.round(acu * 2) / 2, least), FIXED.mostAcu);
  mistakes.add({
    prop,
    mustBe: `${least} to ${FIXED.mostAcu} in steps of 0.5`,
    got: `${acu}`,
    remedy: `the nearest is ${nearest}`,
  });
}
