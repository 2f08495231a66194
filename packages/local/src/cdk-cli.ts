import { spawn } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '@groundplan/engines';
import { LocalAws } from './local-aws';
import { bringLocalImages } from './local-images';

export interface CdkRun {
  /** The folder of the app. @default the current one */
  readonly cwd?: string;
  /** The account whose key the command has. @default the account of the instance */
  readonly account?: string;
  readonly region?: string;
  /** Told each line of both outputs as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the command, as Ctrl-C would. */
  readonly signal?: AbortSignal;
}

export interface CdkResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real CDK CLI, talking to one local AWS. */
export class CdkCli {
  constructor(private readonly aws: LocalAws) {}

  /** Runs a command of the CLI and keeps what it says; a failure is a code, not an exception. */
  run(args: string[], options: CdkRun = {}): Promise<CdkResult> {
    const cwd = options.cwd ?? process.cwd();
    const cdk = findCdk(cwd);
    bringLocalImages(this.aws.files, cwd);
    return new Promise((resolve, reject) => {
      const child = spawn(cdk, ['--ci', '--no-color', ...args], {
        cwd,
        env: this.aws.environment(options.account, options.region),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const interrupt = () => child.kill('SIGINT');
      options.signal?.addEventListener('abort', interrupt, { once: true });
      process.once('exit', interrupt);
      const said = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (chunk: string) => {
          said[name] += chunk;
          for (const line of chunk.split('\n')) if (line.trim()) options.onLine?.(line.trim());
        });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        options.signal?.removeEventListener('abort', interrupt);
        process.off('exit', interrupt);
        resolve({ code: code ?? 128 + (signal === 'SIGINT' ? 2 : 15), ...said });
      });
    });
  }

  /** Runs a command of the CLI that has to succeed: its failure carries what the CLI said. */
  async mustRun(args: string[], options: CdkRun = {}): Promise<CdkResult> {
    const result = await this.run(args, options);
    if (result.code === 0) return result;
    throw new ExpectedFailure(
      `"cdk ${args.join(' ')}" ended with ${result.code}:\n${(result.stdout + result.stderr).trimEnd().split('\n').slice(-30).join('\n')}`,
      1,
    );
  }
}

/** The `cdk` that the app's own workspace installed, else the one on PATH, else the one beside this package. */
export function findCdk(cwd: string): string {
  const folders = [
    ...toolFolders(cwd),
    ...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean),
    ...toolFolders(__dirname),
  ];
  const found = folders.map((folder) => path.join(folder, 'cdk')).find((file) => fs.existsSync(file));
  if (found) return found;
  throw new ExpectedFailure(
    `no "cdk" command: not in a node_modules/.bin above ${cwd}, not on PATH; install it with: npm install --save-dev aws-cdk`,
  );
}

/** The `node_modules/.bin` folders above a folder, nearest first: what `npx` would look through. */
export function toolFolders(from: string): string[] {
  const folders: string[] = [];
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    folders.push(path.join(folder, 'node_modules', '.bin'));
    if (folder === path.dirname(folder)) return folders;
  }
}
