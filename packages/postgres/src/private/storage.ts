import type { Mistakes } from '@groundplan/core';
import type { PostgresInstanceProps } from '../postgres-instance';
import type { DatabaseDefaults } from './defaults';

/** What gp3 comes in, in GiB: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage */
const LEAST = 20;
const MOST = 65_536;
/** How much larger it may become without a word. */
const GROWTH = 5;
/** RDS takes no limit that is nearer: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html */
const NEAREST_PERCENT = 110;

/** What an instance has, in GiB. */
export interface InstanceStorage {
  /** What it begins with. */
  readonly sizeGiB: number;
  /** What it may grow to; as much where it may not grow. */
  readonly maxGiB: number;
}

/** What was said, and else what the tier says. */
export function storageOf(
  { storageGiB, maxStorageGiB }: Pick<PostgresInstanceProps, 'storageGiB' | 'maxStorageGiB'>,
  defaults: DatabaseDefaults,
): InstanceStorage {
  const sizeGiB = storageGiB ?? defaults.storageGiB;
  const grown = Math.min(sizeGiB * GROWTH, MOST);
  return { sizeGiB, maxGiB: maxStorageGiB ?? (grown < nearestTo(sizeGiB) ? sizeGiB : grown) };
}

/** Notes storage that RDS would refuse. */
export function checkStorage(props: PostgresInstanceProps, defaults: DatabaseDefaults, mistakes: Mistakes): void {
  const { sizeGiB, maxGiB } = storageOf(props, defaults);
  const remedy = 'write the number: the alarm on free storage is worked out from it';
  const isRead = [
    mistakes.requireLiteral('storageGiB', props.storageGiB, remedy),
    mistakes.requireLiteral('maxStorageGiB', props.maxStorageGiB, 'write the number: RDS refuses one that is too near'),
  ].every(Boolean);
  if (!isRead) return;
  if (!(Number.isInteger(sizeGiB) && sizeGiB >= LEAST && sizeGiB <= MOST))
    mistakes.add({
      prop: 'storageGiB',
      mustBe: `a whole number from ${LEAST} to ${MOST}`,
      got: `${sizeGiB}`,
      remedy: 'gp3 comes in no other size',
    });
  const nearest = nearestTo(sizeGiB);
  if (props.maxStorageGiB === undefined || maxGiB === sizeGiB) return;
  if (!(Number.isInteger(maxGiB) && maxGiB >= nearest && maxGiB <= MOST))
    mistakes.add({
      prop: 'maxStorageGiB',
      mustBe: `a tenth more than storageGiB or larger, ${nearest} to ${MOST}, or ${sizeGiB} for storage that does not grow`,
      got: `${maxGiB}`,
      remedy: `leave it out for ${GROWTH} times storageGiB`,
    });
}

const nearestTo = (gib: number) => Math.ceil((gib * NEAREST_PERCENT) / 100);
