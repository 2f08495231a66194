import { ExpectedFailure } from '@groundplan/local';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { FindingsOpen } from './check/findings-open';
import { WrappedCommandFailure } from './local/run/wrapped-command';
import { program } from './program';

/**
 * Runs a command line to its end.
 *
 * @returns the exit code: 0 done · 1 an AWS operation failed, or a check found something · 2 it could not begin · else the wrapped command's own
 */
export async function runCommandLine(args: string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof WrappedCommandFailure) return error.code;
    if (error instanceof FindingsOpen) return error.exitCode;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it
    if (error instanceof ExpectedFailure) {
      console.error(`${pc.red('error:')} ${error.message}`);
      return error.exitCode;
    }
    console.error(error);
    return 1;
  }
}
