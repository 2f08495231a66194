import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { V } from '../../../projenrc/versions';
import { Rehearsed, SHARED_VENVS } from '../../proof/rehearsed-release';

/** Somebody else's folder: empty, and outside of this workspace. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'somebody-'));

  write(name: string, content: string | object): string {
    const file = join(this.folder, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  /** Runs a command here; answers what it said. */
  async run(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
    const PATH = [join(this.folder, 'node_modules', '.bin'), process.env.PATH].join(':');
    const running = promisify(execFile)(command, args, {
      cwd: this.folder,
      env: { ...plainEnvironment(), PATH, ...env },
      maxBuffer: 64 << 20,
    });
    const { stdout, stderr } = await running.catch((failure: Error & { stdout: string; stderr: string }) => {
      throw new Error(`${command} ${args.join(' ')} failed:\n${failure.stdout}${failure.stderr}`);
    });
    return stdout + stderr;
  }

  /** Installs tarballs, and packages of npm by their exact versions. */
  async install(...packages: string[]): Promise<void> {
    this.write('package.json', { name: 'shop', version: '1.0.0', private: true });
    // No script of any package may be needed; what npm reports home or asks around is left out.
    await this.run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...packages]);
  }

  /** Synthesizes with the CDK's own defaults, outside of its CLI; answers a template. */
  async synthesize(command: string, args: string[], stack: string): Promise<unknown> {
    const out = join(this.folder, 'out', `${Math.random()}`);
    mkdirSync(out, { recursive: true });
    await this.run(command, args, { CDK_OUTDIR: out, CDK_VALIDATION: 'false' });
    return JSON.parse(readFileSync(join(out, `${stack}.template.json`), 'utf8'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The CDK that a consumer has who is as far behind as we allow. */
export const CDK_AT_THE_FLOOR = [`aws-cdk-lib@${V.awsCdkLibFloor}`, `constructs@${V.constructs}`];
export const CDK_CLI = `aws-cdk@${V.awsCdkCli}`;
export const TSX = `tsx@${V.tsx}`;

/** Installs the wheels of a release, and nothing from anywhere else: what they require has to be there. */
export async function installWheels(python: string, { folder, version }: Rehearsed, ...names: string[]): Promise<void> {
  const pip = (...args: string[]) =>
    promisify(execFile)(python, ['-m', 'pip', '--disable-pip-version-check', '--no-input', ...args]);
  const ours = (await pip('freeze')).stdout.match(/^groundplan[-_]\w+/gm) ?? [];
  if (ours.length > 0) await pip('uninstall', '--yes', ...ours);
  const wheels = ['--no-index', '--find-links', join(folder, 'python')];
  await pip('install', ...wheels, ...names.map((name) => `${name}==${version}`));
}

/** What a command finds that is not one of our tests: no jest, no npm script around it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NODE_ENV|JEST_|npm_(package|lifecycle))/.test(name));
  return {
    ...Object.fromEntries(kept),
    ...SHARED_VENVS,
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
