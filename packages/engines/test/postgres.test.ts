import * as fs from 'fs';
import * as path from 'path';
import { PostgresServer, PostgresServerOptions, freePort } from '../src';
import { ask } from './ask';
import { temporaryFolder } from './temporary-folder';

describe('a server as on RDS', () => {
  const notes: string[] = [];
  let server: PostgresServer;
  const asMaster = (question: string) => ask(server, question);

  beforeAll(async () => {
    server = await PostgresServer.start({
      rds: true,
      user: 'master',
      password: "it's a \\ secret",
      database: 'guestbook',
      forceTls: true,
      names: ['guestbook.example.com'],
      settings: {
        work_mem: '5MB',
        log_min_duration_statement: 500,
        log_connections: true,
        shared_preload_libraries: 'rdsutils,pg_stat_statements',
        'pg_stat_statements.track': 'all',
        'rds.force_ssl': '1',
        shared_buffers: '{DBInstanceClassMemory/32768}',
        port: '1',
        apg_write_forward: 'on',
        no_such_setting: 'x',
      },
      note: (text) => notes.push(text),
    });
  });
  afterAll(() => server.stop());

  test('is of the version that it says', async () => {
    const [{ server_version }] = await asMaster('SHOW server_version');
    expect(server_version).toBe(server.version);
    expect(server.version).toMatch(/^17\./);
  });

  test('encrypts: the certificate is of its address and of localhost, and its authority is checked', async () => {
    const [{ version }] = await asMaster('SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(version).toBe('TLSv1.3');
    const ca = fs.readFileSync(server.caFile, 'utf8');
    for (const host of ['127.0.0.1', 'localhost'])
      await expect(ask(server, 'SELECT 1', { host, ssl: { ca } })).resolves.toHaveLength(1);
    await expect(ask(server, 'SELECT 1', { ssl: { rejectUnauthorized: true } })).rejects.toThrow(/certificate/);
  });

  test('refuses connections without TLS', async () => {
    await expect(ask(server, 'SELECT 1', { ssl: false })).rejects.toThrow(/no encryption/);
  });

  test('the master user is no superuser, makes roles and databases, and owns the first database', async () => {
    const [role] = await asMaster(
      'SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user',
    );
    expect(role).toEqual({
      rolsuper: false,
      rolcreatedb: true,
      rolcreaterole: true,
      rolreplication: false,
      rolbypassrls: false,
    });
    const [{ owner }] = await asMaster(
      "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = 'guestbook'",
    );
    expect(owner).toBe('master');
    await asMaster('CREATE ROLE maker LOGIN');
    await asMaster('CREATE DATABASE made');
    await asMaster('CREATE TABLE public.entries (id int)');
    await expect(asMaster('ALTER ROLE maker SUPERUSER')).rejects.toThrow(/permission denied/);
    await expect(asMaster("ALTER SYSTEM SET work_mem = '1GB'")).rejects.toThrow(/permission denied/);
    await expect(asMaster("COPY public.entries FROM PROGRAM 'true'")).rejects.toThrow(/permission denied/);
  });

  test('a member of rds_superuser sees and ends what others do, and passes that on', async () => {
    const [{ sees, ends }] = await asMaster(
      "SELECT pg_has_role('pg_read_all_stats', 'usage') AS sees, pg_has_role('pg_signal_backend', 'usage') AS ends",
    );
    expect({ sees, ends }).toEqual({ sees: true, ends: true });
    await asMaster('CREATE ROLE deputy; GRANT rds_superuser TO deputy; GRANT pg_monitor TO deputy; CHECKPOINT');
  });

  test('members of rds_iam come without a password, over TLS alone', async () => {
    await asMaster('CREATE ROLE service LOGIN; GRANT rds_iam TO service');
    const service = { user: 'service', password: 'a token that nobody reads' };
    await expect(ask(server, 'SELECT current_user AS me', service)).resolves.toEqual([{ me: 'service' }]);
    await expect(ask(server, 'SELECT 1', { ...service, ssl: false })).rejects.toThrow(/rejects|no encryption/);
  });

  test('everybody else needs the password: scram, and never rdsadmin', async () => {
    await asMaster("CREATE ROLE app LOGIN PASSWORD 'app'");
    await expect(ask(server, 'SELECT 1', { user: 'app', password: 'app' })).resolves.toHaveLength(1);
    await expect(ask(server, 'SELECT 1', { password: 'wrong' })).rejects.toThrow(/password authentication failed/);
    await expect(ask(server, 'SELECT 1', { user: 'app', password: 'wrong' })).rejects.toThrow(
      /password authentication failed/,
    );
    await expect(ask(server, 'SELECT 1', { user: 'rdsadmin' })).rejects.toThrow(/rejects/);
    const [{ password_encryption }] = await asMaster('SHOW password_encryption');
    expect(password_encryption).toBe('scram-sha-256');
  });

  test('settings hold, and extensions may be made that RDS lets its master user make', async () => {
    const rows = await asMaster(
      "SELECT name, setting FROM pg_settings WHERE name IN ('work_mem', 'log_connections', 'shared_preload_libraries') ORDER BY name",
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['on', 'pg_stat_statements', '5120']);
    await asMaster('CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pgcrypto; CREATE EXTENSION citext');
    const [{ count }] = await asMaster('SELECT count(*)::int AS count FROM pg_stat_statements');
    expect(count).toBeGreaterThan(0);
    await expect(asMaster('CREATE EXTENSION file_fdw')).rejects.toThrow(/permission denied/);
  });

  test('what it does not understand is left out, with a note', () => {
    const about = (name: string) => notes.find((note) => note.includes(name));
    expect(about('rds.force_ssl')).toMatch(/only Amazon/);
    expect(about('apg_write_forward')).toMatch(/only Amazon/);
    expect(about('shared_buffers')).toMatch(/size of an instance/);
    expect(about('port')).toMatch(/whoever starts/);
    expect(about('no_such_setting')).toMatch(/does not know it/);
    expect(about('rdsutils')).toMatch(/has none in/);
    expect(about('work_mem')).toBeUndefined();
  });

  test('sorts as English does', async () => {
    const rows = await asMaster("SELECT x FROM unnest(ARRAY['b', 'B', 'a', 'A', 'ä']) x ORDER BY x");
    expect(rows.map(({ x }) => x)).toEqual(['a', 'A', 'ä', 'b', 'B']);
  });
});

describe('a folder', () => {
  const started: PostgresServer[] = [];
  const start = async (options: PostgresServerOptions) => {
    const server = await PostgresServer.start({ rds: true, ...options });
    started.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });

  test('is taken up again, with another password and settings; a copy of it is another server', async () => {
    const [folder, copy] = [temporaryFolder(), temporaryFolder()];
    const first = await start({ folder, password: 'first', database: 'guestbook' });
    await ask(first, 'CREATE TABLE entries (text text)');
    await ask(first, "INSERT INTO entries VALUES ('kept')");
    // copied while it runs: its record of the running server goes with it, and is not believed
    await ask(first, 'CHECKPOINT');
    fs.cpSync(folder, copy, { recursive: true, filter: (file) => !path.basename(file).startsWith('.s.') });
    await expect(start({ folder, password: 'first' })).rejects.toThrow(/runs in .* already, process \d+/);
    await first.stop();

    const again = await start({ folder, password: 'second', settings: { work_mem: '6MB' } });
    const kept = { database: 'guestbook' };
    await expect(ask(again, 'SELECT text FROM entries', kept)).resolves.toEqual([{ text: 'kept' }]);
    await expect(ask(again, 'SHOW work_mem', kept)).resolves.toEqual([{ work_mem: '6MB' }]);
    await expect(ask(again, 'SELECT 1', { password: 'first' })).rejects.toThrow(/password authentication failed/);

    const restored = await start({ folder: copy, password: 'third' });
    await ask(restored, 'DELETE FROM entries', kept);
    await expect(ask(again, 'SELECT text FROM entries', kept)).resolves.toEqual([{ text: 'kept' }]);
  });

  test('that nobody but its owner may enter serves as well', async () => {
    const closed = path.join(temporaryFolder(), 'closed');
    fs.mkdirSync(closed, { mode: 0o700 });
    const folder = path.join(closed, 'folder');
    const first = await start({ folder, password: 'same', database: 'guestbook' });
    await ask(first, 'CREATE TABLE entries (text text)');
    await first.stop();
    const again = await start({ folder, password: 'same' });
    await expect(ask(again, 'SELECT * FROM entries', { database: 'guestbook' })).resolves.toEqual([]);
  });

  test('of which an interrupted start left a half is begun anew; nothing of it stays', async () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, '.unfinished-1', 'base'), { recursive: true });
    await start({ folder });
    expect(fs.readdirSync(folder).sort()).toEqual(['ca', 'data']);
  });

  test('of another major version, or of something else, is left alone', async () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 'data'));
    await expect(start({ folder })).rejects.toThrow(/data is no data of PostgreSQL; use another folder/);
    fs.writeFileSync(path.join(folder, 'data', 'PG_VERSION'), '14\n');
    await expect(start({ folder })).rejects.toThrow(/holds data of PostgreSQL 14, and 17\.\d+ was to be started/);
    expect(fs.readdirSync(path.join(folder, 'data'))).toEqual(['PG_VERSION']);
  });

  test('that nobody names is gone when the server has stopped; its user is a superuser unless asked otherwise', async () => {
    const server = await start({ rds: false });
    await expect(ask(server, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).resolves.toEqual([
      { rolsuper: true },
    ]);
    await expect(ask(server, 'SELECT 1', { ssl: false })).resolves.toHaveLength(1);
    expect(fs.existsSync(server.folder)).toBe(true);
    await server.stop();
    await server.stop();
    expect(fs.existsSync(server.folder)).toBe(false);
    expect(await server.ended).toBe('exit code 0');
  });
});

describe('what cannot be', () => {
  test.each<[string, PostgresServerOptions, RegExp]>([
    [
      'a user that RDS keeps for itself',
      { rds: true, user: 'rdsadmin' },
      /must not begin as names of the server itself/,
    ],
    ['a user with a dash', { user: 'my-user' }, /the user must be a letter followed by .*, got "my-user"/],
    ['a database with a quote', { database: "a'b" }, /the database must be/],
    ['an empty password', { password: '' }, /password must not be empty/],
    ['a major version that is nowhere', { major: 42 }, /there is no PostgreSQL 42: .*PATH.*, or use 17 of @embedded/],
    ['an address of another machine', { host: '192.0.2.1', port: 5432 }, /"192.0.2.1" is no address of this machine/],
    ['a setting with a value that is none', { settings: { work_mem: 'much' } }, /did not start .*work_mem.*"much"/],
  ])('%s', async (_, options, message) => {
    await expect(PostgresServer.start(options)).rejects.toThrow(message);
  });

  test('a port that is taken', async () => {
    const port = await freePort();
    const server = await PostgresServer.start({ port });
    try {
      await expect(PostgresServer.start({ port })).rejects.toThrow(
        `port ${port} of 127.0.0.1 is taken; end what listens there, or choose another port`,
      );
    } finally {
      await server.stop();
    }
  });
});
