import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureVenv } from '../../packages/local/src/venv';
import { CommandResult, runCommand } from './command';

/** Where the provider pack stands. */
const PYTHON_FOLDER = join('packages', 'local', 'python');

/** The interpreter that has what the provider pack needs and what it is tested with, all pinned by hash. */
export function pythonForTests(root: string): Promise<string> {
  const folder = join(root, '.groundplan', 'python');
  mkdirSync(folder, { recursive: true });
  // One file, because the environment is named by its content: a pin that changes makes another environment.
  const requirements = join(folder, 'requirements.txt');
  const lines = ['requirements.txt', 'requirements-dev.txt']
    .map((name) => join(root, PYTHON_FOLDER, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => !/^-[rc] /.test(line));
  writeFileSync(requirements, lines.join('\n'));
  return ensureVenv({ venvs: folder, requirements });
}

/** An environment with the CDK at the floor of our peer ranges, and without our wheels: what somebody in Python has. */
export function pythonAtTheFloor(root: string): Promise<string> {
  const venvs = join(root, '.groundplan', 'python');
  mkdirSync(venvs, { recursive: true });
  const requirements = join(__dirname, 'consumer', 'requirements.txt');
  // thousands of modules, of which a test loads a few: they are compiled when they are loaded
  return ensureVenv({ venvs, requirements, env: { ...process.env, PIP_NO_COMPILE: '1' } });
}

/** Runs one of the tools of that interpreter in the provider pack's folder. */
export async function runPython(root: string, tool: string, args: string[]): Promise<CommandResult> {
  return runCommand(await pythonForTests(root), ['-m', tool, ...args], {
    cwd: join(root, PYTHON_FOLDER),
    log: join(root, '.groundplan', 'proof', `${tool}-${args[0]?.replace(/\W/g, '') ?? 'run'}.log`),
  });
}
