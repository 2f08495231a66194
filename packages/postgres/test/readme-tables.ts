import { AlarmCondition, AlarmRule, Tier, VitalSign } from '@groundplan/core';
import { Pooling } from '../src';
import { DEFAULTS } from '../src/private/defaults';
import { PRESET } from '../src/private/parameters';
import { TIERS, instanceIn } from './standing';

/** The tables of the README that are made from code, by the name of their place in it. */
export const TABLES: Record<string, () => string> = {
  defaults: defaultsTable,
  parameters: parametersTable,
  alarms: alarmsTable,
};

const WITH_ITS_STACK = { destroy: 'it goes', snapshot: 'a snapshot stays', retain: 'it stays' };
const INSIGHTS = { standard: 'standard, 7 days', advanced: 'advanced, 15 months' };

function defaultsTable(): string {
  const row = (name: string, value: (defaults: (typeof DEFAULTS)[Tier]) => unknown) => [
    name,
    ...TIERS.map((tier) => String(value(DEFAULTS[tier]))),
  ];
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
  return table(
    ['', ...TIERS],
    [
      row('an instance is (CA-120)', ({ instanceSize }) => `t4g.${instanceSize}`),
      row('in two zones (BB-013)', ({ multiAz }) => yes(multiAz)),
      row('storage, of gp3 (BB-078)', ({ storageGiB }) => `${storageGiB} to ${storageGiB * 5} GiB`),
      row('backups kept (C15)', ({ backupDays }) => days(backupDays)),
      row('locked against deletion (BB-081)', ({ deletionProtection }) => yes(deletionProtection)),
      row('with its stack (C16)', ({ removal }) => WITH_ITS_STACK[removal]),
      row('encrypted with (C17)', ({ ownKey }) => (ownKey ? 'a key of its own' : 'the key of AWS')),
      row('Database Insights', ({ insights }) => INSIGHTS[insights]),
      row('the operating system is asked', ({ monitoringSeconds }) =>
        monitoringSeconds ? `every ${monitoringSeconds} s` : 'not at all',
      ),
      row('log kept (C27)', ({ logDays }) => days(logDays)),
      row('a snapshot before migrations (BB-005)', ({ snapshotBeforeMigrations }) => yes(snapshotBeforeMigrations)),
      row('tasks of PgBouncer', ({ poolTasks }) => poolTasks),
      row('an outage is', ({ outageSeverity }) => outageSeverity),
    ],
  );
}

function parametersTable(): string {
  return table(
    ['parameter', 'value'],
    Object.entries(PRESET).map(([name, value]) => [`\`${name}\``, value]),
  );
}

/** Which plan asks for an alarm; the ids are those of the requirements. */
const ASKED_FOR_BY: Readonly<Record<string, string>> = {
  Cpu: 'CA-096',
  FailedConnections: 'IP-054',
  FreeStorage: 'CA-095, MB-019',
  StorageLimit: 'MB-019',
};

function alarmsTable(): string {
  const signs = (tier: Tier) =>
    [undefined, Pooling.rdsProxy(), Pooling.pgBouncer()]
      .flatMap((pooling) => instanceIn(tier, { pooling }).database.vitalSigns())
      .filter((sign, i, all) => all.findIndex(({ id }) => id === sign.id) === i);
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

function conditionOf({ id, source, unit }: VitalSign, { condition, threshold, periods }: AlarmRule): string {
  if (condition === AlarmCondition.EVENT) return 'at once';
  const { metricStat, mathExpression } = source.metric!.toMetricConfig();
  const minutes = ((metricStat?.period.toSeconds() ?? mathExpression!.period) / 60) * periods;
  const limit =
    { Connections: '80 % of what it takes', FreeStorage: '10 % of what it began with' }[id] ??
    { seconds: `${threshold} s`, percent: `${threshold} %` }[unit as string] ??
    threshold!.toLocaleString('en-US').replace(/,/g, ' ');
  return `${condition} ${limit} for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** A table of Markdown. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
