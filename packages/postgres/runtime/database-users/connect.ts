import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { authorities } from '../authorities';

/** What says that nobody is there yet: a database that starts, or one that wakes up. */
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', '57P03']);
const PAUSE_MS = 2000;

/** A session of the master user, as soon as the database takes one. */
export async function connectWhenReady(environment: NodeJS.ProcessEnv, say: (line: string) => void): Promise<Client> {
  const patience = Number(environment.WAIT_SECONDS ?? '300') * 1000;
  const until = Date.now() + patience;
  for (let attempt = 1; ; attempt += 1) {
    // Host, port, database, user and password come from the variables that libpq reads too.
    const client = new Client({
      ssl: { ca: authorities(environment) },
      connectionTimeoutMillis: 15_000,
      application_name: 'database-users',
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const { code, message } = error as { code?: string; message: string };
      const waits = (code !== undefined && NOT_YET.has(code)) || /timeout|terminated unexpectedly/.test(message);
      if (!waits || Date.now() + PAUSE_MS > until) throw error;
      if (attempt === 1) say(`Waiting for the database: ${message}`);
      await sleep(PAUSE_MS);
    }
  }
}
