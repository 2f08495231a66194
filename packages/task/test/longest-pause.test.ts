import * as fc from 'fast-check';
import { longestPause } from '../src/private/longest-pause';
import { lookBackOver } from '../src/private/look-back';

const [HOUR, DAY] = [60, 24 * 60];

describe('the longest pause of a schedule', () => {
  test.each<[string, number | undefined]>([
    ['rate(1 minute)', 1],
    ['rate(5 minutes)', 5],
    ['rate(1 hour)', HOUR],
    ['rate(12 hours)', 12 * HOUR],
    ['rate(1 day)', DAY],
    ['rate(30 days)', 30 * DAY],
    ['at(2027-01-31T03:00:00)', undefined],
    ['cron(0 3 * * ? *)', DAY],
    ['cron(0 3 ? * * *)', DAY],
    ['cron(0/15 * * * ? *)', 15],
    ['cron(*/20 * * * ? *)', 20],
    ['cron(50/15 * * * ? *)', HOUR],
    ['cron(* * * * ? *)', 1],
    ['cron(0 9-17 * * ? *)', 16 * HOUR],
    ['cron(0 3,15 * * ? *)', 12 * HOUR],
    ['cron(0 3,4 * * ? *)', 23 * HOUR],
    ['cron(0 3 ? * MON-FRI *)', 3 * DAY],
    ['cron(0 3 ? * mon,thu *)', 4 * DAY],
    ['cron(0 3 ? * 2-6 *)', 3 * DAY],
    ['cron(0 3 ? * SUN *)', 7 * DAY],
    ['cron(0 9-10/1 ? * SAT,SUN *)', 5 * DAY + 23 * HOUR],
    ['cron(0 3 1 * ? *)', undefined],
    ['cron(0 3 L * ? *)', undefined],
    ['cron(0 3 * 1 ? *)', undefined],
    ['cron(0 3 * * ? 2027)', undefined],
    ['cron(0 3 ? * 6#3 *)', undefined],
    ['cron(0 3 ? * 6L *)', undefined],
    ['cron(0 25 * * ? *)', undefined],
    ['cron(0 5-3 * * ? *)', undefined],
    ['cron(0/0 3 * * ? *)', undefined],
    ['cron(0 3 ? * XYZ *)', undefined],
    ['cron(0 3 * * *)', undefined],
    ['every night', undefined],
  ])('%s: %s minutes', (expression, minutes) => {
    expect(longestPause(expression)).toBe(minutes);
  });

  test('is never shorter than any pause of a week, and as long as one', () => {
    const some = (max: number, from = 0) =>
      fc.uniqueArray(fc.integer({ min: from, max }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(some(59), some(23), some(7, 1), (minutes, hours, days) => {
        const starts = new Set<number>();
        for (let minute = 0; minute < 14 * DAY; minute += 1)
          if (
            minutes.includes(minute % HOUR) &&
            hours.includes(Math.floor((minute % DAY) / HOUR)) &&
            days.includes((Math.floor(minute / DAY) % 7) + 1)
          )
            starts.add(minute);
        const sorted = [...starts];
        const pauses = sorted.slice(1).map((start, i) => start - sorted[i]);
        expect(longestPause(`cron(${minutes} ${hours} ? * ${days} *)`)).toBe(Math.max(...pauses));
      }),
      { numRuns: 50 },
    );
  });
});

describe('an alarm', () => {
  test.each<[number, number, number, string]>([
    [5, 5, 2, '10 minutes'],
    [61, 5, 14, '1 hour 10 minutes'],
    [DAY - 5, 5, 288, '1 day'],
    [DAY, 60, 25, '1 day 1 hour'],
    [26 * HOUR, 60, 27, '1 day 3 hours'],
    [167 * HOUR, 60, 168, '7 days'],
  ])('over %d minutes looks at periods of %d minutes, %d of them: %s', (minutes, periodMinutes, periods, described) => {
    expect(lookBackOver(minutes)).toEqual({ periodMinutes, periods, described });
  });

  test('cannot look back further than CloudWatch does', () => {
    expect(lookBackOver(167 * HOUR + 1)).toBeUndefined();
  });
});
