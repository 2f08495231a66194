import type { Mistakes } from '@groundplan/core';
import { Token } from 'aws-cdk-lib/core';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** The shortest window that RDS takes: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html */
const SHORTEST = 30;

/** From when to when, in minutes of a week that begins on Monday; the end may lie in the next. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Notes windows that RDS would refuse: malformed, too short, or at the same time as one another. */
export function checkWindows(backup: string, maintenance: string, mistakes: Mistakes): void {
  if ([backup, maintenance].some((window) => Token.isUnresolved(window))) return;
  const daily = dailyWindow(backup);
  if (!daily)
    mistakes.add({
      prop: 'backup.window',
      mustBe: `hh:mm-hh:mm in UTC, ${SHORTEST} minutes or more`,
      got: `"${backup}"`,
      remedy: "write '03:00-04:00'",
    });
  const weekly = weeklyWindow(maintenance);
  if (!weekly)
    mistakes.add({
      prop: 'maintenanceWindow',
      mustBe: `ddd:hh:mm-ddd:hh:mm in UTC, ${SHORTEST} minutes to 24 hours`,
      got: `"${maintenance}"`,
      remedy: "write 'sun:04:00-sun:05:00'",
    });
  if (!daily || !weekly) return;
  const everyDay = DAYS.map((_, day) => ({ from: daily.from + day * DAY, to: daily.to + day * DAY }));
  if (everyDay.some((span) => overlap(span, weekly)))
    mistakes.add({
      prop: 'maintenanceWindow',
      mustBe: `at another time than backup.window, ${backup}`,
      got: `"${maintenance}"`,
      remedy: 'move one of them: RDS refuses windows that overlap',
    });
}

function dailyWindow(window: string): Span | undefined {
  const [, ...parts] = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(window) ?? [];
  if (parts.length === 0) return undefined;
  return spanOf(clock(parts[0], parts[1]), clock(parts[2], parts[3]), DAY);
}

function weeklyWindow(window: string): Span | undefined {
  const [, ...parts] = /^([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$/.exec(window.toLowerCase()) ?? [];
  const days = [DAYS.indexOf(parts[0]), DAYS.indexOf(parts[3])];
  if (days.includes(-1)) return undefined;
  const at = (day: number, time: number | undefined) => (time === undefined ? undefined : day * DAY + time);
  const span = spanOf(at(days[0], clock(parts[1], parts[2])), at(days[1], clock(parts[4], parts[5])), WEEK);
  return span && span.to - span.from <= DAY ? span : undefined;
}

function clock(hours: string, minutes: string): number | undefined {
  return Number(hours) < 24 && Number(minutes) < 60 ? Number(hours) * HOUR + Number(minutes) : undefined;
}

/** One that ends before it begins ends in the next cycle. */
function spanOf(from: number | undefined, to: number | undefined, cycle: number): Span | undefined {
  if (from === undefined || to === undefined) return undefined;
  const end = to >= from ? to : to + cycle;
  return end - from >= SHORTEST ? { from, to: end } : undefined;
}

/** A window that leads into the next week meets what stands at its beginning. */
function overlap(one: Span, other: Span): boolean {
  return [-WEEK, 0, WEEK].some((shift) => one.from < other.to + shift && other.from + shift < one.to);
}
