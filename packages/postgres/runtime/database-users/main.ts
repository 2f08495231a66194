import { passwordOf } from '../password';
import { connectWhenReady } from './connect';
import { planIn } from './plan';
import { Server, statements } from './statements';

/** Two deployments at once are served one after the other: any number, as long as it is the same. */
const LOCK = 4_701_815_361;

/** Makes the roles and users of a plan, and says what it did. */
export async function makeUsers(environment: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  const plan = planIn(environment);
  const client = await connectWhenReady(environment, say);
  try {
    // All or nothing: roles and grants are transactional.
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const { rows } = await client.query<Omit<Server, 'existing'> & { existing: string[] }>(
      `SELECT current_database() AS database, current_user AS master, current_setting('server_version_num')::int AS version,
        ARRAY(SELECT rolname::text FROM pg_roles) AS existing`,
    );
    const server = { ...rows[0], existing: new Set(rows[0].existing) };
    for (const statement of statements(plan, server, (user) => passwordOf(user, environment)))
      await client.query(statement);
    await client.query('COMMIT');
    for (const { name, right, passwordVariable } of plan.users)
      say(
        `${server.existing.has(name) ? 'Kept' : 'Made'} ${name}: ${right}, ${passwordVariable ? 'by password' : 'by IAM'}`,
      );
    say(`${plan.users.length} users stand in ${server.database}.`);
  } finally {
    await client.end();
  }
}
