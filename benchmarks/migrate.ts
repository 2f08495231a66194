import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer, prepareFlyway } from '../packages/engines/src';
import { execute, median } from './samples';
import { Row, ratio } from './table';

const ROOT = join(__dirname, '..');
const MIGRATIONS = 200;

/** `groundplan migrate check` on 200 migrations, against Flyway alone, twice from nothing, on a PostgreSQL of its own each time. */
export async function benchMigrate(rounds: number, say: (line: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-bench-'));
  const sql = join(folder, 'sql');
  try {
    writeMigrations(sql);
    const contenders = {
      check: async () => check(sql),
      read: async () => check(sql, '--no-replay'),
      flyway: () => flywayTwice(sql),
    };
    const samples = { check: [] as number[], read: [] as number[], flyway: [] as number[] };
    for (const run of Object.values(contenders)) await run(); // brings what is missing, and reads files
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}`);
      for (const name of ['check', 'read', 'flyway'] as const) samples[name].push(await timed(contenders[name]));
    }
    const [ours, read, theirs] = [samples.check, samples.read, samples.flyway].map(median);
    return [
      row(`migrate check: ${MIGRATIONS} migrations, against Flyway twice`, ours, theirs),
      row('migrate check --no-replay, against the same', read, theirs),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tables, columns, indexes and views, a quarter each. */
function writeMigrations(folder: string): void {
  mkdirSync(folder);
  for (let version = 1; version <= MIGRATIONS; version++) {
    const table = `table_${Math.ceil(version / 4)}`;
    const statements = [
      `CREATE VIEW latest_${table} AS SELECT * FROM ${table} ORDER BY at DESC LIMIT 20;`,
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);`,
      `ALTER TABLE ${table} ADD COLUMN at timestamptz NOT NULL DEFAULT now();`,
      `CREATE INDEX CONCURRENTLY ${table}_at ON ${table} (at);`,
    ];
    const file = join(folder, `V${version}__${table}.sql`);
    writeFileSync(file, statements[version % 4]);
    if (version % 4 === 3) writeFileSync(`${file}.conf`, 'executeInTransaction=false');
  }
}

function check(sql: string, ...args: string[]): void {
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  execute(tsx, [join('packages', 'groundplan', 'src', 'main.ts'), 'migrate', 'check', sql, ...args], ROOT);
}

async function flywayTwice(sql: string): Promise<void> {
  const { command } = await prepareFlyway();
  const server = await PostgresServer.start({ database: 'app' });
  const env = {
    FLYWAY_URL: server.jdbcUrl(),
    FLYWAY_USER: server.user,
    FLYWAY_PASSWORD: server.password,
    FLYWAY_LOCATIONS: `filesystem:${sql}`,
    FLYWAY_POSTGRESQL_TRANSACTIONAL_LOCK: 'false', // else CREATE INDEX CONCURRENTLY waits for Flyway itself
  };
  try {
    for (const [java, ...args] of [command, command]) execute(java, [...args, 'migrate'], sql, env);
  } finally {
    await server.stop();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function row(what: string, ours: number, theirs: number): Row {
  return {
    what,
    ours: `${ours.toFixed(1)} s`,
    theirs: `${theirs.toFixed(1)} s`,
    result: ratio(ours, theirs),
    wanted: '',
    reached: true,
  };
}
