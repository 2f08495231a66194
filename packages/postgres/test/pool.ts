import { PGBOUNCER_PROGRAM, PostgresServer, commandOf, freePort } from '@groundplan/engines';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, ClientConfig } from 'pg';

/** The file that the image holds, run as its container runs it. */
const PROGRAM = join(__dirname, '../assets/images/pgbouncer.js');
const PATIENCE_MS = 60_000;

/** What a test says otherwise. */
export interface PoolOptions {
  readonly users: Record<string, string>;
  readonly plan?: object;
  readonly environment?: Record<string, string>;
}

/** The program of the pool's image in front of a real PostgreSQL. */
export class Pool {
  public static async start(server: PostgresServer, { users, plan, environment }: PoolOptions): Promise<Pool> {
    const port = await freePort(server.host);
    const at = (name: string) => ({ name, host: server.host, port: `${server.port}`, database: 'shop' });
    const variables = Object.keys(users).map((name) => ({ name, passwordVariable: `PASSWORD_OF_${name}` }));
    const pool = new Pool(
      server,
      port,
      spawn(process.execPath, [PROGRAM], {
        env: {
          PATH: `${commands()}:${process.env.PATH}`,
          HOST: server.host,
          PORT: `${port}`,
          PGSSLROOTCERT: server.caFile,
          ...Object.fromEntries(Object.entries(users).map(([name, password]) => [`PASSWORD_OF_${name}`, password])),
          POOL: JSON.stringify({
            name: 'Shop-Pool',
            databases: [at('shop'), at('readers')],
            users: variables,
            clientConnections: 100,
            serverConnections: 2,
            borrowSeconds: 2,
            idleSeconds: 60,
            reportSeconds: 60,
            ...plan,
          }),
          ...environment,
        },
      }),
    );
    for (let waited = 0; !pool.said.includes('process up'); waited += 50) {
      if (pool.process.exitCode !== null || waited > PATIENCE_MS)
        throw new Error(`The pool did not start:\n${pool.said}`);
      await sleep(50);
    }
    return pool;
  }

  /** Ends those that a failed test left. */
  public static endAll(): void {
    for (const { process } of Pool.started) process.kill('SIGKILL');
  }

  private static readonly started: Pool[] = [];

  /** All that it wrote. */
  public said = '';

  private constructor(
    private readonly server: PostgresServer,
    public readonly port: number,
    public readonly process: ChildProcess,
  ) {
    Pool.started.push(this);
    for (const stream of [process.stdout!, process.stderr!]) stream.on('data', (chunk) => (this.said += chunk));
  }

  /** A client that has not connected yet. It does not know whose certificate it is shown: `sslmode=require`. */
  public client(user: string, password: string, more: ClientConfig = {}): Client {
    const { host } = this.server;
    const ssl = { rejectUnauthorized: false };
    const client = new Client({ host, port: this.port, database: 'shop', user, password, ssl, ...more });
    client.on('error', () => undefined); // whoever is sent away finds out with the next question
    return client;
  }

  public async connected(user: string, password: string, more?: ClientConfig): Promise<Client> {
    const client = this.client(user, password, more);
    await client.connect();
    return client;
  }

  /** As ECS ends a task; answers the exit code. */
  public async stop(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.kill('SIGTERM')) await once(this.process, 'exit');
    return this.process.exitCode;
  }
}

/** A folder with the command `pgbouncer`, as the image has it. */
function commands(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-command-'));
  const file = join(folder, 'pgbouncer');
  const words = commandOf(PGBOUNCER_PROGRAM).map((word) => `'${word}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(file, 0o755);
  return folder;
}
