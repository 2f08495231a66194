import { spawn } from 'node:child_process';
import type { Flyway, PostgresServer } from '@groundplan/engines';
import { flywayVariables } from './flyway-variables';

/** How a run of Flyway ended. */
export interface Run {
  /** What was applied, in this order; of a run that failed nothing is said. */
  readonly applied: readonly string[];
  readonly milliseconds: number;
  readonly failure?: Failure;
}

export interface Failure {
  /** Relative to the folder; empty when Flyway names none. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What Flyway prints with `-outputType=json`. */
interface Answer {
  readonly error?: { readonly message: string };
  readonly migrations?: readonly { readonly filepath: string }[];
}

/** Runs Flyway over a folder: the one verb of the migration task, which compares with the database by itself. */
export async function migrate(flyway: Flyway, server: PostgresServer, sql: string): Promise<Run> {
  const begun = Date.now();
  const { out, said } = await run(flyway, server, sql);
  const milliseconds = Date.now() - begun;
  const answer = answerIn(out);
  const applied = (answer?.migrations ?? []).map(({ filepath }) => relativeTo(sql, filepath));
  if (answer && !answer.error) return { applied, milliseconds };
  const message = answer?.error?.message ?? (said || 'Flyway said nothing');
  return { applied, milliseconds, failure: failureIn(message, sql) };
}

function run(flyway: Flyway, server: PostgresServer, sql: string): Promise<{ out: string; said: string }> {
  const [java, ...args] = flyway.command;
  // Whoever has a flyway.toml in their home, or FLYWAY_URL of another database, does not mean this one.
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('FLYWAY_'));
  const child = spawn(java, [`-Duser.home=${sql}`, ...args, '-outputType=json', 'migrate'], {
    cwd: sql,
    env: { ...Object.fromEntries(kept), ...flywayVariables(server, sql), FLYWAY_PASSWORD: server.password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve({ out, said: said || out }));
  });
}

function answerIn(out: string): Answer | undefined {
  try {
    return JSON.parse(out) as Answer;
  } catch {
    return undefined;
  }
}

function relativeTo(sql: string, path: string): string {
  return path.replace(`${sql}/`, '');
}

/** Flyway says in its message alone where a callback, or what it could not parse, stands. */
function failureIn(text: string, sql: string): Failure {
  const path = /^Location {3}: (.+) \(/m.exec(text)?.[1] ?? /Unable to parse statement in (.+) at line/.exec(text)?.[1];
  const line = /^Line {7}: (\d+)$/m.exec(text)?.[1] ?? /at line (\d+)/.exec(text)?.[1];
  const message = /^Message {4}: ([\s\S]*?)\nLocation {3}:/m.exec(text)?.[1] ?? text;
  return {
    file: path ? relativeTo(sql, path) : '',
    line: Number(line ?? 1),
    message: relativeTo(
      sql,
      message
        .replace(/^ERROR: /, '')
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/\.$/, ''),
    ),
  };
}
