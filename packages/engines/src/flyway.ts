#!/usr/bin/env node
/** The `flyway` command: same arguments, environment, output and exit codes as that of the official image. */
import { spawn } from 'child_process';
import { constants } from 'os';
import { ExpectedFailure } from './expected-failure';
import { prepareFlyway } from './flyway/flyway';
import { endWithUs } from './warden';

async function main(): Promise<number> {
  const { command } = await prepareFlyway({ say: (text) => process.stderr.write(`flyway: ${text}\n`) });
  const [java, ...args] = [...command, ...process.argv.slice(2)];
  const child = spawn(java, args, { stdio: 'inherit' });
  const dismiss = child.pid === undefined ? () => undefined : endWithUs(child.pid, { signals: ['TERM', 'KILL'] });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      dismiss();
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
    });
  });
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`flyway: ${error instanceof ExpectedFailure ? error.message : error.stack}\n`);
    process.exit(error instanceof ExpectedFailure ? error.exitCode : 1);
  },
);
