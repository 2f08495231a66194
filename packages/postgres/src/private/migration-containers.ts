import { ContainerSecret, Image, InitContainer } from '@groundplan/task';
import type { Endpoint } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnResource, Lazy } from 'aws-cdk-lib/core';
import type { DatabaseUser } from '../database-user';
import { portOf } from './connection';
import type { Roles } from './roles';

/** What migrations know of a database, beside what everybody does. */
export interface Target {
  /** What stands, and how RDS calls it. */
  readonly standing: { readonly kind: string; readonly identifier: string; readonly writers: readonly CfnResource[] };
  /** Who is brought to the server. */
  readonly users: readonly DatabaseUser[];
  readonly endpoint: Endpoint;
  readonly databaseName: string;
  readonly masterUsername: string;
  readonly secret: ISecret;
  readonly roles: Roles;
}

/** How long a database has to start, or to wake up, in seconds. */
const PATIENCE = 600;

/** Flyway, as the owner of what it makes. Its variables: https://documentation.red-gate.com/fd/environment-variables-277578958.html */
export function flywayVariables({ endpoint, databaseName, masterUsername, roles }: Target): { [name: string]: string } {
  return {
    FLYWAY_URL: `jdbc:postgresql://${endpoint.hostname}:${portOf(endpoint)}/${databaseName}?sslmode=require`,
    FLYWAY_USER: masterUsername,
    FLYWAY_LOCATIONS: 'filesystem:/flyway/sql',
    // What is made belongs to the role, so that whoever migrates next may change it; a migration takes as long as it takes.
    FLYWAY_INIT_SQL: `SET ROLE "${roles.owner}"; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0`,
    // Two at once: the second waits for the first, and finds nothing left to do. The timeout of the run ends it.
    FLYWAY_LOCK_RETRY_COUNT: '-1',
    // Else CREATE INDEX CONCURRENTLY waits for Flyway's own transaction, for ever.
    FLYWAY_POSTGRESQL_TRANSACTIONAL_LOCK: 'false',
    FLYWAY_VALIDATE_MIGRATION_NAMING: 'true',
    FLYWAY_CONNECT_RETRIES: '5',
    REDGATE_DISABLE_TELEMETRY: 'true',
  };
}

/**
 * The container that waits for the database, wakes it, and makes roles and users.
 */
export function usersContainer(
  { endpoint, databaseName, masterUsername, secret, roles, users }: Target,
  image: Image,
): InitContainer {
  return {
    image,
    environment: {
      PGHOST: endpoint.hostname,
      PGPORT: portOf(endpoint),
      PGDATABASE: databaseName,
      PGUSER: masterUsername,
      WAIT_SECONDS: `${PATIENCE}`,
      // Users may come after the migrations.
      DATABASE_USERS: Lazy.string({ produce: () => planOf(roles, users) }),
    },
    secrets: { PGPASSWORD: ContainerSecret.fromSecret(secret, 'password') },
  };
}

/** The variable that brings a user's password. */
export function passwordVariable(username: string): string {
  return `PASSWORD_OF_${username.toUpperCase()}`;
}

/** As `runtime/database-users/plan.ts` reads it. */
function planOf(roles: Roles, users: readonly DatabaseUser[]): string {
  return JSON.stringify({
    roles,
    users: users.map(({ username, grants, secret }) => ({
      name: username,
      right: grants._right,
      passwordVariable: secret && passwordVariable(username),
    })),
  });
}
