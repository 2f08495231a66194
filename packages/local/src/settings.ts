import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure, workspaceRoot } from '@groundplan/engines';

export const DEFAULT_PORT = 4566;
export const DEFAULT_ACCOUNT = '000000000000';
export const DEFAULT_REGION = 'eu-central-1';

export interface LocalAwsOptions {
  /** The port on 127.0.0.1. @default GROUNDPLAN_LOCAL_PORT, or 4566 */
  readonly port?: number | string;
  /** The account of a request that names none, twelve digits. @default GROUNDPLAN_LOCAL_ACCOUNT, or 000000000000 */
  readonly account?: string;
  /** The region of a request that names none. @default GROUNDPLAN_LOCAL_REGION, or eu-central-1 */
  readonly region?: string;
  /** Where the instance keeps its files. @default GROUNDPLAN_LOCAL_STATE, or `.groundplan/local` in the workspace */
  readonly state?: string;
}

/** Options after the environment was read and everything was checked. What nobody asked for is left open. */
export interface Settings {
  readonly port?: number;
  readonly account?: string;
  readonly region?: string;
  readonly state: string;
  /** Where virtual environments stand: shared by every instance of a workspace, so that each costs a start only. */
  readonly venvs: string;
}

/** Reads and checks the options and the environment; reports every mistake at once. */
export function readSettings(
  options: LocalAwsOptions = {},
  env: NodeJS.ProcessEnv = process.env,
  cwd = process.cwd(),
): Settings {
  const mistakes: string[] = [];
  const read = (value: string | number | undefined, flag: string, variable: string) =>
    value !== undefined ? { text: String(value), from: flag } : { text: env[variable] || undefined, from: variable };
  const check = (
    given: { text?: string; from: string },
    pattern: RegExp,
    allowed: string,
    valid = (_text: string) => true,
  ) => {
    if (given.text === undefined || (pattern.test(given.text) && valid(given.text))) return given.text;
    mistakes.push(`${given.from} must be ${allowed}, got "${given.text}"`);
    return undefined;
  };

  const port = check(
    read(options.port, '--port', 'GROUNDPLAN_LOCAL_PORT'),
    /^\d+$/,
    'a port number from 1 to 65535 (4566 when left out)',
    (text) => Number(text) >= 1 && Number(text) <= 65535,
  );
  const account = check(
    read(options.account, '--account', 'GROUNDPLAN_LOCAL_ACCOUNT'),
    /^\d{12}$/,
    `an account id of twelve digits (${DEFAULT_ACCOUNT} when left out)`,
  );
  const region = check(
    read(options.region, '--region', 'GROUNDPLAN_LOCAL_REGION'),
    /^[a-z]{2,}(-[a-z]+)+-\d+$/,
    `the name of a region such as us-east-1 (${DEFAULT_REGION} when left out)`,
  );
  const root = workspaceRoot(cwd);
  const state = path.resolve(cwd, options.state ?? (env.GROUNDPLAN_LOCAL_STATE || path.join(root, STATE_FOLDER)));
  const venvs = path.resolve(cwd, env.GROUNDPLAN_LOCAL_VENV || path.join(root, STATE_FOLDER, 'venv'));
  if (fs.existsSync(state) && !fs.statSync(state).isDirectory())
    mistakes.push(`--state (or GROUNDPLAN_LOCAL_STATE) must be a folder, got the file "${state}"`);
  if (mistakes.length > 0) throw new ExpectedFailure(mistakes.join('\n'));
  return { port: port === undefined ? undefined : Number(port), account, region, state, venvs };
}

const STATE_FOLDER = path.join('.groundplan', 'local');
