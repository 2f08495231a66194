import { Tier } from '@groundplan/core';
import { MasterUser, Pooling } from '@groundplan/postgres';
import { InstanceClass, InstanceSize, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DBClusterStorageType } from 'aws-cdk-lib/aws-rds';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { AuroraCapacity, AuroraClusterProps } from '../src';
import { TIERS, clusterOn, groundIn } from './clusters';

/** One cluster out of the space of all that may be written. What stands in a stack is made when the plan is. */
export interface Plan {
  readonly tier: Tier;
  readonly hasKey: boolean;
  readonly props: Partial<AuroraClusterProps>;
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const days = (min: number, max: number) => fc.integer({ min, max }).map((value) => Duration.days(value));

const serverless = fc
  .record({
    min: fc.integer({ min: 0, max: 64 }),
    more: fc.nat({ max: 64 }),
    pause: maybe(fc.integer({ min: 5, max: 1440 })),
  })
  .map(({ min, more, pause }) =>
    AuroraCapacity.serverless({
      minAcu: min / 2,
      maxAcu: Math.max(1, (min + more) / 2),
      autoPause: min === 0 && pause !== undefined ? Duration.minutes(pause) : undefined,
    }),
  );
const provisioned = fc
  .constantFrom(
    InstanceType.of(InstanceClass.R8G, InstanceSize.XLARGE4),
    InstanceType.of(InstanceClass.R7G, InstanceSize.LARGE),
    InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
  )
  .map((instanceType) => AuroraCapacity.provisioned(instanceType));

/** Windows that do not meet: within one day, the backup before noon, the maintenance after it. */
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

const props: fc.Arbitrary<Partial<AuroraClusterProps>> = fc
  .record({
    capacity: maybe(fc.oneof(serverless, provisioned)),
    readers: maybe(fc.nat({ max: 4 })),
    storage: maybe(fc.constantFrom(DBClusterStorageType.AURORA, DBClusterStorageType.AURORA_IOPT1)),
    subnets: maybe(
      fc.constantFrom({ subnetType: SubnetType.PRIVATE_ISOLATED }, { subnetType: SubnetType.PRIVATE_WITH_EGRESS }),
    ),
    pooling: fc.constantFrom(undefined, Pooling.none(), Pooling.rdsProxy(), Pooling.pgBouncer({ tasks: 2 })),
    databaseName: maybe(fc.stringMatching(/^[a-z][a-z0-9_]{4,20}$/)),
    majorVersion: maybe(fc.integer({ min: 14, max: 18 })),
    parameters: maybe(
      fc.dictionary(
        fc.constantFrom('work_mem', 'statement_timeout', 'max_connections'),
        fc.constantFrom('100', '5000'),
      ),
    ),
    master: maybe(days(1, 1000).map((rotateEvery) => MasterUser.managed({ rotateEvery }))),
    retention: maybe(days(1, 35)),
    window: maybe(backupWindows),
    maintenanceWindow: maybe(maintenanceWindows),
    logs: maybe(fc.constantFrom({ retention: RetentionDays.ONE_WEEK }, { retention: RetentionDays.TWO_YEARS })),
    deletionProtection: maybe(fc.boolean()),
    removalPolicy: maybe(fc.constantFrom(RemovalPolicy.DESTROY, RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN)),
  })
  .map(({ retention, window, ...rest }) => ({ ...rest, backup: { retention, window } }))
  // Behind RDS Proxy a cluster never sleeps, and is not let to be told so.
  .filter(({ pooling, capacity }) => !pooling?.keepsAwake || capacity?._serverless?.minAcu !== 0)
  // Aurora's default window of maintenance, Sunday at four, meets some windows of the backup.
  .map((plan) =>
    plan.backup.window && !plan.maintenanceWindow ? { ...plan, maintenanceWindow: 'sun:14:00-sun:15:00' } : plan,
  );

export const plans: fc.Arbitrary<Plan> = fc.record({ tier: fc.constantFrom(...TIERS), hasKey: fc.boolean(), props });

/** A cluster as a plan has it, on a ground of its own. */
export function made({ tier, hasKey, props: said }: Plan) {
  const ground = groundIn(tier);
  const encryptionKey = hasKey ? Key.fromKeyArn(ground.stack, 'Central', keyArn) : undefined;
  return { ...ground, database: clusterOn(ground, { ...said, ...(encryptionKey && { encryptionKey }) }) };
}

const keyArn = ['arn', 'aws', 'kms', 'eu-central-1', '111111111111', 'key/12345678-1234-1234-1234-123456789012'].join(
  ':',
);
