import { spawn } from 'child_process';
import * as fs from 'fs';
import * as http from 'http';
import * as path from 'path';
import { emulatorEnvironment, endpointOf } from './client-environment';
import { ExpectedFailure } from '@groundplan/engines';
import { tailOf } from './log';
import { ProcessIdentity, identify, isAlive } from './process-table';
import { INSTANCE_VARIABLE } from './process-tree';
import { PYTHON_SOURCES } from './venv';

export interface EmulatorOptions {
  /** The interpreter that has the pinned packages. */
  readonly python: string;
  readonly id: string;
  readonly port: number;
  readonly account: string;
  readonly region: string;
  readonly state: string;
  readonly log: string;
  readonly addressBlock: string;
  /** The folder of the launcher's package. @default ours */
  readonly sources?: string;
}

/** Starts the emulator in a process group of its own: a Ctrl-C for the command that started it does not reach it. */
export async function spawnEmulator(options: EmulatorOptions): Promise<ProcessIdentity> {
  fs.mkdirSync(options.state, { recursive: true });
  const log = fs.openSync(options.log, 'w');
  const child = spawn(
    options.python,
    ['-m', 'groundplan_local', '--port', String(options.port)].concat(
      ['--account', options.account, '--region', options.region],
      ['--state', options.state, '--address-block', options.addressBlock],
    ),
    {
      cwd: options.state,
      detached: true,
      stdio: ['ignore', log, log],
      env: emulatorEnvironment(process.env, {
        PYTHONPATH: options.sources ?? PYTHON_SOURCES,
        PYTHONUNBUFFERED: '1',
        NODE_PATH: sdkFolder(),
        ...(await enginePrograms()),
        [INSTANCE_VARIABLE]: options.id,
      }),
    },
  );
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  failure.catch(() => undefined);
  fs.closeSync(log);
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) {
    await Promise.race([failure, new Promise((resolve) => setTimeout(resolve, 1000))]);
    throw new ExpectedFailure(`the emulator ended as soon as it was started:\n${tailOf(options.log, 20)}`);
  }
  return { pid: identity.pid, born: identity.born };
}

/** What stands behind databases, connection pools and migrations, as the provider pack is told it. */
async function enginePrograms(): Promise<Record<string, string>> {
  const { FLYWAY_PROGRAM, PGBOUNCER_PROGRAM, POSTGRES_SERVER_PROGRAM, commandOf, enginesFolder } =
    await import('@groundplan/engines');
  return {
    GROUNDPLAN_ENGINES: enginesFolder(),
    GROUNDPLAN_FLYWAY: JSON.stringify(commandOf(FLYWAY_PROGRAM)),
    GROUNDPLAN_PGBOUNCER: JSON.stringify(commandOf(PGBOUNCER_PROGRAM)),
    GROUNDPLAN_POSTGRES_SERVER: JSON.stringify(commandOf(POSTGRES_SERVER_PROGRAM)),
  };
}

const PATIENCE_MS = 60_000;

/** Waits until the emulator answers its health check; a failure carries the end of its log. */
export async function untilHealthy(emulator: ProcessIdentity, port: number, log: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    if (!isAlive(emulator))
      throw new ExpectedFailure(`the emulator ended while it started; the end of ${log}:\n${tailOf(log, 20)}`);
    if (await isHealthy(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new ExpectedFailure(
    `the emulator did not answer on ${endpointOf(port)} within ${PATIENCE_MS / 1000} s; start it anew with: groundplan local reset. The end of ${log}:\n${tailOf(log, 20)}`,
  );
}

/** Not with `fetch`: that refuses a dozen ports which browsers keep away from. */
export function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(`${endpointOf(port)}/_ministack/health`, { timeout: 2000, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/** CDK's own custom resources require the AWS SDK of the Lambda runtime: the folder in which ours lies. */
function sdkFolder(): string {
  const folders = require.resolve.paths('@aws-sdk/client-s3') ?? [];
  const found = folders.find((folder) => fs.existsSync(path.join(folder, '@aws-sdk', 'client-s3')));
  if (found === undefined)
    throw new ExpectedFailure('@aws-sdk/client-s3 is not installed: install the dependencies of @groundplan/local');
  return found;
}
