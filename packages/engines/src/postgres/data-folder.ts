import { randomUUID } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '../expected-failure';
import { CommandResult, runCommand } from '../run-command';
import { SystemUser, canReach, giveTo, unprivilegedUser } from '../unprivileged-user';
import { Postgres } from './find-postgres';
import { Owner, RDS_ADMIN, databaseStatement, roleStatements } from './roles';

const UNFINISHED = '.unfinished-';

/**
 * The data of one server: `data` in a folder that may be copied while the server does not run, which makes a snapshot.
 *
 * What is done to it is done by the programs of PostgreSQL, as the user that may run them.
 */
export class DataFolder {
  readonly data: string;
  private readonly user: SystemUser | undefined = unprivilegedUser('PostgreSQL');

  constructor(
    readonly folder: string,
    private readonly postgres: Postgres,
  ) {
    this.data = dataIn(folder);
    fs.mkdirSync(folder, { recursive: true });
  }

  /**
   * Brings the folder to where a server can start in it: data, roles, password. Makes the database only with new data. No
   * server may run on it.
   */
  async prepare(owner: Owner, database: string | undefined): Promise<void> {
    const statements = roleStatements(owner, this.postgres.major);
    if (fs.existsSync(this.data)) {
      this.mustFit();
      giveTo(this.data, this.user); // a copy may belong to whoever copied it,
      fs.chmodSync(this.data, 0o700); // and may be open to others, which PostgreSQL refuses
      return this.say(this.data, statements);
    }
    for (const left of fs.readdirSync(this.folder))
      if (left.startsWith(UNFINISHED)) fs.rmSync(path.join(this.folder, left), { recursive: true, force: true });
    // Made aside: what an interrupted start leaves is never taken for a database.
    const unfinished = path.join(this.folder, UNFINISHED + randomUUID());
    fs.mkdirSync(unfinished, { mode: 0o700 });
    giveTo(unfinished, this.user);
    try {
      await this.initialize(unfinished, owner.rds ? RDS_ADMIN : owner.user);
      const created = database && database !== 'postgres' ? [databaseStatement(database, owner.user)] : [];
      await this.say(unfinished, [...statements, ...created]);
      fs.renameSync(unfinished, this.data);
    } finally {
      fs.rmSync(unfinished, { recursive: true, force: true });
    }
  }

  /** Writes files that only PostgreSQL may read. */
  write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.data, name);
      fs.rmSync(file, { force: true });
      fs.writeFileSync(file, text, { mode: 0o600 });
      if (this.user) fs.chownSync(file, this.user.uid, this.user.gid);
    }
  }

  /** How a program of PostgreSQL is started on the data: the command, its options, and the data's name to it. */
  command(program: 'postgres' | 'initdb', data = this.data) {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(PG|POSTGRES_PASSWORD|LC_|LANG)/.test(name)),
    );
    return {
      command: path.join(this.postgres.folder, program),
      place: this.placeOf(data),
      options: { cwd: data, env: { ...env, LC_ALL: 'C' }, uid: this.user?.uid, gid: this.user?.gid },
    };
  }

  /**
   * What PostgreSQL calls the folder.
   *
   * Where we are root it runs as somebody else, who may not enter everything that root may: a temporary folder of a test, a
   * checkout in root's home. The folder that a process stands in it can always reach, by the name that Linux gives to it.
   */
  private placeOf(data: string): string {
    if (canReach(data, this.user)) return data;
    if (process.platform === 'linux') return '/proc/self/cwd';
    throw new ExpectedFailure(
      `PostgreSQL does not run as root, and the user "${this.user?.name}" may not enter ${data}; use a folder that everybody may ` +
        'enter, or run this as another user',
    );
  }

  private async initialize(data: string, superuser: string): Promise<void> {
    const { command, place, options } = this.command('initdb', data);
    const args = ['-D', place, '-U', superuser, '-A', 'reject', '-E', 'UTF8', '--locale', 'C', '--no-sync'];
    // RDS sorts as English does. The C library of this machine may not know how; what PostgreSQL brings for it does.
    const english = ['--locale-provider', 'icu', '--icu-locale', 'en-US'];
    let result = await runCommand(command, this.postgres.major >= 15 ? [...args, ...english] : args, options);
    if (result.code !== 0 && /ICU is not supported/i.test(result.output)) {
      for (const name of fs.readdirSync(data)) fs.rmSync(path.join(data, name), { recursive: true });
      result = await runCommand(command, args, options);
    }
    mustSucceed(`PostgreSQL could not make a database in ${data}`, result);
  }

  /** Says statements to the data without a server: nobody can come in before they are done. */
  private async say(data: string, statements: string[]): Promise<void> {
    const { command, place, options } = this.command('postgres', data);
    const settings = { exit_on_error: 'true', password_encryption: 'scram-sha-256', log_checkpoints: 'off' };
    const args = ['--single', '-D', place, ...assignments(settings), 'postgres'];
    const result = await runCommand(command, args, { ...options, input: statements.join('\n') + '\n' });
    mustSucceed(`PostgreSQL could not prepare ${data}`, result);
  }

  private mustFit(): void {
    const file = path.join(this.data, 'PG_VERSION');
    const major = fs.existsSync(file) ? Number.parseInt(fs.readFileSync(file, 'utf8')) : undefined;
    if (major === this.postgres.major) return;
    throw new ExpectedFailure(
      major === undefined
        ? `${this.data} is no data of PostgreSQL; use another folder`
        : `${this.data} holds data of PostgreSQL ${major}, and ${this.postgres.version} was to be started; ask for major ${major}, or use another folder`,
    );
  }
}

/** Where the data stands in a server's folder. */
export function dataIn(folder: string): string {
  return path.resolve(folder, 'data');
}

/** Settings as arguments of `postgres`. */
export function assignments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function mustSucceed(what: string, { code, output }: CommandResult): void {
  if (code === 0) return;
  const reasons = output.split('\n').filter((line) => /FATAL|ERROR|error:|could not/.test(line));
  throw new ExpectedFailure(`${what}: ${(reasons[0] ?? output).trim() || `it ended with ${code}`}`, 1);
}
