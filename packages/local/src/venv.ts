import { spawn, spawnSync } from 'child_process';
import { createHash, randomUUID } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure, withLock } from '@groundplan/engines';
import { Python, findPython } from './python';

/** The emulator's launcher and the provider pack: beside `src` and, once published, beside `lib`. */
export const PYTHON_SOURCES = path.join(__dirname, '..', 'python');

export interface VenvOptions {
  /** The folder that holds the virtual environments. */
  readonly venvs: string;
  /** Pinned packages, each with its hashes. @default the emulator's */
  readonly requirements?: string;
  /** What they are, for messages. @default the emulator */
  readonly what?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: (text: string) => void;
}

const UNFINISHED = '.unfinished-';

/**
 * The interpreter of a virtual environment that holds exactly the pinned packages.
 *
 * Its folder is named by what it is made of, so that other pins or another Python make another one. It is built aside and
 * renamed when it is complete: an install that was interrupted leaves nothing that looks like an environment.
 */
export async function ensureVenv(options: VenvOptions): Promise<string> {
  const { venvs, what = 'the emulator', env = process.env, progress = () => undefined } = options;
  const requirements = options.requirements ?? path.join(PYTHON_SOURCES, 'requirements.txt');
  const python = findPython(env, options.what);
  const key = createHash('sha256').update(fs.readFileSync(requirements)).update(python.version).digest('hex');
  const finished = path.join(venvs, `python${python.version}-${key.slice(0, 12)}`);
  const interpreter = interpreterOf(finished);
  if (works(interpreter)) return interpreter;

  return withLock(
    venvs,
    `install ${what}`,
    async () => {
      if (works(interpreter)) return interpreter; // made by the run that we waited for
      for (const name of fs.readdirSync(venvs))
        if (name.startsWith(UNFINISHED)) fs.rmSync(path.join(venvs, name), { recursive: true, force: true });
      const unfinished = path.join(venvs, UNFINISHED + randomUUID());
      try {
        await build(unfinished, python, requirements, what, env, progress);
        fs.rmSync(finished, { recursive: true, force: true });
        fs.renameSync(unfinished, finished);
      } finally {
        fs.rmSync(unfinished, { recursive: true, force: true });
      }
      return interpreter;
    },
    progress,
  );
}

function interpreterOf(venv: string): string {
  return path.join(venv, 'bin', 'python');
}

/** A Python that was upgraded or removed since leaves a link that leads nowhere. */
function works(interpreter: string): boolean {
  return fs.existsSync(interpreter) && spawnSync(interpreter, ['-c', '']).status === 0;
}

async function build(
  folder: string,
  python: Python,
  requirements: string,
  what: string,
  env: NodeJS.ProcessEnv,
  progress: (text: string) => void,
): Promise<void> {
  const uv = spawnSync('uv', ['--version'], { env }).status === 0;
  if (!uv && !python.makesVenvs)
    throw new ExpectedFailure(
      `${python.executable} (${python.version}) cannot make a virtual environment, its parts venv and ensurepip are missing; ` +
        'install them (Debian and Ubuntu: apt install python3-venv), or install uv (https://docs.astral.sh/uv), or name another with GROUNDPLAN_PYTHON',
    );
  const pinned = ['--require-hashes', '--only-binary', ':all:', '-r', requirements];
  const steps = uv
    ? [
        ['uv', 'venv', '--quiet', '--python', python.executable, folder],
        ['uv', 'pip', 'install', '--quiet', '--compile-bytecode', '--python', interpreterOf(folder), ...pinned],
      ]
    : [
        [python.executable, '-m', 'venv', folder],
        [interpreterOf(folder), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pinned],
      ];
  progress(`installing ${what} with ${uv ? 'uv' : 'pip'} and Python ${python.version}`);
  for (const [command, ...args] of steps) await run(command, args, what, env);
}

function run(command: string, args: string[], what: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: withoutOwnPython(env), stdio: ['ignore', 'pipe', 'pipe'] });
    const interrupted = () => child.kill();
    process.once('exit', interrupted);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', interrupted);
      if (code === 0) return resolve();
      const tail = output.trim().split('\n').slice(-15).join('\n');
      return reject(
        new ExpectedFailure(
          `could not install ${what}: "${[command, ...args].join(' ')}" ended with ${code}:\n${tail}\n` +
            'Nothing half-made is left: mend the cause (is the package index reachable?) and run the command again',
        ),
      );
    });
  });
}

/** Variables with which a user's own Python set-up would leak into ours are left out. */
function withoutOwnPython(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(PYTHON|VIRTUAL_ENV$)/.test(name));
  return { ...Object.fromEntries(kept), PYTHONNOUSERSITE: '1' };
}
