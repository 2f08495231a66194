import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { configure } from './configuration';
import { measure } from './measurements';
import { planIn } from './plan';
import { PoolLog } from './pool-log';

/** Runs PgBouncer for as long as the task stands, and answers how it ended. */
export async function runPool(environment: NodeJS.ProcessEnv, say: (line: string) => void): Promise<number> {
  const plan = planIn(environment);
  const configured = configure(plan, environment);
  const pgbouncer = spawn('pgbouncer', [configured.file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = new PoolLog();
  for (const stream of [pgbouncer.stdout, pgbouncer.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      if (log.read(line)) say(line);
    });
  const ended = new Promise<number>((resolve, reject) => {
    pgbouncer.once('error', reject);
    pgbouncer.once('close', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
  // ECS says SIGTERM, on which PgBouncer waits for clients, from 1.23 on: they keep connections for days. On SIGINT it takes no
  // new ones, brings begun transactions to their end and goes; clients connect again, to another task.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => pgbouncer.kill('SIGINT'));
  void measure(plan, configured, log, say);
  return ended;
}
