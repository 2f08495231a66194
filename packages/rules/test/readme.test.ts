import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RuleSet } from '../src';

const README = join(__dirname, '..', 'README.md');

/** The table of rules, as the rules describe themselves. */
function table(): string {
  const rows = RuleSet.descriptions().map(
    ({ ruleId, demands, because }) => `| \`groundplan::${ruleId}\` | ${demands} | ${because} |`,
  );
  return ['| acknowledged as | demands | because |', '|---|---|---|', ...rows].join('\n');
}

test('the README lists the rules that there are', () => {
  const written = readFileSync(README, 'utf8');
  const current = written.replace(
    /(<!-- rules -->\n)[\s\S]*(<!-- \/rules -->)/,
    (_all, begin, end) => `${begin}${table()}\n${end}`,
  );
  if (process.env.UPDATE_README) writeFileSync(README, current);
  expect(written).toBe(current);
});
