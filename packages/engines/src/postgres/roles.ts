import { ExpectedFailure } from '../expected-failure';

/** The superuser of RDS, whom only Amazon is. */
export const RDS_ADMIN = 'rdsadmin';

/** What may be said by, and about, a member of `rds_superuser`. `pg_` roles that a version lacks are passed over. */
const RDS_SUPERUSER_IS = [
  ...['pg_monitor', 'pg_signal_backend', 'pg_checkpoint', 'pg_read_all_settings', 'pg_read_all_stats'],
  ...['pg_stat_scan_tables', 'pg_maintain', 'pg_create_subscription', 'pg_use_reserved_connections'],
  ...['rds_password', 'rds_replication'],
];

/** Who a server belongs to. */
export interface Owner {
  readonly user: string;
  readonly password: string;
  /** Whether the user is what the master user of RDS is, and no superuser. */
  readonly rds: boolean;
}

/** Statements, a line each, that bring the roles of a server to where they should be. They may be said again. */
export function roleStatements({ user, password, rds }: Owner, major: number): string[] {
  const secret = `PASSWORD ${literal(password)}`;
  if (!rds) return [`ALTER ROLE ${identifier(user)} ${secret};`];
  const unlessThere = (role: string) =>
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(role)}) THEN CREATE ROLE ${identifier(role)}; END IF; END $$;`;
  const granted =
    `DO $$ DECLARE r name; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE rolname IN (${RDS_SUPERUSER_IS.map(literal).join(', ')}) ` +
    `LOOP EXECUTE format('GRANT %I TO rds_superuser WITH ADMIN OPTION', r); END LOOP; END $$;`;
  return [
    ...['rds_superuser', 'rds_password', 'rds_replication', 'rds_iam', user].map(unlessThere),
    granted,
    `ALTER ROLE ${identifier(user)} NOSUPERUSER LOGIN INHERIT CREATEDB CREATEROLE NOREPLICATION NOBYPASSRLS ${secret} VALID UNTIL 'infinity';`,
    `GRANT rds_superuser TO ${identifier(user)} WITH ADMIN OPTION;`,
    // From 16 on, who may create roles may grant only those that he administers; on RDS the master user grants rds_iam.
    ...(major >= 16 ? [`GRANT rds_iam TO ${identifier(user)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;`] : []),
    ...['postgres', 'template1'].map((database) => `ALTER DATABASE ${database} OWNER TO ${identifier(user)};`),
  ];
}

/** The statement that makes the first database of a server. */
export function databaseStatement(database: string, owner: string): string {
  return `CREATE DATABASE ${identifier(database)} OWNER ${identifier(owner)};`;
}

/** Fails for a name that cannot be one, or is not for users to take. */
export function checkName(what: string, name: string, rds: boolean): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name))
    throw new ExpectedFailure(
      `${what} must be a letter followed by letters, digits or underscores, 63 at most, got "${name}"`,
    );
  if (/^pg_/i.test(name) || (rds && /^rds(admin$|_)/i.test(name)))
    throw new ExpectedFailure(
      `${what} must not begin as names of the server itself do (pg_, rds_, rdsadmin), got "${name}"`,
    );
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** On one line, whatever is in it: the server that reads it takes the end of a line for the end of a statement. */
function literal(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `E'${escaped}'`;
}
