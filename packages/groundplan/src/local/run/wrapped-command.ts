import { spawn } from 'child_process';
import { constants } from 'os';
import { ExpectedFailure } from '@groundplan/local';

/** The wrapped command failed, and has said why. */
export class WrappedCommandFailure extends Error {
  constructor(readonly code: number) {
    super(`the command ended with ${code}`);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a command with our own input and outputs. Signals are its business: we end when it has ended. */
export async function runWrapped([command, ...args]: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit' });
    const pass = (signal: NodeJS.Signals) => {
      // The terminal sends Ctrl-C to both of us; a second one would make the command give up its own cleaning.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new ExpectedFailure(`"${command}" is not a command that was found; is it on PATH or in node_modules/.bin?`)
          : error,
      ),
    );
    child.once('close', (ended, signal) => {
      for (const name of SIGNALS) process.off(name, pass);
      resolve(ended ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
  if (code !== 0) throw new WrappedCommandFailure(code);
}
