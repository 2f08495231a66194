import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** A file that keeps the whole output. */
  readonly log: string;
  readonly env?: Record<string, string>;
  /** Called with each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command with the tools of the workspace on PATH, without input, and waits for its end, whatever it is. */
export function runCommand(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  const { cwd, log, env, onLine = () => undefined } = options;
  mkdirSync(dirname(log), { recursive: true });
  const file = createWriteStream(log);
  const path = [join(cwd, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      // what is captured is read as text
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', PATH: path, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let rest = '';
    const read = (chunk: Buffer) => {
      file.write(chunk);
      output += chunk.toString();
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const end = (code: number, more = '') => file.end(() => resolve({ code, output: output + more }));
    child.on('error', (error) => end(127, `${command} did not start: ${error.message}`));
    child.on('close', (code, signal) => end(code ?? 1, signal ? `\n${command} was ended by ${signal}` : ''));
  });
}
