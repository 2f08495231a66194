import { Tier } from '@groundplan/core';
import { DEFAULTS, FIXED } from '../src/private/defaults';
import { SIZES } from '../src/private/task-size';

/** The tables of the README that are made from code, by the name of their place in it. */
export const TABLES: Record<string, () => string> = {
  defaults: defaultsTable,
  sizes: sizesTable,
};

function defaultsTable(): string {
  const tiers = Object.values(Tier);
  const row = (name: string, value: (tier: Tier) => unknown) => [name, ...tiers.map((tier) => String(value(tier)))];
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  return table(
    ['', ...tiers],
    [
      row('CPU units, MiB of memory', (tier) => `${DEFAULTS[tier].cpu}, ${DEFAULTS[tier].memoryMiB}`),
      row('logs are kept, days', (tier) => DEFAULTS[tier].logRetentionDays),
      row('logs outlive the task', (tier) => yes(DEFAULTS[tier].retainLogs)),
      row('Container Insights', (tier) => DEFAULTS[tier].insights),
      row('user, `/tmp`, time to end', () => `${FIXED.user}, ${FIXED.tmpMiB} MiB, ${FIXED.stopTimeoutSeconds} seconds`),
      row('a run may take', () => `${FIXED.timeoutMinutes} minutes`),
      row('a start is tried', () => `${FIXED.startRetries} times in ${FIXED.startWithinMinutes} minutes`),
    ],
  );
}

function sizesTable(): string {
  const gib = (mib: number) => `${mib / 1024}`;
  const offered = [...SIZES.values()].map((memories) => {
    const [first, second] = memories;
    if (memories.length <= 4) return memories.map(gib).join(', ');
    const steps = second - first > 1024 ? ` in steps of ${gib(second - first)}` : '';
    return `${gib(first)} to ${gib(memories[memories.length - 1])}${steps}`;
  });
  return table(['`cpu`', ...[...SIZES.keys()].map(String)], [['`memoryMiB` / 1024', ...offered]]);
}

/** A table of Markdown. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
