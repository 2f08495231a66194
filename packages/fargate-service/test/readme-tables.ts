import { AlarmCondition, AlarmRule, Tier, VitalSign } from '@groundplan/core';
import { Image } from '@groundplan/task';
import { WorkerService } from '../src';
import { DEFAULTS, FIXED, REPOSITORY } from '../src/private/defaults';
import { TIERS, groundIn, serviceIn } from './services';

/** The tables of the README that are made from code, by the name of their place in it. */
export const TABLES: Record<string, () => string> = {
  defaults: defaultsTable,
  alarms: alarmsTable,
};

function defaultsTable(): string {
  const row = (name: string, value: (tier: Tier) => unknown) => [name, ...TIERS.map((tier) => String(value(tier)))];
  const days = (count: number) => (count === 0 ? 'not at all' : `${count} days`);
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  const capacity = ({ spot, onDemandBase }: (typeof DEFAULTS)[Tier]) =>
    spot ? `\`Capacity.spot({ onDemandBase: ${onDemandBase} })\`` : '`Capacity.onDemand()`';
  const size = (tier: Tier) => {
    const { cpu, memoryMiB } = serviceIn(tier).service.taskDefinition as unknown as Record<string, number>;
    return `${cpu}, ${memoryMiB}`;
  };
  return table(
    ['', ...TIERS],
    [
      row('tasks', (tier) => `${DEFAULTS[tier].minTasks} to ${DEFAULTS[tier].maxTasks}`),
      row('CPU units and MiB of a task', size),
      row('capacity', (tier) => capacity(DEFAULTS[tier])),
      row('balancer locked against deletion', (tier) => yes(DEFAULTS[tier].deletionProtection)),
      row('access logs kept: of balancers; of HTTP APIs', (tier) =>
        [DEFAULTS[tier].accessLogDays, DEFAULTS[tier].logDays].map(days).join('; '),
      ),
      row('shells (`exec`)', (tier) => yes(DEFAULTS[tier].exec)),
      row('images kept; with the repository gone', (tier) => {
        const { keepImages, retain } = REPOSITORY[tier];
        return `${keepImages}; ${retain ? 'they stay' : 'they go'}`;
      }),
      row('an outage is', (tier) => DEFAULTS[tier].outageSeverity),
    ],
  ).concat(
    `\n\nIn every tier: port ${FIXED.port}; \`${FIXED.healthPath}\` is asked every ${FIXED.healthIntervalSeconds} seconds, ${FIXED.healthCodes} is good, ` +
      `${FIXED.gracePeriodSeconds} seconds of grace after a start; ${FIXED.deregistrationDelaySeconds} seconds for requests under way; ` +
      `silent connections last ${FIXED.idleTimeoutSeconds} seconds; ${FIXED.cpuPercent} % CPU and ${FIXED.memoryPercent} % memory are aimed at.`,
  );
}

/** Which plan asks for an alarm; the ids are those of the requirements. */
const ASKED_FOR_BY: Readonly<Record<string, string>> = {
  LatencyP95: 'IP-052, CA-097',
  ServerErrors: 'IP-053',
  BalancerErrors: 'CA-092, MB-010',
  RunningTasks: 'IP-055, MB-010',
  Cpu: 'CA-093',
  Memory: 'CA-094',
  OldestJob: 'MB-010',
};

/** The signs of a service with a balancer, and what a worker has beside them. */
function signsIn(tier: Tier): VitalSign[] {
  const web = serviceIn(tier).service.vitalSigns();
  const { stack, network } = groundIn(tier);
  const worker = new WorkerService(stack, 'Worker', { vpc: network.vpc, image: Image.placeholder() }).vitalSigns();
  return [...web, ...worker.filter(({ id }) => !web.some((sign) => sign.id === id))];
}

function alarmsTable(): string {
  const elsewhere = signsIn(Tier.STAGING);
  const tell = (id: string) => elsewhere.find((sign) => sign.id === id)!.alarms[0].severity;
  return table(
    ['sign', 'alarms', 'production', 'elsewhere', 'runbook', 'asked for by'],
    signsIn(Tier.PRODUCTION)
      .filter(({ alarms }) => alarms.length > 0)
      .map((sign) => [
        `\`${sign.id}\``,
        conditionOf(sign, sign.alarms[0]),
        sign.alarms[0].severity,
        tell(sign.id),
        `\`#${sign.alarms[0].runbook}\``,
        ASKED_FOR_BY[sign.id] ?? '–',
      ]),
  );
}

function conditionOf({ id, source, unit }: VitalSign, { condition, threshold, periods }: AlarmRule): string {
  if (condition === AlarmCondition.EVENT) return 'at once';
  const minutes = (source.metric!.toMetricConfig().metricStat?.period.toMinutes() ?? 1) * periods;
  const limit =
    { RunningTasks: 'the fewest tasks', OldestJob: '`acceptableDelay` + `longestTime`' }[id] ??
    { seconds: `${threshold} s`, percent: `${threshold} %` }[unit as string];
  return `${condition} ${limit ?? threshold} for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** A table of Markdown. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
