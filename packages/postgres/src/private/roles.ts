import type { Mistakes } from '@groundplan/core';

/** The roles of a database, by what they may do. Nobody logs in as one; users are members. */
export interface Roles {
  readonly owner: string;
  readonly readWrite: string;
  readonly readOnly: string;
}

/** Roles belong to the whole server, so they are named after the database. */
export function rolesOf(databaseName: string): Roles {
  return {
    owner: `${databaseName}_owner`,
    readWrite: `${databaseName}_read_write`,
    readOnly: `${databaseName}_read_only`,
  };
}

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
/** Names that PostgreSQL, SQL or RDS keeps for itself. */
const RESERVED = /^(pg_.*|rds.*|postgres|public|none|user|current_role|current_user|session_user|all|default)$/;

/** Notes what a user cannot be called. */
export function checkUsername(username: string, taken: readonly string[], mistakes: Mistakes): void {
  if (!NAME.test(username) || RESERVED.test(username))
    mistakes.add({
      prop: 'username',
      mustBe:
        'a small letter, then up to 62 small letters, digits and "_", and no name that PostgreSQL or RDS keeps for itself',
      got: `"${username}"`,
      remedy: 'name the user after the application: app, reports',
    });
  else if (taken.includes(username))
    mistakes.add({
      prop: 'username',
      mustBe: 'another one than those that are there',
      got: `"${username}"`,
      remedy: 'keep what the first addUser returned, or name this one otherwise',
    });
}
