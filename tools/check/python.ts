import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ensureVenv } from '../../packages/local/src/venv';

const REQUIREMENTS = join(__dirname, 'requirements.txt');

const VENVS = join(__dirname, '..', '..', '.groundplan', 'check');

/** Where a Python tool finds its interpreter. */
export type Interpreter = () => Promise<string>;

/**
 * The interpreter that has cfn-lint and checkov, all pinned by hash. Made on first use, which takes most of a minute.
 *
 * @param venvs the folder that holds the virtual environments
 */
export function checkEnvironment(venvs = VENVS, env = process.env): Promise<string> {
  mkdirSync(venvs, { recursive: true });
  return ensureVenv({
    venvs,
    requirements: REQUIREMENTS,
    what: 'the check environment',
    // Nx looks into the folder of Node.js first. Without Nx the same Python must be found, or there would be two environments.
    env: { ...env, PATH: [dirname(process.execPath), env.PATH].join(delimiter) },
    progress: (text) => process.stderr.write(`${text}\n`),
  });
}

/**
 * What a Python tool says in JSON.
 *
 * It runs in an empty folder and an empty home, with hardly a variable: neither a configuration file nor a token of the
 * user may change what it finds.
 *
 * @throws where it says anything but JSON: a tool that fell over found nothing, and that must not look like a clean app
 */
export async function runPython(
  title: string,
  interpreter: Interpreter,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<unknown> {
  const python = await interpreter();
  const home = mkdtempSync(join(tmpdir(), 'check-'));
  try {
    const { code, stdout, stderr } = await outputOf(python, ['-I', ...args], home, {
      PATH: process.env.PATH ?? '',
      HOME: home,
      LC_ALL: 'C.UTF-8',
      ...env,
    });
    try {
      return JSON.parse(stdout);
    } catch {
      const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
      throw new Error(`${title} did not answer in JSON, it ended with ${code}:\n${tail}`);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function outputOf(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const interrupted = () => child.kill();
    process.once('exit', interrupted);
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (chunk: string) => (said[stream] += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', interrupted);
      resolve({ code, ...said });
    });
  });
}
