import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NEWEST } from '../src/private/versions';

/** A version of PostgreSQL as aws-cdk-lib declares it. */
interface Declared {
  readonly major: number;
  readonly minor: number;
  readonly isDeprecated: boolean;
}

/** What aws-cdk-lib knows, read from its declarations: at run time nothing says what is deprecated. */
function declared(): Declared[] {
  const library = dirname(require.resolve('aws-cdk-lib/package.json'));
  const text = readFileSync(join(library, 'aws-rds/lib/cluster-engine.d.ts'), 'utf8');
  const [, postgres] = text.split('class AuroraPostgresEngineVersion ');
  const constants = postgres.matchAll(/\/\*\*(?<doc>[^]*?)\*\/\s*static readonly VER_(?<major>\d+)_(?<minor>\d+): /g);
  return [...constants].map(({ groups }) => ({
    major: Number(groups!.major),
    minor: Number(groups!.minor),
    isDeprecated: groups!.doc.includes('@deprecated'),
  }));
}

test('aws-cdk-lib declares versions in the way in which they are read here', () => {
  const all = declared();
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter(({ isDeprecated }) => isDeprecated).length).toBeGreaterThan(10);
});

test.each(Object.keys(NEWEST).map(Number))(
  'of PostgreSQL %d it is the newest version that aws-cdk-lib knows and does not call deprecated',
  (major) => {
    const alive = declared().filter((version) => version.major === major && !version.isDeprecated);
    const newest = Math.max(...alive.map(({ minor }) => minor));
    expect(NEWEST[major].auroraPostgresFullVersion).toBe(`${major}.${newest}`);
  },
);

test('every major version from 14 on that is not deprecated may be asked for', () => {
  const majors = declared().filter(({ major, isDeprecated }) => major >= 14 && !isDeprecated);
  expect(Object.keys(NEWEST).map(Number)).toEqual([...new Set(majors.map(({ major }) => major))].sort());
});
