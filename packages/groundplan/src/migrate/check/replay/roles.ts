import { readFileSync } from 'node:fs';
import type { PostgresServer } from '@groundplan/engines';

/** Names that the command takes need nothing but quotes. */
const id = (name: string) => `"${name}"`;

/** The role that owns what migrations make, named after the database. */
export function ownerOf(database: string): string {
  return `${database}_owner`;
}

/**
 * What the migration task does before Flyway runs, as far as migrations notice: `packages/postgres/runtime/database-users/statements.ts`,
 * and `tools/test/migrations.test.ts` holds the two together.
 */
export function roleStatements({ database, user, major }: { database: string; user: string; major: number }): string[] {
  const [owner, ...users] = [ownerOf(database), `${database}_read_write`, `${database}_read_only`].map(id);
  return [
    ...[owner, ...users].map((role) => `CREATE ROLE ${role} NOLOGIN`),
    `GRANT ${owner} TO ${id(user)}${major >= 16 ? ' WITH INHERIT TRUE, SET TRUE' : ''}`,
    `REVOKE ALL ON DATABASE ${id(database)} FROM PUBLIC`,
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${id(database)} TO ${owner}`,
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `GRANT USAGE, CREATE ON SCHEMA public TO ${owner}`,
    `GRANT USAGE ON SCHEMA public TO ${users.join(', ')}`,
  ];
}

/** Makes the roles on a server that has none. */
export async function makeRoles(server: PostgresServer): Promise<void> {
  const { host, port, user, password, database, caFile, version } = server;
  const { Client } = await import('pg'); // not for every command
  const client = new Client({ host, port, user, password, database, ssl: { ca: readFileSync(caFile) } });
  await client.connect();
  try {
    for (const statement of roleStatements({ database, user, major: Number.parseInt(version) }))
      await client.query(statement);
  } finally {
    await client.end();
  }
}
