#!/usr/bin/env node
/**
 * A PostgreSQL as a process in the foreground: it says one line when it accepts connections, and ends on SIGTERM, or when
 * whoever started it is gone.
 */
import * as fs from 'fs';
import { parseArgs } from 'util';
import { ExpectedFailure } from './expected-failure';
import { PostgresServer, PostgresServerOptions } from './postgres/server';
import { SettingValue } from './postgres/settings';
import { orphaned } from './warden';

const USAGE =
  'usage: POSTGRES_PASSWORD=… node postgres-server.js [--folder F] [--host H] [--port P] [--major 17] [--user U] [--database D] ' +
  '[--ca-folder C] [--name N]… [--settings settings.json] [--force-tls] [--no-rds]';

async function main(): Promise<void> {
  // 1. what ends it, from the first moment on
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
    void orphaned().then(resolve);
  });
  process.stdout.on('error', () => undefined); // whoever read it is gone, which the parent's end says too

  // 2. the server
  const server = await PostgresServer.start(readOptions());
  say({ ready: true, version: server.version, host: server.host, port: server.port });

  // 3. its end
  const dead = await Promise.race([asked.then(() => undefined), server.ended]);
  await server.stop();
  if (dead !== undefined) throw new ExpectedFailure(`PostgreSQL ended although nobody asked for it (${dead})`, 1);
}

function readOptions(): PostgresServerOptions {
  const { values } = parse();
  return {
    folder: values.folder,
    host: values.host,
    port: whole('--port', values.port, 65535),
    major: whole('--major', values.major, 99),
    user: values.user,
    database: values.database,
    rds: !values['no-rds'],
    forceTls: values['force-tls'],
    caFolder: values['ca-folder'],
    names: values.name,
    settings: values.settings === undefined ? undefined : readSettings(values.settings),
    password: readPassword(),
    log: (line) => process.stderr.write(`${line}\n`),
    note: (text) => process.stderr.write(`postgres-server: ${text}\n`),
  };
}

function parse() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      options: {
        ...{ folder: text, host: text, port: text, major: text, user: text, database: text, settings: text },
        ...{ 'ca-folder': text, name: { type: 'string', multiple: true }, 'force-tls': flag, 'no-rds': flag },
      },
    });
  } catch (error) {
    throw new ExpectedFailure(`${(error as Error).message.split('\n')[0].replace(/\.? *$/, '')}; ${USAGE}`);
  }
}

function whole(flag: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new ExpectedFailure(`${flag} must be a number from 1 to ${most}, got "${text}"`);
}

/** Not an option: whoever lists processes reads those. */
function readPassword(): string {
  const password = process.env.POSTGRES_PASSWORD;
  if (password) return password;
  throw new ExpectedFailure('POSTGRES_PASSWORD in the environment must be the password of the user, it is not set');
}

function readSettings(file: string): Record<string, SettingValue> {
  let settings: unknown;
  try {
    settings = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ExpectedFailure(`--settings names "${file}", which cannot be read as JSON: ${(error as Error).message}`);
  }
  const isObject = typeof settings === 'object' && settings !== null && !Array.isArray(settings);
  if (isObject && Object.values(settings!).every((value) => ['string', 'number', 'boolean'].includes(typeof value)))
    return settings as Record<string, SettingValue>;
  throw new ExpectedFailure(
    `--settings names "${file}", which must hold one object of texts, numbers and truth values`,
  );
}

function say(line: object): void {
  process.stdout.write(JSON.stringify(line) + '\n');
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`postgres-server: ${error instanceof ExpectedFailure ? error.message : error.stack}\n`);
    process.exit(error instanceof ExpectedFailure ? error.exitCode : 1);
  },
);
