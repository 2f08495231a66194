import { AlarmCondition, AlarmRule, Tier, VitalSign } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { DEFAULTS } from '../src/private/defaults';
import { TIERS, clusterIn } from './clusters';
import { clusterOf, instancesOf, templateOf } from './templates';

/** The tables of the README that are made from code, by the name of their place in it. */
export const TABLES: Record<string, () => string> = {
  defaults: defaultsTable,
  alarms: alarmsTable,
};

/** Dollars for a capacity unit and hour in us-east-1, from the price book of 2026-11-21. */
const ACU_HOUR = 0.12;
const HOURS_A_MONTH = 730;

const WITH_ITS_STACK: Readonly<Record<string, string>> = {
  Delete: 'it goes',
  Snapshot: 'a snapshot stays',
  Retain: 'it stays',
};

function defaultsTable(): string {
  const made = new Map(TIERS.map((tier) => [tier, factsOf(tier)]));
  const row = (name: string, value: (facts: Facts) => unknown) => [
    name,
    ...TIERS.map((tier) => String(value(made.get(tier)!))),
  ];
  return table(
    ['', ...TIERS],
    [
      row('capacity units (IP-016)', ({ minAcu, maxAcu }) => `${minAcu} to ${maxAcu}`),
      row('sleeps without connections for', ({ pause }) => (pause ? `${pause / 60} minutes` : 'never')),
      row('readers', ({ instances }) => instances.length - 1),
      row('a month at the least, without storage', ({ minAcu, instances }) => {
        const dollars = minAcu * instances.length * ACU_HOUR * HOURS_A_MONTH;
        return dollars === 0 ? '$0, asleep' : `$${dollars.toFixed(0)}`;
      }),
      row('backups kept (C15)', ({ cluster }) => `${cluster.BackupRetentionPeriod} days`.replace(/^1 days/, '1 day')),
      row('locked against deletion (BB-081)', ({ cluster }) => (cluster.DeletionProtection ? 'yes' : 'no')),
      row('with its stack (C16)', ({ policy }) => WITH_ITS_STACK[policy]),
      row('encrypted with (C17)', ({ cluster }) => (cluster.KmsKeyId ? 'a key of its own' : 'the key of AWS')),
      row('Database Insights', ({ cluster }) => {
        const days = Number(cluster.PerformanceInsightsRetentionPeriod);
        return `${cluster.DatabaseInsightsMode}, ${days > 31 ? `${Math.floor(days / 31)} months` : `${days} days`}`;
      }),
      row('the operating system is asked', ({ instances: [{ MonitoringInterval }] }) =>
        MonitoringInterval ? `every ${MonitoringInterval} s` : 'not at all',
      ),
      row('log kept', ({ logDays }) => `${logDays} days`),
      row('an outage is', ({ outage }) => outage),
    ],
  );
}

type Facts = ReturnType<typeof factsOf>;

/** What a cluster with no props is in a tier, read from its template. */
function factsOf(tier: Tier) {
  const { Properties: cluster, DeletionPolicy: policy } = clusterOf(tier);
  const template: Template = templateOf(tier);
  const [logs] = Object.values(template.findResources('AWS::Logs::LogGroup'));
  const capacity = cluster.ServerlessV2ScalingConfiguration as Record<string, number>;
  return {
    cluster,
    policy: policy as string,
    instances: instancesOf(template),
    minAcu: capacity.MinCapacity,
    maxAcu: capacity.MaxCapacity,
    pause: capacity.SecondsUntilAutoPause,
    logDays: logs.Properties.RetentionInDays as number,
    outage: DEFAULTS[tier].outageSeverity,
  };
}

/** Which plan asks for an alarm; the ids are those of the requirements. */
const ASKED_FOR_BY: Readonly<Record<string, string>> = {
  Cpu: 'CA-096',
  FailedConnections: 'IP-054',
  AcuUtilization: 'IP-056',
  AcuTurns: 'RU-071',
  ReplicaLag: 'MB-019',
};

function alarmsTable(): string {
  const signs = (tier: Tier) => clusterIn(tier).database.vitalSigns();
  const elsewhere = signs(Tier.STAGING);
  return table(
    ['sign', 'alarms', 'production', 'elsewhere', 'runbook', 'asked for by'],
    signs(Tier.PRODUCTION)
      .filter(({ alarms }) => alarms.length > 0)
      .map((sign) => [
        `\`${sign.id}\``,
        conditionOf(sign, sign.alarms[0]),
        sign.alarms[0].severity,
        elsewhere.find(({ id }) => id === sign.id)!.alarms[0].severity,
        `[#${sign.alarms[0].runbook}](../../docs/guide/running-postgres.md#${sign.alarms[0].runbook})`,
        ASKED_FOR_BY[sign.id] ?? '–',
      ]),
  );
}

function conditionOf({ id, source, unit }: VitalSign, { condition, threshold, periods, breaches }: AlarmRule): string {
  if (condition === AlarmCondition.EVENT) return 'at once';
  const { metricStat, mathExpression } = source.metric!.toMetricConfig();
  const minutes = ((metricStat?.period.toSeconds() ?? mathExpression!.period) / 60) * periods;
  if (breaches < periods) return `in ${breaches} of ${minutes} minutes`;
  const limit =
    { Connections: '80 % of what an instance takes' }[id] ??
    { seconds: `${threshold} s`, percent: `${threshold} %` }[unit as string] ??
    threshold!.toLocaleString('en-US').replace(/,/g, ' ');
  return `${condition} ${limit} for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** A table of Markdown. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
