import type { Mistakes } from '@groundplan/core';
import { StorageType } from 'aws-cdk-lib/aws-rds';
import { Token } from 'aws-cdk-lib/core';
import type { PostgresClusterProps } from '../postgres-cluster';

/** What a type of storage comes in: GiB, and operations a second. */
interface Range {
  readonly gib: readonly [number, number];
  readonly iops: readonly [number, number];
}

/**
 * What RDS has for PostgreSQL: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#Concepts.Storage
 *
 * gp3 begins at 400 GiB here: below, RDS refuses to be told of operations a second, and of a cluster it has to be told.
 */
const RANGES: { readonly [type in StorageType]?: Range } = {
  [StorageType.GP3]: { gib: [400, 65_536], iops: [12_000, 64_000] },
  [StorageType.IO1]: { gib: [100, 65_536], iops: [1000, 256_000] },
  [StorageType.IO2]: { gib: [100, 65_536], iops: [1000, 256_000] },
};
/** How many operations a second there may be for each GiB: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
const PER_GIB = [0.5, 50] as const;

/** What each instance of a cluster has. */
export interface ClusterStorage {
  readonly storageType: StorageType;
  readonly storageGiB: number;
  readonly iops: number;
}

/** What was said, and else the least that there is. */
export function clusterStorageOf({
  storageType = StorageType.GP3,
  storageGiB,
  iops,
}: Pick<PostgresClusterProps, 'storageType' | 'storageGiB' | 'iops'>): ClusterStorage {
  const { gib, iops: operations } = RANGES[storageType] ?? RANGES[StorageType.GP3]!;
  const size = storageGiB ?? gib[0];
  const least = Token.isUnresolved(size) ? 0 : Math.ceil(size * PER_GIB[0]);
  return { storageType, storageGiB: size, iops: iops ?? Math.min(Math.max(operations[0], least), operations[1]) };
}

/** Notes storage that RDS would refuse. */
export function checkClusterStorage(props: PostgresClusterProps, mistakes: Mistakes): void {
  const { storageType, storageGiB, iops } = clusterStorageOf(props);
  const range = RANGES[storageType];
  if (range === undefined)
    return mistakes.add({
      prop: 'storageType',
      mustBe: 'StorageType.GP3, IO1 or IO2',
      got: `"${storageType}"`,
      remedy: 'a Multi-AZ cluster takes no other; leave it out for gp3',
    });
  const { gib, iops: operations } = range;
  const isRead = [
    mistakes.requireLiteral(
      'storageGiB',
      props.storageGiB,
      'write the number: the alarm on free storage is worked out from it',
    ),
    mistakes.requireLiteral('iops', props.iops, 'write the number: what RDS takes depends on storageGiB'),
  ].every(Boolean);
  if (!isRead) return;
  if (!within(storageGiB, gib))
    mistakes.add({
      prop: 'storageGiB',
      mustBe: `a whole number from ${gib.join(' to ')} of ${storageType}`,
      got: `${storageGiB}`,
      remedy:
        storageType === StorageType.GP3 ? 'for less, pass storageType: StorageType.IO1' : 'there is no other size',
    });
  else if (!within(iops, [leastOf(storageGiB, operations[0]), mostOf(storageGiB, operations[1])]))
    mistakes.add({
      prop: 'iops',
      mustBe: `a whole number from ${leastOf(storageGiB, operations[0])} to ${mostOf(storageGiB, operations[1])} with ${storageGiB} GiB of ${storageType}`,
      got: `${iops}`,
      remedy: 'leave it out for the least',
    });
}

const within = (value: number, [least, most]: readonly [number, number]) =>
  Number.isInteger(value) && value >= least && value <= most;
const leastOf = (gib: number, least: number) => Math.max(least, Math.ceil(gib * PER_GIB[0]));
const mostOf = (gib: number, most: number) => Math.min(most, gib * PER_GIB[1]);
