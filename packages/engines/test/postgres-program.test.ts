import { ChildProcess, spawn, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { createInterface } from 'readline';
import { POSTGRES_SERVER_PROGRAM, commandOf, freePort } from '../src';
import { ask } from './ask';
import { temporaryFolder } from './temporary-folder';

const [node, ...program] = commandOf(POSTGRES_SERVER_PROGRAM);

interface Ready {
  readonly ready: boolean;
  readonly version: string;
  readonly host: string;
  readonly port: number;
}

/** Starts the program, as `parent` would, and waits for its one line. */
async function started(args: string[], parent = (command: string[]) => command) {
  const [command, ...rest] = parent([node, ...program, ...args]);
  const child = spawn(command, rest, {
    env: { ...process.env, POSTGRES_PASSWORD: 'secret' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const log: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => log.push(line));
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      said.push(line);
      resolve(JSON.parse(line) as Ready);
    });
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${log.join('\n')}`)));
  });
  return { child, said, log, ready };
}

function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('close', resolve));
}

/** The process of the server in a folder, by its own record. */
const postmaster = (folder: string) =>
  Number.parseInt(fs.readFileSync(path.join(folder, 'data', 'postmaster.pid'), 'utf8'));

async function gone(pid: number): Promise<boolean> {
  for (const end = Date.now() + 8_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50)))
    if (!runs(pid)) return true;
  return false;
}

function runs(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

test('says one line when it accepts connections, logs line by line, ends in order on SIGTERM', async () => {
  const [folder, ca] = [temporaryFolder(), temporaryFolder()];
  const settings = path.join(folder, 'settings.json');
  fs.writeFileSync(settings, JSON.stringify({ work_mem: 4096, log_connections: true, 'rds.force_ssl': '1' }));
  const port = await freePort();
  const { child, said, log, ready } = await started([
    ...['--folder', folder, '--host', '127.0.0.1', '--port', String(port), '--major', '17', '--user', 'master'],
    ...['--database', 'guestbook', '--ca-folder', ca, '--settings', settings, '--force-tls'],
  ]);
  expect(ready).toEqual({ ready: true, version: expect.stringMatching(/^17\.\d+$/), host: '127.0.0.1', port });

  const as = { host: ready.host, port, user: 'master', password: 'secret', database: 'guestbook' };
  const server = { ...as, caFile: path.join(ca, 'ca.pem') };
  const [row] = await ask(
    server,
    "SELECT current_setting('work_mem') AS memory, pg_has_role('rds_superuser', 'usage')",
  );
  expect(row).toEqual({ memory: '4MB', pg_has_role: true });
  await expect(ask(server, 'SELECT 1', { ssl: false })).rejects.toThrow(/no encryption/);

  child.kill('SIGTERM');
  expect(await ended(child)).toBe(0);
  expect(said).toHaveLength(1);
  expect(log).toContainEqual(expect.stringMatching(/LOG: {2}connection authorized: user=master/));
  expect(log).toContainEqual(expect.stringMatching(/^postgres-server: the setting rds.force_ssl/));
  expect(log.at(-1)).toMatch(/database system is shut down/);
});

test('ends when whoever started it is killed', async () => {
  const folder = temporaryFolder();
  const parent = (command: string[]) => ['sh', '-c', '"$@" & echo "parent $!" >&2; wait', 'sh', ...command];
  const { child, log } = await started(['--folder', folder], parent);
  const pid = postmaster(folder);
  const own = Number(/parent (\d+)/.exec(log.join('\n'))![1]);
  expect(runs(pid)).toBe(true);
  child.kill('SIGKILL');
  expect(await gone(pid)).toBe(true);
  expect(await gone(own)).toBe(true);
});

test('leaves no PostgreSQL behind when it is killed itself, and can be started again at once', async () => {
  const folder = temporaryFolder();
  const port = String(await freePort());
  const first = await started(['--folder', folder, '--port', port]);
  const pid = postmaster(folder);
  first.child.kill('SIGKILL');
  const again = await started(['--folder', folder, '--port', port]); // at once: it waits until the other one has ended
  expect(runs(pid)).toBe(false);
  again.child.kill('SIGINT');
  expect(await ended(again.child)).toBe(0);
});

test('a server without a folder leaves nothing when it is killed', async () => {
  const temporary = temporaryFolder();
  const { child } = await started([], (command) => ['env', `TMPDIR=${temporary}`, ...command]);
  const [folder] = fs.readdirSync(temporary).filter((name) => name.startsWith('postgres-'));
  const pid = postmaster(path.join(temporary, folder));
  child.kill('SIGKILL');
  expect(await gone(pid)).toBe(true);
  for (let i = 0; i < 50 && fs.existsSync(path.join(temporary, folder)); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(fs.existsSync(path.join(temporary, folder))).toBe(false);
});

test('says why, and ends with 1, when PostgreSQL does not start', () => {
  const settings = path.join(temporaryFolder(), 'settings.json');
  fs.writeFileSync(settings, JSON.stringify({ max_connections: '-5' }));
  const { status, stderr } = spawnSync(node, [...program, '--settings', settings], {
    env: { ...process.env, POSTGRES_PASSWORD: 'secret' },
    encoding: 'utf8',
  });
  expect(stderr).toContain('-5 is outside the valid range for parameter "max_connections"');
  expect(stderr).toMatch(/^postgres-server: PostgreSQL did not start \(exit code 1\): /m);
  expect(status).toBe(1);
});

test('says so when PostgreSQL ends by itself', async () => {
  const folder = temporaryFolder();
  const { child, log } = await started(['--folder', folder]);
  process.kill(postmaster(folder), 'SIGKILL');
  expect(await ended(child)).toBe(1);
  expect(log.at(-1)).toBe('postgres-server: PostgreSQL ended although nobody asked for it (killed by SIGKILL)');
});

describe('ends with 2 and one sentence on', () => {
  const settings = (text: string) => {
    const file = path.join(temporaryFolder(), 'settings.json');
    fs.writeFileSync(file, text);
    return file;
  };
  test.each<[string, () => string[], RegExp]>([
    ['an option that it does not know', () => ['--prot', '5432'], /Unknown option '--prot'.*; usage: /],
    ['a port that is none', () => ['--port', '99999'], /--port must be a number from 1 to 65535, got "99999"/],
    ['a major version that is none', () => ['--major', 'x'], /--major must be a number from 1 to 99, got "x"/],
    ['a major version that is nowhere', () => ['--major', '42'], /there is no PostgreSQL 42/],
    ['settings that are not there', () => ['--settings', '/no/such'], /--settings names "\/no\/such", which cannot be/],
    ['a password that is not set', () => [], /POSTGRES_PASSWORD in the environment must be the password of the user/],
    ['settings that are none', () => ['--settings', settings('[1]')], /which must hold one object/],
  ])('%s', (_, args, message) => {
    const { status, stdout, stderr } = spawnSync(node, [...program, ...args()], {
      encoding: 'utf8',
      env: { ...process.env, POSTGRES_PASSWORD: args().length > 0 ? 'secret' : '' },
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
