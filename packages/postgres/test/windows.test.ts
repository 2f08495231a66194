import type { Mistake, Mistakes } from '@groundplan/core';
import { Fn } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { checkWindows } from '../src/private/windows';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** The props that are noted as wrong. */
function wrong(backup: string, maintenance: string): string[] {
  const found: string[] = [];
  checkWindows(backup, maintenance, { add: ({ prop }: Mistake) => found.push(prop) } as unknown as Mistakes);
  return found;
}

const clock = (minutes: number) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => `${part}`.padStart(2, '0')).join(':');
const daily = (from: number, to: number) => `${clock(from)}-${clock(to)}`;
const weekly = (from: number, to: number) =>
  [from, to].map((minute) => `${DAYS[Math.floor(minute / DAY)]}:${clock(minute % DAY)}`).join('-');

/** Every minute of a week that a window covers, minute by minute from its beginning: nothing is worked out. */
function minutesFrom(from: number, to: number, cycle: number): number[] {
  const minutes: number[] = [];
  for (let minute = from; minute !== to; minute = (minute + 1) % cycle) minutes.push(minute);
  return minutes;
}

/** Whether two windows meet in some minute of the week, asked minute by minute. */
function meet(backup: [number, number], maintenance: [number, number]): boolean {
  const everyNight = new Set(minutesFrom(...backup, DAY));
  return minutesFrom(...maintenance, WEEK).some((minute) => everyNight.has(minute % DAY));
}

const times = (cycle: number) => fc.tuple(fc.nat({ max: cycle - 1 }), fc.nat({ max: cycle - 1 }));
const long = (cycle: number, shortest: number, longest: number) =>
  fc
    .tuple(fc.nat({ max: cycle - 1 }), fc.integer({ min: shortest, max: longest }))
    .map(([from, length]): [number, number] => [from, (from + length) % cycle]);

test('windows are refused when they meet in some minute of some week, and only then', () => {
  fc.assert(
    fc.property(long(DAY, 30, DAY - 1), long(WEEK, 30, DAY), (backup, maintenance) => {
      const expected = meet(backup, maintenance) ? ['maintenanceWindow'] : [];
      expect(wrong(daily(...backup), weekly(...maintenance))).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('so are short ones that lie close together', () => {
  const close = fc.tuple(long(DAY, 30, 60), fc.integer({ min: -95, max: 95 }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(close, ([backup, shift, day]) => {
      const from = (day * DAY + backup[0] + shift + WEEK) % WEEK;
      const maintenance: [number, number] = [from, (from + 30) % WEEK];
      const expected = meet(backup, maintenance) ? ['maintenanceWindow'] : [];
      expect(wrong(daily(...backup), weekly(...maintenance))).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('a window shorter than half an hour is refused, by its name', () => {
  fc.assert(
    fc.property(times(DAY), times(WEEK), (backup, maintenance) => {
      const lengthOf = ([from, to]: [number, number], cycle: number) => (to - from + cycle) % cycle;
      const expected = [
        ...(lengthOf(backup, DAY) < 30 ? ['backup.window'] : []),
        ...(lengthOf(maintenance, WEEK) < 30 || lengthOf(maintenance, WEEK) > DAY ? ['maintenanceWindow'] : []),
      ];
      const found = wrong(daily(...backup), weekly(...maintenance));
      if (expected.length > 0) expect(found).toEqual(expected);
      else expect(found).toEqual(meet(backup, maintenance) ? ['maintenanceWindow'] : []);
    }),
    { numRuns: 1000 },
  );
});

test.each<[string, string, string[]]>([
  ['03:00-04:00', 'sun:04:00-sun:05:00', []],
  ['03:00-04:00', 'Sun:04:00-SUN:05:00', []],
  ['23:30-00:30', 'sun:23:45-mon:00:15', ['maintenanceWindow']],
  ['00:00-00:30', 'sun:23:30-mon:00:01', ['maintenanceWindow']],
  ['00:00-00:30', 'sun:23:30-mon:00:00', []],
  ['03:00-03:30', 'mon:03:30-tue:03:00', []],
  ['03:00-03:30', 'mon:03:30-tue:03:01', ['maintenanceWindow']],
  ['03:00-03:29', 'mon:04:00-mon:04:29', ['backup.window', 'maintenanceWindow']],
  ['24:00-01:00', 'mon:04:60-mon:05:00', ['backup.window', 'maintenanceWindow']],
  ['3:00-4:00', 'mo:04:00-mo:05:00', ['backup.window', 'maintenanceWindow']],
  ['03:00-03:00', 'mon:04:00-mon:04:00', ['backup.window', 'maintenanceWindow']],
  ['', 'mon:04:00', ['backup.window', 'maintenanceWindow']],
  ['x03:00-04:00', 'sun:04:00-sun:05:00x', ['backup.window', 'maintenanceWindow']],
])('%s and %s: %j', (backup, maintenance, expected) => {
  expect(wrong(backup, maintenance)).toEqual(expected);
});

test('of windows that only the deployment knows nothing is said', () => {
  expect(wrong(Fn.ref('Backup'), 'nonsense')).toEqual([]);
  expect(wrong('nonsense', Fn.ref('Maintenance'))).toEqual([]);
});
