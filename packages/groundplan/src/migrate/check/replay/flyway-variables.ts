import type { PostgresServer } from '@groundplan/engines';
import { ownerOf } from './roles';

/**
 * How the migration task runs Flyway. `packages/postgres/src/private/migration-containers.ts` says the same of a database in AWS, and
 * `tools/test/migrations.test.ts` holds the two together: the command knows no constructs.
 */
export function flywayVariables(
  { host, port, user, database }: Pick<PostgresServer, 'host' | 'port' | 'user' | 'database'>,
  sql: string,
): { [name: string]: string } {
  return {
    FLYWAY_URL: `jdbc:postgresql://${host}:${port}/${database}?sslmode=require`,
    FLYWAY_USER: user,
    FLYWAY_LOCATIONS: `filesystem:${sql}`,
    FLYWAY_INIT_SQL: `SET ROLE "${ownerOf(database)}"; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0`,
    FLYWAY_LOCK_RETRY_COUNT: '-1',
    FLYWAY_POSTGRESQL_TRANSACTIONAL_LOCK: 'false',
    FLYWAY_VALIDATE_MIGRATION_NAMING: 'true',
    FLYWAY_CONNECT_RETRIES: '5',
    REDGATE_DISABLE_TELEMETRY: 'true',
  };
}
