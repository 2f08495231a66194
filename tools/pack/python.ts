import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExpectedFailure } from '../../packages/engines/src/expected-failure';
import { ensureVenv } from '../../packages/local/src/venv';

const ROOT = join(__dirname, '../..');

/** Where the environment of the build tools stands: a release tree, which is thrown away, uses the one of the checkout. */
export const VENVS_VARIABLE = 'GROUNDPLAN_TOOL_VENVS';

/** The interpreter that has `build`, `setuptools` and `twine`, pinned by hash. */
export async function buildPython(): Promise<string> {
  const venvs = process.env[VENVS_VARIABLE] ?? join(ROOT, '.groundplan', 'python');
  mkdirSync(venvs, { recursive: true });
  return ensureVenv({ venvs, requirements: join(__dirname, 'requirements.txt') });
}

/**
 * Packs the wheel and the source distribution.
 *
 * jsii-pacmak writes the sources; its own build would make an environment and install the build tools from the package
 * index once per package.
 */
export async function packPython(folder: string, out: string): Promise<{ readonly python: string; wheel: string }> {
  const python = await buildPython();
  const sources = mkdtempSync(join(tmpdir(), 'groundplan-pack-'));
  try {
    // transliterates the examples in the documentation where `jsii-rosetta` has left a tablet
    run(folder, 'jsii-pacmak', '--code-only', '--target', 'python', '--outdir', sources, '.');
    const build = ['-m', 'build', '--no-isolation', '--outdir', out];
    run(folder, python, ...build, join(sources, 'python'));
  } finally {
    rmSync(sources, { recursive: true, force: true });
  }
  const made = readdirSync(out).map((name) => join(out, name));
  run(folder, python, '-m', 'twine', 'check', '--strict', ...made);
  const wheels = made.filter((file) => file.endsWith('.whl'));
  if (wheels.length !== 1) throw new ExpectedFailure(`${out} should hold one wheel, and holds ${wheels.length}`, 1);
  return { python, wheel: wheels[0] };
}

function run(cwd: string, command: string, ...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status === 0) return;
  const output = error ? error.message : `${stdout}${stderr}`.trim().split('\n').slice(-30).join('\n');
  throw new ExpectedFailure(`"${[command, ...args].join(' ')}" ended with ${status} in ${cwd}:\n${output}`, 1);
}
