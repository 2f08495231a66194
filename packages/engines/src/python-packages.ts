import { spawnSync } from 'child_process';
import * as path from 'path';
import { ExpectedFailure } from './expected-failure';
import { runCommand } from './run-command';

const CANDIDATES = ['3.14', '3.13', '3.12', '3.11', '3.10'].map((v) => `python${v}`).concat('python3', 'python');
const NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 10))';

/**
 * Makes a virtual environment that holds exactly the pinned packages: each with its hash, as wheels, so that nothing of
 * them runs while they are installed.
 *
 * @param what they are, for messages
 * @returns its interpreter
 */
export async function installPythonPackages(
  folder: string,
  requirements: string,
  what: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const python = findPython(env, what);
  const interpreter = path.join(folder, 'bin', 'python');
  const pinned = ['--require-hashes', '--only-binary', ':all:', '-r', requirements];
  const withUv = spawnSync('uv', ['--version'], { env }).status === 0;
  const steps = withUv
    ? [
        ['uv', 'venv', '--quiet', '--python', python, folder],
        ['uv', 'pip', 'install', '--quiet', '--python', interpreter, ...pinned],
      ]
    : [
        [python, '-m', 'venv', folder],
        [interpreter, '-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check', ...pinned],
      ];
  for (const [command, ...args] of steps) {
    const { code, output } = await runCommand(command, args, { env: withoutOwnPython(env) });
    if (code === 0) continue;
    throw new ExpectedFailure(
      `could not install ${what}: "${[command, ...args].join(' ')}" ended with ${code}:\n${tailOf(output)}\n` +
        'Nothing half-made is left: mend the cause (is the package index reachable? on Debian and Ubuntu, is python3-venv installed?) and run it again',
    );
  }
  return interpreter;
}

/** The last lines of what a command said, for a message. */
export function tailOf(output: string): string {
  return output.trim().split('\n').slice(-8).join('\n');
}

/** Variables with which a user's own Python set-up would leak into ours are left out. */
export function withoutOwnPython(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(PYTHON|VIRTUAL_ENV$)/.test(name));
  return { ...Object.fromEntries(kept), PYTHONNOUSERSITE: '1', PYTHONDONTWRITEBYTECODE: '1' };
}

function findPython(env: NodeJS.ProcessEnv, what: string): string {
  const named = env.GROUNDPLAN_PYTHON;
  const found = (named ? [named] : CANDIDATES).find(
    (candidate) => spawnSync(candidate, ['-c', NEW_ENOUGH], { env }).status === 0,
  );
  if (found !== undefined) return found;
  const seen = named ? `GROUNDPLAN_PYTHON is "${named}", which is not` : 'there is none on PATH';
  throw new ExpectedFailure(
    `${what} is installed by Python 3.10 or newer: ${seen}; install one (Debian and Ubuntu: apt install python3 python3-venv; ` +
      'macOS: brew install python3), or name one with GROUNDPLAN_PYTHON=/path/to/python3',
  );
}
