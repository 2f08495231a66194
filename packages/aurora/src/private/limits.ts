import { Token } from 'aws-cdk-lib/core';
import type { AuroraCapacity } from '../aurora-capacity';
import type { AuroraDefaults } from './defaults';

/** The fewest of a cluster that never sleeps. */
const AWAKE = 0.5;

/**
 * Between which capacity units a cluster moves: what was said, and else what the tier says, as far as the two fit. One that is kept
 * awake is not said to sleep.
 */
export function limitsOf(
  capacity: AuroraCapacity | undefined,
  defaults: AuroraDefaults,
  keptAwake: boolean,
): { minAcu: number; maxAcu: number } {
  const { minAcu, maxAcu } = capacity?._serverless ?? {};
  const fewest = keptAwake ? Math.max(defaults.minAcu, AWAKE) : defaults.minAcu;
  return {
    minAcu: minAcu ?? Math.min(fewest, known(maxAcu) ?? defaults.maxAcu),
    maxAcu: maxAcu ?? Math.max(defaults.maxAcu, known(minAcu) ?? defaults.minAcu),
  };
}

/** A token is a number too, and far below zero. */
function known(acu: number | undefined): number | undefined {
  return Token.isUnresolved(acu) ? undefined : acu;
}
