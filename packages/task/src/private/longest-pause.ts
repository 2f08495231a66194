const DAY = 24 * 60;
const WEEK = 7 * DAY;
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: DAY };

/**
 * The longest time between two starts of a schedule, in minutes. Nothing where it cannot be told: a schedule that is for
 * once, or goes by days of the month, months or years.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function longestPause(expression: string): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return Number(rate[1]) * UNITS[rate[2]];
  const cron = /^cron\((.+)\)$/.exec(expression)?.[1].split(' ');
  if (cron?.length !== 6) return undefined;
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = cron;
  if (![dayOfMonth, month, year].every((field) => field === '*' || field === '?')) return undefined;
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const days = valuesOf(numbered(dayOfWeek), 1, 7);
  if (!minutes || !hours || !days) return undefined;
  const starts = days
    .flatMap((day) => hours.flatMap((at) => minutes.map((past) => (day - 1) * DAY + at * 60 + past)))
    .sort((a, b) => a - b);
  const pauses = starts.map((start, i) => (starts[i + 1] ?? starts[0] + WEEK) - start);
  return pauses.length > 0 ? Math.max(...pauses) : undefined;
}

/** Sunday is 1. */
function numbered(dayOfWeek: string): string {
  return dayOfWeek.toUpperCase().replace(/[A-Z]{3}/g, (name) => `${WEEKDAYS.indexOf(name) + 1}`);
}

/** The values of a field: `*`, `?`, `3`, `1-5`, `1,3`, `0/15`; nothing for anything else. */
function valuesOf(field: string, low: number, high: number): number[] | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|\?|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [, first, last, step] = match;
    const from = first === undefined ? low : Number(first);
    const to = last === undefined ? (first === undefined || step !== undefined ? high : from) : Number(last);
    if (from < low || to > high || from > to || step === '0') return undefined;
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return [...values];
}
