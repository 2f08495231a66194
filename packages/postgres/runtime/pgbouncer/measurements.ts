import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Configured } from './configuration';
import type { Plan } from './plan';
import type { PoolLog } from './pool-log';

const NAMESPACE = 'groundplan/PgBouncer';
const LOOKS_PER_REPORT = 12;

/** A line of `SHOW POOLS`: https://www.pgbouncer.org/usage.html#show-pools. */
interface Pool {
  readonly database: string;
  readonly cl_active: string;
  readonly cl_waiting: string;
  readonly sv_active: string;
  readonly sv_idle: string;
  readonly sv_used: string;
  readonly sv_login: string;
  readonly maxwait: string;
  readonly maxwait_us: string;
}

/** How the pool is at one moment. */
interface Seen {
  readonly LongestWait: number;
  readonly ClientsWaiting: number;
  readonly Clients: number;
  readonly ServerConnections: number;
}

/** Says again and again how the pool was in its worst moments since the last time, until it ends. */
export async function measure(
  { name, reportSeconds }: Plan,
  { host, port, watcher }: Configured,
  log: PoolLog,
  say: (line: string) => void,
): Promise<never> {
  const pauseMs = (reportSeconds * 1000) / LOOKS_PER_REPORT;
  const look = async () => {
    const { user, password, certificate } = watcher;
    const client = new Client({
      host: host === '0.0.0.0' ? '127.0.0.1' : host,
      port,
      user,
      password,
      database: 'pgbouncer',
      // It is our own certificate, of whatever name.
      ssl: { ca: certificate, checkServerIdentity: () => undefined },
      connectionTimeoutMillis: pauseMs,
    });
    try {
      await client.connect();
      return seenIn((await client.query<Pool>('SHOW POOLS')).rows);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  for (;;) {
    const seen: Seen[] = [];
    for (let looks = 0; looks < LOOKS_PER_REPORT; looks += 1) {
      // One that cannot be asked is busy, or about to end: then the others count.
      await look().then(
        (now) => seen.push(now),
        () => undefined,
      );
      await sleep(pauseMs, undefined, { ref: false });
    }
    say(metricLine(name, { ...worstOf(seen), ...log.take() }));
  }
}

function seenIn(pools: readonly Pool[]): Seen {
  const all = pools.filter(({ database }) => database !== 'pgbouncer');
  const sum = (...names: (keyof Pool)[]) =>
    all.reduce((total, pool) => names.reduce((part, name) => part + Number(pool[name]), total), 0);
  return {
    LongestWait: Math.max(0, ...all.map(({ maxwait, maxwait_us }) => Number(maxwait) + Number(maxwait_us) / 1e6)),
    ClientsWaiting: sum('cl_waiting'),
    Clients: sum('cl_active', 'cl_waiting'),
    ServerConnections: sum('sv_active', 'sv_idle', 'sv_used', 'sv_login'),
  };
}

function worstOf(seen: readonly Seen[]): Partial<Seen> {
  if (seen.length === 0) return {};
  const most = (name: keyof Seen) => Math.max(...seen.map((moment) => moment[name]));
  return {
    LongestWait: most('LongestWait'),
    ClientsWaiting: most('ClientsWaiting'),
    Clients: most('Clients'),
    ServerConnections: most('ServerConnections'),
  };
}

/**
 * A line of the log of which CloudWatch makes metrics: no right to write metrics is needed.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function metricLine(pool: string, values: Record<string, number>): string {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: Name === 'LongestWait' ? 'Seconds' : 'Count' }));
  const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: [['Pool']], Metrics }];
  return JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics }, Pool: pool, ...values });
}
