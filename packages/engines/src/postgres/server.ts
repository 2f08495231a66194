import { ChildProcess, spawn } from 'child_process';
import { randomBytes } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { createInterface } from 'readline';
import { caFileOf, issueCertificate } from '../certificate-authority';
import { ExpectedFailure } from '../expected-failure';
import { freePort, mustBeFree, portTaken } from '../port';
import { endWithUs } from '../warden';
import { authentication } from './authentication';
import { DataFolder, assignments, dataIn } from './data-folder';
import { Postgres, findPostgres } from './find-postgres';
import { checkName } from './roles';
import { mustNotRun, runningIn } from './running';
import { SettingValue, understoodSettings } from './settings';

export interface PostgresServerOptions {
  /** Where it keeps its data. What is there is started again. @default a new one, deleted when the server stops */
  readonly folder?: string;
  /** The address that it listens on. @default 127.0.0.1 */
  readonly host?: string;
  /** @default a free one */
  readonly port?: number;
  /** The major version. @default 17 */
  readonly major?: number;
  /** The superuser, or with `rds` the master user. @default postgres */
  readonly user?: string;
  /** Of that user; another one than at the last start replaces it. @default a random one */
  readonly password?: string;
  /** A database that is made together with new data, owned by the user. @default only `postgres` */
  readonly database?: string;
  /** Roles and rights as on RDS: the user is no superuser, members of `rds_iam` need no password. @default false */
  readonly rds?: boolean;
  /** Refuses connections without TLS. @default false: TLS is offered */
  readonly forceTls?: boolean;
  /** Where the certificate authority stands, or is made. @default in the folder */
  readonly caFolder?: string;
  /** What else the server is called, beside its address and localhost: names in its certificate. */
  readonly names?: string[];
  /** Of `postgresql.conf`. What this PostgreSQL does not know is left out with a note. */
  readonly settings?: Record<string, SettingValue>;
  /** Lines of `pg_hba.conf` that come before all others. */
  readonly hba?: string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Is told every line of PostgreSQL's own log. */
  readonly log?: (line: string) => void;
  /** Is told what is left out, and what takes a moment. */
  readonly note?: (text: string) => void;
}

/** It loses what it wrote when the machine dies, and nothing when it is killed itself: the kernel has it then. */
const IN_A_HURRY = { fsync: 'off', full_page_writes: 'off' };
const SMALL = {
  shared_buffers: '32MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_checkpoints: 'off',
};

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 10_000;
const LAST_LINES = 40;

/** A PostgreSQL that runs. It ends with the process that started it. */
export class PostgresServer {
  /** Makes or takes up the data, starts a server on it, and answers when it accepts connections. */
  static async start(options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const { host = '127.0.0.1', user = 'postgres', rds = false, note = () => undefined } = options;
    // 1. what can be known to fail before anything is written
    checkName('the user', user, rds);
    if (options.database !== undefined) checkName('the database', options.database, rds);
    const password = options.password ?? randomBytes(16).toString('hex');
    if (password === '' || password.includes('\0')) throw new ExpectedFailure('the password must not be empty');
    if (options.folder !== undefined) await mustNotRun(dataIn(options.folder));
    if (options.port !== undefined) await mustBeFree(host, options.port);
    const postgres = await findPostgres({ major: options.major, env: options.env, say: note });
    const settings = understoodSettings(options.settings ?? {}, postgres, note);

    // 2. the data
    const throwAway = options.folder === undefined ? temporaryFolder() : undefined;
    const folder = path.resolve(options.folder ?? throwAway!);
    try {
      const data = new DataFolder(folder, postgres);
      await data.prepare({ user, password, rds }, options.database);

      // 3. the configuration, anew at every start
      const caFolder = path.resolve(options.caFolder ?? path.join(folder, 'ca'));
      const names = [host, 'localhost', ...(options.names ?? [])];
      const { certificate, key } = await issueCertificate(caFolder, names);
      const { forceTls = false, hba = [] } = options;
      data.write({
        'server.pem': certificate,
        'server-key.pem': key,
        'groundplan-hba.conf': authentication({ user, password, rds, forceTls, hba }),
        'groundplan.conf': configuration({ ...SMALL, ...settings, ...IN_A_HURRY }),
      });

      // 4. the server
      const port = options.port ?? (await freePort(host));
      const child = spawnServer(data, host, port);
      const dismiss =
        child.pid === undefined
          ? () => undefined
          : endWithUs(child.pid, { signals: ['INT', 'QUIT', 'KILL'], throwAway });
      child.once('exit', dismiss);
      const facts = {
        host,
        port,
        user,
        password,
        database: options.database ?? 'postgres',
        caFile: caFileOf(caFolder),
      };
      const server = new PostgresServer(child, postgres, folder, throwAway, facts);
      server.readLog(options.log);
      await server.untilReady(data.data);
      return server;
    } catch (error) {
      if (throwAway) fs.rmSync(throwAway, { recursive: true, force: true });
      throw error;
    }
  }

  readonly host: string;
  readonly port: number;
  /** Such as 17.10. */
  readonly version: string;
  readonly user: string;
  readonly password: string;
  /** The one that was made, or `postgres`. */
  readonly database: string;
  /** The certificate that clients have to trust, as PEM. */
  readonly caFile: string;
  /** Answers how it ended, when it does: by itself or because it was stopped. */
  readonly ended: Promise<string>;
  private readonly lastLines: string[] = [];
  private hasEnded = false;

  private constructor(
    private readonly child: ChildProcess,
    postgres: Postgres,
    readonly folder: string,
    private readonly throwAway: string | undefined,
    facts: Pick<PostgresServer, 'host' | 'port' | 'user' | 'password' | 'database' | 'caFile'>,
  ) {
    this.version = postgres.version;
    ({ host: this.host, port: this.port } = facts);
    ({ user: this.user, password: this.password, database: this.database, caFile: this.caFile } = facts);
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`));
    });
    void this.ended.then(() => (this.hasEnded = true));
  }

  /** What JDBC calls a database of it: over TLS, with the certificate checked. */
  jdbcUrl(database = this.database): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `jdbc:postgresql://${host}:${this.port}/${database}?sslmode=verify-full&sslrootcert=${encodeURIComponent(this.caFile)}`;
  }

  /** Ends it, without waiting for clients; what they have committed is kept. May be called again. */
  async stop(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (this.hasEnded) break;
      this.child.kill(signal);
      await Promise.race([this.ended, pause(STOP_PATIENCE_MS)]);
    }
    if (this.throwAway) fs.rmSync(this.throwAway, { recursive: true, force: true });
  }

  private readLog(log: ((line: string) => void) | undefined): void {
    createInterface({ input: this.child.stderr! }).on('line', (line) => {
      this.lastLines.push(line);
      if (this.lastLines.length > LAST_LINES) this.lastLines.shift();
      log?.(line);
    });
  }

  private async untilReady(data: string): Promise<void> {
    for (const giveUp = Date.now() + START_PATIENCE_MS; Date.now() < giveUp; await pause(20, true)) {
      if (this.hasEnded) throw await this.whyItEnded();
      const running = runningIn(data);
      if (running?.pid === this.child.pid && running?.status === 'ready') return;
    }
    await this.stop();
    throw new ExpectedFailure(`PostgreSQL did not accept connections within ${START_PATIENCE_MS / 1000} s`, 1);
  }

  private async whyItEnded(): Promise<ExpectedFailure> {
    if (this.lastLines.some((line) => line.includes('Address already in use'))) return portTaken(this.host, this.port);
    const reasons = this.lastLines.filter((line) => /FATAL|PANIC|LOG: {2}(could not|invalid|unrecognized)/.test(line));
    const reason = (reasons[0] ?? this.lastLines.at(-1))?.replace(/^.*?(?:FATAL|PANIC|LOG): +/, '');
    return new ExpectedFailure(`PostgreSQL did not start (${await this.ended}): ${reason ?? 'it said nothing'}`, 1);
  }
}

/** One that may be entered: PostgreSQL runs as somebody else where we are root. What is in it guards itself. */
function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'postgres-'));
  fs.chmodSync(folder, 0o711);
  return folder;
}

function spawnServer(data: DataFolder, host: string, port: number): ChildProcess {
  const { command, place, options } = data.command('postgres');
  const settings = {
    config_file: `${place}/groundplan.conf`,
    hba_file: `${place}/groundplan-hba.conf`,
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: place,
    ssl: 'on',
    ssl_cert_file: 'server.pem',
    ssl_key_file: 'server-key.pem',
    ssl_min_protocol_version: 'TLSv1.2',
  };
  return spawn(command, ['-D', place, ...assignments(settings)], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Control-C in a terminal reaches everything in its process group: we end it ourselves, in order.
    detached: true,
  });
}

function configuration(settings: Record<string, string>): string {
  const quoted = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', ' ')}'`;
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${quoted(value)}\n`)
    .join('');
}

/** @param keepsAlive whether the process has nothing else to live for while it waits */
function pause(milliseconds: number, keepsAlive = false): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    if (!keepsAlive) timer.unref();
  });
}
