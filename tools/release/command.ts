import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ReleaseFailure } from './failure';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** Called with each line as it comes. */
  readonly say?: (line: string) => void;
}

/** What is captured is read as text, and without what jsii's tools say of Node.js 20. */
const PLAIN = { FORCE_COLOR: '0', NO_COLOR: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };

/** Runs a command with the tools of the folder that it runs in on PATH, without input, and answers how it ended. */
export function attempt(command: string, args: string[], options: CommandOptions): Promise<Ran> {
  const { cwd, env, say = () => undefined } = options;
  const PATH = [join(cwd, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH, ...PLAIN, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const interrupted = () => child.kill('SIGINT');
    process.once('exit', interrupted);
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        said[name] += chunk;
        for (const line of chunk.split('\n')) if (line.trim()) say(line.trimEnd());
      });
    const end = (code: number, more = '') => {
      process.off('exit', interrupted);
      resolve({ code, stdout: said.stdout, stderr: said.stderr + more });
    };
    child.once('error', (error) => end(127, error.message));
    child.once('close', (code) => end(code ?? 1));
  });
}

/** Runs a command that has to end well; answers its output. */
export async function run(command: string, args: string[], options: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code === 0) return stdout;
  const output = `${stdout}${stderr}`.trim().split('\n').slice(-60).join('\n');
  throw new ReleaseFailure(`"${[command, ...args].join(' ')}" ended with ${code}:\n${output}`);
}
