import { Severity, Tier } from '@groundplan/core';
import { Duration } from 'aws-cdk-lib/core';

/** Everything about an Aurora cluster that depends on the tier, beside what all databases have. The README's table is generated from it. */
export interface AuroraDefaults {
  /** The fewest capacity units; with 0 it sleeps when nobody asks (IP-016). */
  readonly minAcu: number;
  /** The most capacity units (IP-016). One is about 2 GiB of memory with CPU and network to match. */
  readonly maxAcu: number;
  /** How many instances beside the writer answer what only reads, and take over when it fails. */
  readonly readers: number;
  /** Who is told when users are affected. */
  readonly outageSeverity: Severity;
}

export const DEFAULTS: { readonly [tier in Tier]: AuroraDefaults } = {
  [Tier.SANDBOX]: { minAcu: 0, maxAcu: 2, readers: 0, outageSeverity: Severity.WARNING },
  [Tier.DEVELOPMENT]: { minAcu: 0, maxAcu: 2, readers: 0, outageSeverity: Severity.WARNING },
  [Tier.STAGING]: { minAcu: 0.5, maxAcu: 4, readers: 1, outageSeverity: Severity.WARNING },
  [Tier.PRODUCTION]: { minAcu: 1, maxAcu: 16, readers: 1, outageSeverity: Severity.CRITICAL },
};

/** What holds in every tier, and what Aurora takes: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html */
export const FIXED = {
  autoPause: Duration.minutes(5),
  shortestAutoPauseSeconds: 300,
  longestAutoPauseSeconds: 86_400,
  mostAcu: 256,
  mostReaders: 15,
} as const;

/** From which value on somebody is told. */
export const ALARMS = {
  /** C26, IP-056; at 100 % it cannot grow any more. */
  acuPercent: 90,
  acuMinutes: 5,
  /** RU-071: a turn is a change of direction by more than half a unit on either side, from one minute to the next. */
  acuTurns: 10,
  acuTurnMinutes: 30,
  acuTurnStep: 0.5,
  /** Readers share the storage and are usually less than 100 ms behind: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html */
  replicaLagSeconds: 1,
  replicaLagMinutes: 5,
  /** In 5 minutes. Some are bound to happen, and whoever lost tries again. */
  deadlocks: 5,
} as const;
