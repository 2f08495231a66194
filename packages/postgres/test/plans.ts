import { Tier } from '@groundplan/core';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StorageType } from 'aws-cdk-lib/aws-rds';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { MasterUser, Pooling, PostgresClusterProps, PostgresDatabaseProps, PostgresInstanceProps } from '../src';
import { TIERS, clusterOn, groundIn, instanceOn } from './standing';

/** One database out of the space of all that may be written. What stands in a stack is made when the plan is. */
export interface Plan<Props extends PostgresDatabaseProps> {
  readonly tier: Tier;
  readonly hasKey: boolean;
  readonly props: Partial<Props>;
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const days = (min: number, max: number) => fc.integer({ min, max }).map((value) => Duration.days(value));

/** Windows that do not meet: the backup before noon, the maintenance after it. */
const clock = (minutes: number) =>
  [minutes / 60, minutes % 60].map((part) => `${Math.floor(part)}`.padStart(2, '0')).join(':');
const span = (from: number, until: number) =>
  fc
    .integer({ min: from, max: until - 90 })
    .chain((start) => fc.integer({ min: start + 30, max: start + 90 }).map((end) => [clock(start), clock(end)]));
const backupWindows = span(0, 720).map(([from, to]) => `${from}-${to}`);
const maintenanceWindows = fc
  .tuple(fc.constantFrom('mon', 'wed', 'sun', 'Sat'), span(720, 1430))
  .map(([day, [from, to]]) => `${day}:${from}-${day}:${to}`);

const bouncers = fc
  .record({
    tasks: maybe(fc.integer({ min: 1, max: 4 })),
    serverConnections: maybe(fc.integer({ min: 1, max: 20 })),
    clientConnections: maybe(fc.integer({ min: 10, max: 10_000 })),
    cpu: maybe(fc.constantFrom(256, 512, 1024)),
    borrowTimeout: maybe(fc.integer({ min: 1, max: 300 }).map((seconds) => Duration.seconds(seconds))),
  })
  .map((options) => Pooling.pgBouncer(options));

/** All ways to share connections, or not to. */
const poolings: fc.Arbitrary<Pooling | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant(Pooling.none()),
  fc.constant(Pooling.rdsProxy()),
  bouncers,
);

/** Who of a pool reaches the database. */
export function peersOf(pooling: Pooling | undefined): string[] {
  if (pooling?._rdsProxy) return ['Proxy/SecurityGroup'];
  return pooling?._pgBouncer ? ['PgBouncer/Task/SecurityGroup'] : [];
}

const shared = {
  pooling: poolings,
  subnets: maybe(
    fc.constantFrom({ subnetType: SubnetType.PRIVATE_ISOLATED }, { subnetType: SubnetType.PRIVATE_WITH_EGRESS }),
  ),
  databaseName: maybe(fc.stringMatching(/^[a-z][a-z0-9_]{9,20}$/)),
  majorVersion: maybe(fc.integer({ min: 14, max: 18 })),
  parameters: maybe(fc.dictionary(fc.constantFrom('work_mem', 'max_connections'), fc.constantFrom('100', '5000'))),
  backup: fc.record({ retention: maybe(days(1, 35)), window: backupWindows }),
  maintenanceWindow: maintenanceWindows,
  logs: maybe(fc.constantFrom({ retention: RetentionDays.ONE_WEEK }, { retention: RetentionDays.TWO_YEARS })),
  deletionProtection: maybe(fc.boolean()),
  removalPolicy: maybe(fc.constantFrom(RemovalPolicy.DESTROY, RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN)),
};
const managed = days(1, 1000).map((rotateEvery) => MasterUser.managed({ rotateEvery }));

const instances: fc.Arbitrary<Partial<PostgresInstanceProps>> = fc
  .record({
    ...shared,
    instanceType: maybe(fc.constantFrom('t4g.large', 'm8g.xlarge', 'r7g.4xlarge', 'x2iedn.xlarge')).map(typeOf),
    storageGiB: maybe(fc.integer({ min: 20, max: 65_536 })),
    grows: fc.boolean(),
    multiAz: maybe(fc.boolean()),
    allowMajorUpgrade: maybe(fc.boolean()),
    managed: maybe(managed),
    readReplicas: fc.nat({ max: 3 }),
  })
  .map(({ grows, managed: master, readReplicas, ...rest }) => ({
    ...rest,
    maxStorageGiB: grows ? undefined : rest.storageGiB,
    readReplicas,
    master: readReplicas > 0 ? MasterUser.generated() : master,
  }));

const clusters: fc.Arbitrary<Partial<PostgresClusterProps>> = fc.record({
  ...shared,
  instanceType: maybe(fc.constantFrom('c6gd.medium', 'm6gd.large', 'r8gd.4xlarge')).map(typeOf),
  storageType: maybe(fc.constantFrom(StorageType.GP3, StorageType.IO1, StorageType.IO2)),
  storageGiB: maybe(fc.integer({ min: 400, max: 65_536 })),
  master: maybe(fc.oneof(managed, fc.constant(MasterUser.generated()))),
});

function typeOf(name: string | undefined): InstanceType | undefined {
  return name === undefined ? undefined : new InstanceType(name);
}

const planOf = <Props extends PostgresDatabaseProps>(props: fc.Arbitrary<Partial<Props>>): fc.Arbitrary<Plan<Props>> =>
  fc.record({ tier: fc.constantFrom(...TIERS), hasKey: fc.boolean(), props });

export const instancePlans = planOf(instances);
export const clusterPlans = planOf(clusters);

const keyArn = ['arn', 'aws', 'kms', 'eu-central-1', '111111111111', 'key/12345678-1234-1234-1234-123456789012'].join(
  ':',
);

function groundOf({ tier, hasKey }: Plan<PostgresDatabaseProps>) {
  const ground = groundIn(tier);
  return { ground, key: hasKey ? { encryptionKey: Key.fromKeyArn(ground.stack, 'Central', keyArn) } : {} };
}

/** An instance as a plan has it, on a ground of its own. */
export function madeInstance(plan: Plan<PostgresInstanceProps>) {
  const { ground, key } = groundOf(plan);
  return { ...ground, database: instanceOn(ground, { ...plan.props, ...key }) };
}

/** A Multi-AZ cluster as a plan has it, on a ground of its own. */
export function madeCluster(plan: Plan<PostgresClusterProps>) {
  const { ground, key } = groundOf(plan);
  return { ...ground, database: clusterOn(ground, { ...plan.props, ...key }) };
}
