import { AlarmRule, Severity, Tier, VitalSign } from '@groundplan/core';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import { MasterUser, PostgresClusterProps, PostgresInstanceProps } from '../src';
import { TIERS, clusterIn, instanceIn } from './standing';

const SHARED = ['Cpu', 'Connections', 'FailedConnections', 'TransactionIds', 'RdsFailure', 'RotationFailed'];
const GIB = 1024 ** 3;
const copied = { readReplicas: 2, master: MasterUser.generated() };

const ofInstance = (tier: Tier, props?: Partial<PostgresInstanceProps>) =>
  instanceIn(tier, props).database.vitalSigns();
const ofCluster = (tier: Tier, props?: Partial<PostgresClusterProps>) => clusterIn(tier, props).database.vitalSigns();

/** Alarms, one line each: `Cpu above 80, 10 of 10, warning #database-is-busy`. */
const alarmsOf = (signs: VitalSign[]) => signs.flatMap((sign) => sign.alarms.map((rule) => line(sign, rule)));

function line({ id }: VitalSign, { condition, threshold, breaches, periods, severity, runbook }: AlarmRule): string {
  return `${`${id} ${condition} ${threshold ?? ''}`.trim()}, ${breaches} of ${periods}, ${severity} #${runbook}`;
}

test('an instance is watched for what it has, and each of its copies for what it has', () => {
  const copy = (ordinal: number) => ['Cpu', 'FreeStorage', 'ReplicaLag'].map((id) => `Replica${ordinal}${id}`);
  expect(ofInstance(Tier.PRODUCTION, copied).map(({ id }) => id)).toEqual([
    ...SHARED,
    'FreeStorage',
    'StorageLimit',
    ...copy(1),
    ...copy(2),
  ]);
  expect(ofInstance(Tier.PRODUCTION, { storageGiB: 100, maxStorageGiB: 100 }).map(({ id }) => id)).toEqual([
    ...SHARED,
    'FreeStorage',
  ]);
});

test('so is a Multi-AZ cluster', () => {
  expect(ofCluster(Tier.PRODUCTION).map(({ id }) => id)).toEqual([...SHARED, 'FreeStorage', 'ReplicaLag']);
});

test('who is woken in production, and by what (C26, CA-096, IP-054, MB-019)', () => {
  const shared = (connections: number) => [
    'Cpu above 80, 10 of 10, warning #database-is-busy',
    `Connections above ${connections}, 5 of 5, critical #connections-run-out`,
    'FailedConnections above 10, 1 of 1, critical #connections-fail',
    'TransactionIds above 1000000000, 1 of 1, warning #transaction-ids-run-out',
    'RdsFailure event, 1 of 1, critical #rds-reports-a-failure',
    'RotationFailed event, 1 of 1, warning #rotation-failed',
  ];
  expect(alarmsOf(ofInstance(Tier.PRODUCTION, { ...copied, readReplicas: 1 }))).toEqual([
    ...shared(301),
    `FreeStorage below ${10 * GIB}, 30 of 30, critical #storage-runs-out`,
    'StorageLimit event, 1 of 1, warning #storage-runs-out',
    'Replica1Cpu above 80, 10 of 10, warning #database-is-busy',
    `Replica1FreeStorage below ${10 * GIB}, 30 of 30, critical #storage-runs-out`,
    'Replica1ReplicaLag above 300, 5 of 5, warning #replica-is-behind',
    'Replica1ReplicaLag below 0, 5 of 5, warning #replica-is-behind',
  ]);
  expect(alarmsOf(ofCluster(Tier.PRODUCTION))).toEqual([
    ...shared(625),
    `FreeStorage below ${40 * GIB}, 5 of 5, critical #storage-runs-out`,
    'ReplicaLag above 300, 5 of 5, warning #replica-is-behind',
    'ReplicaLag below 0, 5 of 5, warning #replica-is-behind',
  ]);
});

test.each([Tier.SANDBOX, Tier.DEVELOPMENT, Tier.STAGING])('nobody is woken in %s', (tier) => {
  const alarms = [...alarmsOf(ofInstance(tier, copied)), ...alarmsOf(ofCluster(tier))];
  expect(alarms.filter((alarm) => alarm.includes(Severity.CRITICAL))).toEqual([]);
});

test.each(TIERS)('every alarm says why and where to read on, in %s', (tier) => {
  for (const { alarms } of [...ofInstance(tier, copied), ...ofCluster(tier)])
    for (const { threshold, condition, why, runbook } of alarms) {
      if (condition !== 'event') expect(threshold).toEqual(expect.any(Number));
      expect(why).toMatch(/^[A-Z].{20,}[.)]$/);
      expect(runbook).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
});

describe('free storage is too little at a tenth of what an instance begins with, in bytes', () => {
  const alarmOf = (props: Partial<PostgresInstanceProps>) =>
    ofInstance(Tier.PRODUCTION, props).find(({ id }) => id === 'FreeStorage')!.alarms[0];

  test.each([
    [20, 2],
    [100, 10],
    [65_536, 6553.6],
  ])('%d GiB: at %d', (storageGiB, left) => {
    expect(alarmOf({ storageGiB }).threshold).toBe(Math.floor(left * GIB));
  });

  test('where it grows, RDS is given half an hour; where it does not, five minutes', () => {
    expect(alarmOf({ storageGiB: 50 })).toMatchObject({ periods: 30, why: expect.stringContaining('RDS added none') });
    expect(alarmOf({ storageGiB: 50, maxStorageGiB: 50 })).toMatchObject({
      periods: 5,
      why: expect.stringContaining('it does not grow'),
    });
  });
});

describe('connections are too many at 80 % of what an instance takes at the least', () => {
  const alarmAt = (name: string, parameters?: Record<string, string>) =>
    ofInstance(Tier.PRODUCTION, { instanceType: new InstanceType(name), parameters }).find(
      ({ id }) => id === 'Connections',
    )!.alarms[0]?.threshold;
  /** The formula of RDS, of all the memory that the class has: more than is ever there. */
  const formula = (gib: number) => Math.min(Math.floor((gib * GIB) / 9_531_392), 5000);

  test.each<[string, number]>([
    ['t4g.micro', 1],
    ['t4g.small', 2],
    ['t4g.medium', 4],
    ['t4g.large', 8],
    ['c6gd.medium', 2],
    ['m6gd.large', 8],
    ['m8g.xlarge', 16],
    ['r7g.large', 16],
    ['x2g.large', 32],
  ])('%s with %d GiB: below what the formula gives, and not by half', (name, gib) => {
    expect(alarmAt(name)).toBeLessThanOrEqual(formula(gib) * 0.8);
    expect(alarmAt(name)).toBeGreaterThan(formula(gib) * 0.5);
  });

  test('the largest take 5000', () => {
    expect(alarmAt('r8g.48xlarge')).toBe(4000);
  });

  test.each(['z1d.large', 't4g.nano', 'm6g.metal'])(
    '%s is not known: connections are shown, and nobody is told',
    (name) => {
      expect(alarmAt(name)).toBeUndefined();
    },
  );

  test('the parameter max_connections says it better than any table', () => {
    expect(alarmAt('t4g.micro', { max_connections: '50' })).toBe(40);
    expect(alarmAt('t4g.micro', { max_connections: 'LEAST({DBInstanceClassMemory/9531392},5000)' })).toBeUndefined();
  });
});

/** `Maximum of CPUUtilization in AWS/RDS every 60 s of Instance`, or what is made of such. */
function measured(metric: IMetric, stack: Stack): string {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) {
    const parts = Object.entries(mathExpression.usingMetrics).map(([id, one]) => `${id} = ${measured(one, stack)}`);
    return `${mathExpression.expression}: ${parts.join('; ')}`;
  }
  const { statistic, metricName, dimensions = [] } = metricStat!;
  const of = dimensions.map(({ name, value }) => {
    const resolved = stack.resolve(value) as string | { Ref: string };
    return `${name} ${typeof resolved === 'string' ? resolved : resolved.Ref}`.replace(/[0-9A-F]{8}$/, '');
  });
  return `${statistic} ${metricName} ${of.join()}`.trim();
}

const measures = (stack: Stack, signs: VitalSign[]) =>
  Object.fromEntries(
    signs.filter(({ source }) => source.metric).map(({ id, source }) => [id, measured(source.metric!, stack)]),
  );

test('what each sign of an instance measures', () => {
  const { stack, database } = instanceIn(Tier.PRODUCTION, { ...copied, readReplicas: 1 });
  const [own, copy] = ['DBInstanceIdentifier DatabaseInstance', 'DBInstanceIdentifier DatabaseReplica1'];
  expect(measures(stack, database.vitalSigns())).toEqual({
    Cpu: `Maximum CPUUtilization ${own}`,
    Connections: `Maximum DatabaseConnections ${own}`,
    FailedConnections: 'Sum FailedConnections',
    TransactionIds: `Maximum MaximumUsedTransactionIDs ${own}`,
    FreeStorage: `Minimum FreeStorageSpace ${own}`,
    Replica1Cpu: `Maximum CPUUtilization ${copy}`,
    Replica1FreeStorage: `Minimum FreeStorageSpace ${copy}`,
    Replica1ReplicaLag: `Maximum ReplicaLag ${copy}`,
  });
});

test('of a Multi-AZ cluster the worst of the three instances counts, by the names that RDS gives them', () => {
  const { stack, database } = clusterIn(Tier.PRODUCTION);
  const name = database.cluster.dbClusterIdentifier!;
  const worst = (extreme: string, statistic: string, metric: string) =>
    `${extreme}([instance1, instance2, instance3]): ` +
    [1, 2, 3].map((i) => `instance${i} = ${statistic} ${metric} DBInstanceIdentifier ${name}-instance-${i}`).join('; ');
  expect(measures(stack, database.vitalSigns())).toEqual({
    Cpu: worst('MAX', 'Maximum', 'CPUUtilization'),
    Connections: worst('MAX', 'Maximum', 'DatabaseConnections'),
    FailedConnections: 'Sum FailedConnections',
    TransactionIds: worst('MAX', 'Maximum', 'MaximumUsedTransactionIDs'),
    FreeStorage: worst('MIN', 'Minimum', 'FreeStorageSpace'),
    ReplicaLag: worst('MAX', 'Maximum', 'ReplicaLag'),
  });
});

test('events are those of the instance and its copies, of the cluster and its instances', () => {
  const namesIn = (stack: Stack, signs: VitalSign[]) =>
    signs
      .map(({ source }) => source.eventPattern?.detail?.SourceIdentifier as unknown)
      .filter((names) => names !== undefined)
      .map((names) => stack.resolve(names) as unknown);
  const { stack, database } = instanceIn(Tier.PRODUCTION, { ...copied, readReplicas: 1 });
  const ref = (id: string) => ({ Ref: expect.stringMatching(`^Database${id}`) as unknown });
  const names = [ref('Instance'), ref('Replica1')];
  expect(namesIn(stack, database.vitalSigns())).toEqual([names, names]);
  const { stack: other, database: cluster } = clusterIn(Tier.PRODUCTION);
  const name = cluster.cluster.dbClusterIdentifier!;
  expect(namesIn(other, cluster.vitalSigns())).toEqual([
    [name, `${name}-instance-1`, `${name}-instance-2`, `${name}-instance-3`],
  ]);
});
