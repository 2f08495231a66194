import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Mistake, Mistakes } from '@groundplan/core';
import { Endpoint } from 'aws-cdk-lib/aws-rds';
import { Duration } from 'aws-cdk-lib/core';
import { MigrationFolder } from '../../packages/groundplan/src/migrate/check/migration-folder';
import { checkNames } from '../../packages/groundplan/src/migrate/check/names';
import { flywayVariables as ofTheCommand } from '../../packages/groundplan/src/migrate/check/replay/flyway-variables';
import { roleStatements } from '../../packages/groundplan/src/migrate/check/replay/roles';
import { statements } from '../../packages/postgres/runtime/database-users/statements';
import { checkMigrations } from '../../packages/postgres/src/private/check-migrations';
import { Target, flywayVariables as ofTheTask } from '../../packages/postgres/src/private/migration-containers';
import { rolesOf } from '../../packages/postgres/src/private/roles';

/** The command knows no constructs and constructs no command: what both know of migrations is held together here. */
const folder = mkdtempSync(join(tmpdir(), 'groundplan-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLES = [
  ['V1__a.sql', 'V2__b.sql', 'R__c.sql', 'afterMigrate.sql', 'beforeEachMigrate__x.sql', 'more/V3__d.sql', 'notes.md'],
  ['V1.1__a.sql', 'V1_2__b.sql', 'V2__c.sql'],
  ['V20260101__a.sql', 'V20260305__b.sql'],
  ['V3__a.sql', 'V4__b.sql'],
  ['R__only.sql'],
  ['V1__a.sql', 'V3__b.sql', 'V7__c.sql'],
  ['V1__a.sql', 'V01__b.sql'],
  ['V1_2__a.sql', 'V1.2__b.sql'],
  ['V1__a.sql', 'V2_b.sql'],
  ['V1__a.sql', 'U1__a.sql'],
  ['V1__a.sql', 'v2__b.sql'],
  ['V1__a.sql', 'V2__.sql'],
  ['V1__a.sql', 'V__b.sql'],
  ['V1__a.sql', 'V1.__b.sql'],
  ['V1__a.sql', 'R_b.sql'],
  ['V1__a.sql', 'B2__b.sql'],
  ['V1__a.sql', 'after.sql'],
  ['V1__a.sql', 'V1__a b.sql', 'V9999__b.sql'],
  ['V1__a.sql', 'V10000__b.sql'],
];

/** Which of the rules of the command a mistake of the construct is. */
function ruleOf({ mustBe }: Mistake): string {
  if (mustBe.startsWith('named ')) return 'MigrationName';
  return mustBe.includes('twice') ? 'DuplicateVersion' : 'VersionGap';
}

test.each(SAMPLES.map((names) => [names]))('migrate and migrate check say the same of %j', (names) => {
  const directory = mkdtempSync(join(folder, 'sql-'));
  for (const name of names) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), 'SELECT 1;');
  }
  const mistakes: Mistake[] = [];
  checkMigrations({ directory }, Duration.minutes(30), {
    add: (one: Mistake) => void mistakes.push(one),
  } as Partial<Mistakes> as Mistakes);
  const found = checkNames(MigrationFolder.read(directory).migrations).map(({ ruleId }) => ruleId);
  // The construct says all gaps in one sentence.
  expect([...new Set(found)].sort()).toEqual([...new Set(mistakes.map(ruleOf))].sort());
});

const ON = { database: 'shop', user: 'postgres' };

test('the replay runs Flyway as the migration task does', () => {
  const target = {
    endpoint: new Endpoint('db.example.com', 5432),
    databaseName: ON.database,
    masterUsername: ON.user,
    roles: rolesOf(ON.database),
  } as Target;
  expect(ofTheCommand({ ...ON, host: 'db.example.com', port: 5432 }, '/flyway/sql')).toEqual(ofTheTask(target));
});

test.each([15, 17])('the replay makes the roles that the migration task makes, on PostgreSQL %s', (major) => {
  const server = { database: ON.database, master: ON.user, version: major * 10_000, existing: new Set<string>() };
  const all = statements({ roles: rolesOf(ON.database), users: [] }, server, () => '');
  expect(all).toEqual(expect.arrayContaining(roleStatements({ ...ON, major })));
});
