import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorities } from '../authorities';
import { passwordOf } from '../password';
import { certificateFor } from './certificate';
import type { Plan } from './plan';

/** `/tmp` is in memory, and the only folder of the container that can be written. */
const SCRATCH = '/tmp';

/** Who looks how the pool is. Users of databases have no "." in their names. */
const WATCHER = 'pool.watcher';

/** What is needed to run PgBouncer, and to look at it. */
export interface Configured {
  /** The file that it is started with. */
  readonly file: string;
  readonly host: string;
  readonly port: number;
  readonly watcher: { readonly user: string; readonly password: string; readonly certificate: string };
}

/** Writes the files that PgBouncer reads. */
export function configure(plan: Plan, environment: NodeJS.ProcessEnv): Configured {
  const folder = mkdtempSync(join(SCRATCH, 'pgbouncer-'));
  const place = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const { certificate, key } = certificateFor(environment, folder);
  const password = randomBytes(24).toString('base64url');
  const users = [...plan.users.map((user) => [user.name, passwordOf(user, environment)]), [WATCHER, password]];
  const { HOST: host = '0.0.0.0', PORT: port = '5432' } = environment;
  const file = place(
    'pgbouncer.ini',
    configurationText(plan, {
      listen_addr: host,
      listen_port: port,
      auth_file: place('users.txt', users.map((words) => `${words.map(quoted).join(' ')}\n`).join('')),
      client_tls_cert_file: place('certificate.pem', certificate),
      client_tls_key_file: place('key.pem', key),
      server_tls_ca_file: place('authorities.pem', authorities(environment)),
    }),
  );
  return { file, host, port: Number(port), watcher: { user: WATCHER, password, certificate } };
}

/** https://www.pgbouncer.org/config.html */
function configurationText(plan: Plan, places: Record<string, string>): string {
  const settings = {
    ...places,
    unix_socket_dir: '',
    stats_users: WATCHER,
    pool_mode: 'transaction',
    // A statement that a client prepares is known to each connection that it gets: from 1.21 on.
    max_prepared_statements: 200,
    auth_type: 'scram-sha-256',
    client_tls_sslmode: 'require',
    server_tls_sslmode: 'verify-full',
    max_client_conn: plan.clientConnections,
    // All users share what the task may open: an idle connection of one makes room for another.
    default_pool_size: plan.serverConnections,
    max_db_connections: plan.serverConnections,
    query_wait_timeout: plan.borrowSeconds,
    // A database that woke up, or failed over, is found again within seconds.
    server_connect_timeout: 60,
    server_login_retry: 1,
    server_idle_timeout: plan.idleSeconds,
    // The balancer forgets what says nothing for 350 seconds.
    tcp_keepalive: 1,
    tcp_keepidle: 60,
    tcp_keepintvl: 15,
    tcp_keepcnt: 4,
    // JDBC asks for it in every session, and PostgreSQL ignores it since version 12.
    ignore_startup_parameters: 'extra_float_digits',
    log_connections: 0,
    // Without it nothing says that a server was not reached.
    log_disconnections: 1,
    log_stats: 0,
  };
  return [
    '[databases]',
    ...plan.databases.map(({ name, host, port, database }) => `${name} = host=${host} port=${port} dbname=${database}`),
    '[pgbouncer]',
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n');
}

/** https://www.pgbouncer.org/config.html#authentication-file-format */
function quoted(word: string): string {
  return `"${word.replace(/"/g, '""')}"`;
}
