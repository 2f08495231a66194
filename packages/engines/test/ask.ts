import * as fs from 'fs';
import { Client, ClientConfig } from 'pg';
import { PostgresServer } from '../src';

/** Asks a server one question, over TLS with its certificate checked unless said otherwise, and answers the rows. */
export async function ask(
  server: Pick<PostgresServer, 'host' | 'port' | 'user' | 'password' | 'database' | 'caFile'>,
  question: string,
  as: ClientConfig = {},
): Promise<Record<string, unknown>[]> {
  const { host, port, user, password, database, caFile } = server;
  const ssl = { ca: fs.readFileSync(caFile, 'utf8') };
  const client = new Client({ host, port, user, password, database, ssl, ...as });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query(question);
    return rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
