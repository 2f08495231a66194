import { AlarmRule, Severity, Tier, VitalSign } from '@groundplan/core';
import type { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { AuroraCapacity, AuroraClusterProps } from '../src';
import { TIERS, clusterIn } from './clusters';
import { evaluated } from './metric-math';

const SHARED = ['Cpu', 'Connections', 'FailedConnections', 'TransactionIds', 'RdsFailure', 'RotationFailed'];
const CAPACITY = ['AcuUtilization', 'Acu', 'AcuTurns'];
const large = AuroraCapacity.provisioned(InstanceType.of(InstanceClass.R8G, InstanceSize.LARGE));

const signsOf = (tier: Tier, props?: Partial<AuroraClusterProps>) => clusterIn(tier, props).database.vitalSigns();

test.each<[string, Tier, Partial<AuroraClusterProps>, string[]]>([
  ['a serverless cluster with a reader', Tier.PRODUCTION, {}, [...SHARED, ...CAPACITY, 'Deadlocks', 'ReplicaLag']],
  ['one without a reader', Tier.DEVELOPMENT, {}, [...SHARED, ...CAPACITY, 'Deadlocks']],
  ['instances of one size', Tier.PRODUCTION, { capacity: large }, [...SHARED, 'Deadlocks', 'ReplicaLag']],
])('%s in %s is watched for what it has', (_, tier, props, ids) => {
  expect(signsOf(tier, props).map(({ id }) => id)).toEqual(ids);
});

test.each(TIERS)('listing the signs creates no resource in %s', (tier) => {
  const { stack, database } = clusterIn(tier);
  const before = stack.node.findAll().length;
  database.vitalSigns();
  expect(stack.node.findAll()).toHaveLength(before);
});

/** Alarms of a cluster, one line each: `Cpu above 80, 10 of 10, warning #database-is-busy`. */
function alarmsOf(tier: Tier, props?: Partial<AuroraClusterProps>): string[] {
  return signsOf(tier, props).flatMap((sign) => sign.alarms.map((rule) => line(sign, rule)));
}

function line({ id }: VitalSign, { condition, threshold, breaches, periods, severity, runbook }: AlarmRule): string {
  return `${`${id} ${condition} ${threshold ?? ''}`.trim()}, ${breaches} of ${periods}, ${severity} #${runbook}`;
}

test('who is woken in production, and by what (C26, IP-054, IP-056, RU-071, CA-096, MB-019)', () => {
  expect(alarmsOf(Tier.PRODUCTION)).toEqual([
    'Cpu above 80, 10 of 10, warning #database-is-busy',
    'Connections above 2688, 5 of 5, critical #connections-run-out',
    'FailedConnections above 10, 1 of 1, critical #connections-fail',
    'TransactionIds above 1000000000, 1 of 1, warning #transaction-ids-run-out',
    'RdsFailure event, 1 of 1, critical #rds-reports-a-failure',
    'RotationFailed event, 1 of 1, warning #rotation-failed',
    'AcuUtilization above 90, 5 of 5, critical #capacity-runs-out',
    'AcuTurns above 0, 10 of 30, warning #capacity-swings',
    'Deadlocks above 5, 1 of 1, warning #deadlocks',
    'ReplicaLag above 1, 5 of 5, warning #reader-is-behind',
  ]);
});

test.each([Tier.SANDBOX, Tier.DEVELOPMENT, Tier.STAGING])('nobody is woken in %s', (tier) => {
  expect(alarmsOf(tier).filter((alarm) => alarm.includes(Severity.CRITICAL))).toEqual([]);
});

test.each(TIERS)('every alarm says why and where to read on, in %s', (tier) => {
  for (const { alarms } of signsOf(tier, { readers: 1 }))
    for (const { threshold, condition, why, runbook } of alarms) {
      if (condition !== 'event') expect(threshold).toEqual(expect.any(Number));
      expect(why).toMatch(/^[A-Z].{20,}[.)]$/);
      expect(runbook).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
});

describe('connections are too many at 80 % of what an instance takes', () => {
  const alarmAt = (capacity: AuroraCapacity, parameters?: Record<string, string>) =>
    signsOf(Tier.PRODUCTION, { capacity, parameters }).find(({ id }) => id === 'Connections')!.alarms[0]?.threshold;
  const serverless = (minAcu: number, maxAcu: number) => AuroraCapacity.serverless({ minAcu, maxAcu });
  const share = (connections: number) => Math.floor(connections * 0.8);

  test.each<[number, number, number]>([
    [1, 1, 189],
    [1, 4, 823],
    [1, 8, 1669],
    [1, 16, 3360],
    [1, 32, 5000],
    [1, 64, 5000],
    [1, 256, 5000],
    [0.5, 8, 1669],
    [0.5, 16, 2000],
    [0, 256, 2000],
    [1, 2, 400],
    [1, 12, 2514],
  ])('%d to %d capacity units: of %d', (minAcu, maxAcu, connections) => {
    expect(alarmAt(serverless(minAcu, maxAcu))).toBe(share(connections));
  });

  test('more units never take fewer connections', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 511 }), (halves) => {
        const [one, more] = [halves, halves + 1].map((count) => alarmAt(serverless(1, count / 2))!);
        expect(more).toBeGreaterThanOrEqual(one);
      }),
      { numRuns: 15 },
    );
  });

  test.each<[InstanceSize, number]>([
    [InstanceSize.LARGE, 1600],
    [InstanceSize.XLARGE, 3200],
    [InstanceSize.XLARGE8, 5000],
  ])('an instance r8g.%s: of %d', (size, connections) => {
    expect(alarmAt(AuroraCapacity.provisioned(InstanceType.of(InstanceClass.R8G, size)))).toBe(share(connections));
  });

  test('the parameter max_connections says it better than any table', () => {
    expect(alarmAt(serverless(1, 16), { max_connections: '100' })).toBe(80);
    expect(
      alarmAt(serverless(1, 16), { max_connections: 'LEAST({DBInstanceClassMemory/9531392},5000)' }),
    ).toBeUndefined();
  });

  test('of a class that AWS gives no number for they are shown, and nobody is told', () => {
    expect(
      alarmAt(AuroraCapacity.provisioned(InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM))),
    ).toBeUndefined();
  });
});

describe('the capacity swings', () => {
  const { source, alarms } = signsOf(Tier.PRODUCTION).find(({ id }) => id === 'AcuTurns')!;
  const { expression } = source.metric as MathExpression;
  const turns = (acu: number[]) => evaluated(expression, { acu }).reduce<number>((sum, turn) => sum + (turn ?? 0), 0);

  test.each<[string, number[], number]>([
    ['when it goes up and down every minute', [1, 4, 1, 4, 1, 4], 4],
    ['not when it grows', [1, 2, 4, 8, 16, 16], 0],
    ['not when it shrinks', [16, 12, 8, 4, 2, 1], 0],
    ['not when it trembles', [4, 4.5, 4, 4.5, 4, 4.5], 0],
    ['not when it rests between growing and shrinking', [1, 4, 4, 4, 1, 1], 0],
    ['not when it sleeps and wakes up once', [0, 0, 2, 2, 0, 0], 0],
  ])('%s', (_, acu, expected) => {
    expect(turns(acu)).toBe(expected);
  });

  test('ten turns in half an hour are told', () => {
    const [{ breaches, periods }] = alarms;
    expect([breaches, periods, source.metric!.toMetricConfig().mathExpression!.period]).toEqual([10, 30, 60]);
  });
});

/** `Maximum of CPUUtilization in AWS/RDS every 60 s by DBClusterIdentifier`, or what is made of such. */
function measured(metric: IMetric, stack: Stack): string {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) {
    const parts = Object.entries(mathExpression.usingMetrics).map(([id, one]) => `${id} = ${measured(one, stack)}`);
    return `${mathExpression.expression} of ${parts.join('; ')}`;
  }
  const { statistic, namespace, metricName, period, dimensions = [] } = metricStat!;
  const by = dimensions.map(({ name }) => name).join(', ') || 'nothing';
  const within = stack.resolve(namespace) === namespace ? namespace : 'a namespace of its own';
  return `${statistic} of ${metricName} in ${within} every ${period.toSeconds()} s by ${by}`;
}

test('what each sign measures', () => {
  const { stack, database } = clusterIn(Tier.PRODUCTION);
  const signs = database.vitalSigns().filter(({ source }) => source.metric);
  const of = (name: string, statistic = 'Maximum', seconds = 60) =>
    `${statistic} of ${name} in AWS/RDS every ${seconds} s by DBClusterIdentifier`;
  expect(Object.fromEntries(signs.map(({ id, source }) => [id, measured(source.metric!, stack)]))).toEqual({
    Cpu: of('CPUUtilization'),
    Connections: of('DatabaseConnections'),
    FailedConnections: 'Sum of FailedConnections in a namespace of its own every 300 s by nothing',
    TransactionIds: of('MaximumUsedTransactionIDs'),
    AcuUtilization: of('ACUUtilization'),
    Acu: of('ServerlessDatabaseCapacity', 'Average'),
    AcuTurns: `IF(ABS(DIFF(IF(DIFF(acu) > 0.5, 1, IF(DIFF(acu) < -0.5, -1, 0)))) > 1, 1, 0) of acu = ${of('ServerlessDatabaseCapacity', 'Average')}`,
    Deadlocks: `perSecond * 60 of perSecond = ${of('Deadlocks', 'Sum', 300)}`,
    ReplicaLag: `milliseconds / 1000 of milliseconds = ${of('AuroraReplicaLagMaximum')}`,
  });
});

test('events are those of this cluster, its instances and its secret', () => {
  const { stack, database } = clusterIn(Tier.PRODUCTION);
  const patterns = database
    .vitalSigns()
    .flatMap(({ source: { eventPattern } }) => (eventPattern ? [eventPattern] : []));
  expect(stack.resolve(patterns)).toEqual([
    {
      source: ['aws.rds'],
      detail: {
        SourceIdentifier: ['Cluster5', 'ClusterWriter', 'ClusterReader1'].map((id) => ({
          Ref: expect.stringMatching(`^Database${id}`),
        })),
        $or: [
          { EventCategories: ['failure'] },
          { EventID: ['RDS-EVENT-0028', 'RDS-EVENT-0067', 'RDS-EVENT-0069', 'RDS-EVENT-0419'] },
        ],
      },
    },
    {
      source: ['aws.secretsmanager'],
      detailType: ['AWS Service Event via CloudTrail'],
      detail: {
        eventName: ['RotationFailed'],
        additionalEventData: { SecretId: [stack.resolve(database.secret.secretArn)] },
      },
    },
  ]);
});

describe('a connection that is turned away', () => {
  const { stack } = clusterIn(Tier.DEVELOPMENT);
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter'));
  const terms = [...(Properties.FilterPattern as string).matchAll(/\?"([^"]+)"/g)].map(([, term]) => term);
  const counts = (said: string) => terms.some((term) => said.includes(term));
  const prefix = '2026-01-01 00:00:00 UTC:10.0.4.7(40000):app@app:[123]:FATAL:  ';

  test.each([
    'password authentication failed for user "app"',
    'PAM authentication failed for user "app"',
    'no pg_hba.conf entry for host "10.0.4.7", user "app", database "app", no encryption',
    'pg_hba.conf rejects connection for host "10.0.4.7", user "rdsadmin", database "app", SSL encryption',
    'remaining connection slots are reserved for roles with the SUPERUSER attribute',
    'sorry, too many clients already',
    'too many connections for role "app"',
    'too many connections for database "app"',
  ])('is counted: %s', (said) => {
    expect(counts(prefix + said)).toBe(true);
  });

  test.each([
    'terminating connection due to idle-in-transaction timeout',
    'terminating connection due to administrator command',
    'canceling statement due to statement timeout',
  ])('other ends are not: %s', (said) => {
    expect(counts(prefix + said)).toBe(false);
  });

  test('a minute without one counts as nothing, in a namespace that no other cluster has', () => {
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::MetricFilter', {
      MetricTransformations: [
        {
          DefaultValue: 0,
          MetricName: 'FailedConnections',
          MetricNamespace: {
            'Fn::Join': ['', ['groundplan/Database/', { Ref: Match.stringLikeRegexp('^DatabaseCluster') }]],
          },
          MetricValue: '1',
        },
      ],
    });
  });
});
