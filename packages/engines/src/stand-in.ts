import { spawn } from 'child_process';
import { constants } from 'os';
import { ExpectedFailure } from './expected-failure';
import { WardenOptions, endWithUs, orphaned } from './warden';

/** What is run in place of a command. */
export interface StandIn {
  /** With the arguments that the command was given. */
  readonly command: string[];
  /** What asks it to end, and then insists, when this process is gone. */
  readonly signals: WardenOptions['signals'];
  readonly uid?: number;
  readonly gid?: number;
  /**
   * Whether it serves: it ends with whoever started us, and has a session of its own. Control-C in a terminal reaches everything
   * in its process group, and a server that is asked a second time ends without the grace of the first.
   */
  readonly serves?: boolean;
}

/**
 * Makes this process stand in for a command: same arguments, input and output, same exit code; signals are passed on as they are.
 *
 * @param name of the command, which begins what is said
 * @param prepare is given the arguments, and what to say things with
 */
export function standInFor(
  name: string,
  prepare: (args: string[], say: (text: string) => void) => Promise<StandIn>,
): void {
  const say = (text: string) => process.stderr.write(`${name}: ${text}\n`);
  prepare(process.argv.slice(2), say)
    .then(run)
    .then(
      (code) => process.exit(code),
      (error: Error) => {
        say(`${error instanceof ExpectedFailure ? error.message : error.stack}`);
        process.exit(error instanceof ExpectedFailure ? error.exitCode : 1);
      },
    );
}

function run({ command, signals, uid, gid, serves = false }: StandIn): Promise<number> {
  const child = spawn(command[0], command.slice(1), { stdio: 'inherit', detached: serves, uid, gid });
  const dismiss = child.pid === undefined ? () => undefined : endWithUs(child.pid, { signals });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // Whoever is left ends it: see there.
  if (serves) void orphaned().then(() => process.exit(1));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      dismiss();
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
    });
  });
}
