import { escapeIdentifier as id, escapeLiteral as text } from 'pg';
import type { Plan, PlannedUser, Right } from './plan';
import { scramVerifier } from './scram';

/** Where the statements run. */
export interface Server {
  /** The database that the rights are for. */
  readonly database: string;
  /** Whose session it is. */
  readonly master: string;
  /** `server_version_num`: 170009. */
  readonly version: number;
  /** The roles that are there. */
  readonly existing: ReadonlySet<string>;
}

const READS = 'SELECT';
const WRITES = 'SELECT, INSERT, UPDATE, DELETE';

/**
 * Everything that makes a database agree with a plan. Running it again changes nothing, and nobody is ever dropped: who is no longer
 * in the plan keeps what they had, until a person looks.
 */
export function statements(plan: Plan, server: Server, passwords: (user: PlannedUser) => string): string[] {
  const { owner, readWrite, readOnly } = plan.roles;
  const database = id(server.database);
  return [
    ...[owner, readWrite, readOnly]
      .filter((role) => !server.existing.has(role))
      .map((role) => `CREATE ROLE ${id(role)} NOLOGIN`),
    // Who migrates acts as the owner, so that what is made belongs to it and not to a person.
    `GRANT ${id(owner)} TO ${id(server.master)}${server.version >= 160000 ? ' WITH INHERIT TRUE, SET TRUE' : ''}`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${database} TO ${id(owner)}`,
    `GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${id(readWrite)}`,
    `GRANT CONNECT ON DATABASE ${database} TO ${id(readOnly)}`,
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `GRANT USAGE, CREATE ON SCHEMA public TO ${id(owner)}`,
    `GRANT USAGE ON SCHEMA public TO ${id(readWrite)}, ${id(readOnly)}`,
    ...defaultPrivileges(owner, readWrite, readOnly),
    existingPrivileges(owner, readWrite, readOnly, server.master),
    ...plan.users.flatMap((user) => userStatements(user, plan, server, passwords)),
  ];
}

/** For everything that will be made. */
function defaultPrivileges(owner: string, readWrite: string, readOnly: string): string[] {
  const future = `ALTER DEFAULT PRIVILEGES FOR ROLE ${id(owner)}`;
  return [
    `${future} GRANT USAGE ON SCHEMAS TO ${id(readWrite)}, ${id(readOnly)}`,
    `${future} GRANT ${WRITES} ON TABLES TO ${id(readWrite)}`,
    `${future} GRANT ${READS} ON TABLES TO ${id(readOnly)}`,
    `${future} GRANT USAGE, SELECT ON SEQUENCES TO ${id(readWrite)}`,
    `${future} GRANT SELECT ON SEQUENCES TO ${id(readOnly)}`,
  ];
}

/** For everything that was made before, by the owner or by the master: of others the master could not give anything away. */
function existingPrivileges(owner: string, readWrite: string, readOnly: string, master: string): string {
  const makers = `ARRAY(SELECT oid FROM pg_roles WHERE rolname IN (${text(owner)}, ${text(master)}))`;
  return `DO $groundplan$
DECLARE thing record;
BEGIN
  FOR thing IN SELECT nspname AS name FROM pg_namespace WHERE nspowner = ANY (${makers}) AND nspname !~ '^pg_' LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I', thing.name, ${text(readWrite)}, ${text(readOnly)});
  END LOOP;
  FOR thing IN SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relowner = ANY (${makers}) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND c.relname <> 'flyway_schema_history' LOOP
    IF thing.kind = 'S' THEN
      EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %I.%I TO %I', thing.schema, thing.name, ${text(readWrite)});
      EXECUTE format('GRANT SELECT ON SEQUENCE %I.%I TO %I', thing.schema, thing.name, ${text(readOnly)});
    ELSE
      EXECUTE format('GRANT ${WRITES} ON %I.%I TO %I', thing.schema, thing.name, ${text(readWrite)});
      EXECUTE format('GRANT ${READS} ON %I.%I TO %I', thing.schema, thing.name, ${text(readOnly)});
    END IF;
  END LOOP;
END
$groundplan$`;
}

function userStatements(
  user: PlannedUser,
  plan: Plan,
  { existing }: Server,
  passwords: (user: PlannedUser) => string,
): string[] {
  const name = id(user.name);
  const others = (Object.keys(plan.roles) as Right[]).filter((right) => right !== user.right);
  const password = user.passwordVariable ? text(scramVerifier(passwords(user))) : 'NULL';
  return [
    existing.has(user.name) ? '' : `CREATE ROLE ${name} LOGIN`,
    `ALTER ROLE ${name} LOGIN PASSWORD ${password}`,
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
    user.passwordVariable ? revokeIfMember(user.name, 'rds_iam') : `GRANT rds_iam TO ${name}`,
    `GRANT ${id(plan.roles[user.right])} TO ${name}`,
    ...others.map((right) => revokeIfMember(user.name, plan.roles[right])),
    // What an owner makes belongs to all owners.
    `ALTER ROLE ${name} ${user.right === 'owner' ? `SET role TO ${text(plan.roles.owner)}` : 'RESET role'}`,
  ].filter((statement) => statement !== '');
}

/** PostgreSQL warns of a membership that is not there; a warning in every run hides the one that matters. */
function revokeIfMember(user: string, role: string): string {
  return `DO $groundplan$
BEGIN
  IF EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
    WHERE r.rolname = ${text(role)} AND u.rolname = ${text(user)}) THEN
    REVOKE ${id(role)} FROM ${id(user)};
  END IF;
END
$groundplan$`;
}
