import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '@groundplan/core';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { WatchedDatabase } from '../watched-database';
import { ALARMS, DatabaseDefaults } from './defaults';
import { worst } from './rds-metrics';
import type { InstanceStorage } from './storage';

const GIB = 2 ** 30;

/** Whose storage or replication is watched. */
type Whose = Pick<WatchedDatabase, 'dimensions' | 'instanceIdentifiers'>;

/** How a sign of one of several is told apart. */
export interface Named {
  /** What stands before its id: nothing, or `Replica1`. */
  readonly prefix: string;
  /** What it is called: `the instance`, `replica 1`. */
  readonly name: string;
}

/**
 * How much storage is left, in bytes, as RDS measures it. A percentage there is no metric for, so it is worked out here from what
 * the instance begins with. Where RDS adds storage by itself it does so when 10 % are left: then that has been tried in vain.
 */
export function freeStorage(
  whose: Whose,
  { sizeGiB, maxGiB }: InstanceStorage,
  { prefix, name }: Named,
  { outageSeverity }: DatabaseDefaults,
): VitalSign {
  const minutes = maxGiB > sizeGiB ? ALARMS.growingStorageMinutes : ALARMS.storageMinutes;
  const least = `${ALARMS.storagePercent} % of ${sizeGiB} GiB`;
  return sign(
    `${prefix}FreeStorage`,
    `Free storage of ${name}`,
    worst('FreeStorageSpace', whose, 'MIN'),
    SignUnit.BYTES,
    [
      AlarmRule.below(Math.floor((sizeGiB * GIB * ALARMS.storagePercent) / 100), {
        severity: outageSeverity,
        why:
          maxGiB > sizeGiB
            ? `Less than ${least} were left for ${minutes} minutes, and RDS added none: it may not, or it just has. Without any PostgreSQL stops.`
            : `Less than ${least} were left for ${minutes} minutes, and it does not grow. Without any PostgreSQL stops.`,
        runbook: 'storage-runs-out',
        periods: minutes,
      }),
    ],
  );
}

/** That RDS cannot add storage any more, or soon will not. */
export function storageLimit(identifiers: string[], { maxGiB }: InstanceStorage): VitalSign {
  return new VitalSign({
    id: 'StorageLimit',
    title: 'Storage has reached what it may grow to',
    source: SignSource.ofEvents({
      source: ['aws.rds'],
      detail: { SourceIdentifier: identifiers, EventID: Object.keys(LIMIT_EVENTS) },
    }),
    signal: GoldenSignal.SATURATION,
    unit: SignUnit.COUNT,
    alarms: [
      AlarmRule.onEvent({
        severity: Severity.WARNING,
        why: `Storage cannot grow by itself any more, or soon will not: it may grow to ${maxGiB} GiB. Raise maxStorageGiB.`,
        runbook: 'storage-runs-out',
      }),
    ],
  });
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
const LIMIT_EVENTS = {
  'RDS-EVENT-0223': 'storage cannot be scaled',
  'RDS-EVENT-0224': 'storage is about to reach its limit',
  'RDS-EVENT-0225': 'storage comes near its limit',
};

/** How far a copy is behind, and that it follows at all: else RDS says -1. */
export function replicaLag(whose: Whose, { prefix, name }: Named, seconds: number): VitalSign {
  return sign(
    `${prefix}ReplicaLag`,
    `How far ${name} is behind`,
    worst('ReplicaLag', whose),
    SignUnit.SECONDS,
    [
      AlarmRule.above(seconds, {
        severity: Severity.WARNING,
        why: `It was more than ${seconds} seconds behind for ${ALARMS.replicaLagMinutes} minutes: whoever reads there sees what was.`,
        runbook: 'replica-is-behind',
        periods: ALARMS.replicaLagMinutes,
      }),
      AlarmRule.below(0, {
        severity: Severity.WARNING,
        why: `It did not follow at all for ${ALARMS.replicaLagMinutes} minutes: replication has stopped.`,
        runbook: 'replica-is-behind',
        periods: ALARMS.replicaLagMinutes,
      }),
    ],
    GoldenSignal.LATENCY,
  );
}

/** The CPU of a copy; that of the instance is watched for every database. */
export function replicaCpu(whose: Whose, { prefix, name }: Named): VitalSign {
  return sign(`${prefix}Cpu`, `CPU of ${name}`, worst('CPUUtilization', whose), SignUnit.PERCENT, [
    AlarmRule.above(ALARMS.cpuPercent, {
      severity: Severity.WARNING,
      why: `It used more than ${ALARMS.cpuPercent} % of its CPU for ten minutes.`,
      runbook: 'database-is-busy',
      periods: ALARMS.cpuMinutes,
    }),
  ]);
}

function sign(
  id: string,
  title: string,
  metric: IMetric,
  unit: SignUnit,
  alarms: AlarmRule[],
  signal = GoldenSignal.SATURATION,
): VitalSign {
  return new VitalSign({ id, title, source: SignSource.ofMetric(metric), signal, unit, alarms });
}
