// Named one by one: what re-exports everything cannot be imported by name from an ES module when it runs from source.
export { enginesFolder } from './engines-folder';
export { ExpectedFailure } from './expected-failure';
export { withLock } from './file-lock';
export { type Flyway, type PrepareFlywayOptions, findFlyway, prepareFlyway } from './flyway/flyway';
export { type FindPgBouncerOptions, type PgBouncer, findPgBouncer } from './pgbouncer/pgbouncer';
export { freePort } from './port';
export { type FindPostgresOptions, type Postgres, findPostgres } from './postgres/find-postgres';
export { PostgresServer, type PostgresServerOptions } from './postgres/server';
export { type SettingValue } from './postgres/settings';
export { commandOf } from './program';
export { workspaceRoot } from './workspace-root';

/** Runs PostgreSQL in the foreground; see the README for its options and what it says. */
export const POSTGRES_SERVER_PROGRAM = require.resolve('./postgres-server');

/** Runs Flyway: same arguments, environment, output and exit codes as the command `flyway` of its official image. */
export const FLYWAY_PROGRAM = require.resolve('./flyway');

/** Runs PgBouncer: same arguments, output and exit codes as the command `pgbouncer`; as root, it runs as somebody else. */
export const PGBOUNCER_PROGRAM = require.resolve('./pgbouncer');
