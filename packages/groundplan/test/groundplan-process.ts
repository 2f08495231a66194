import { ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..', '..');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly output: string;
}

/** One local AWS of a test file and the command as a person runs it: from source, in a process of its own. */
export class Groundplan {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-command-'));

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** Runs the command to its end. */
  async run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.start(args, env).ended();
  }

  start(args: string[], env: NodeJS.ProcessEnv = {}): Running {
    const tsx = path.join(ROOT, 'node_modules', '.bin', 'tsx');
    const main = path.join(ROOT, 'packages', 'groundplan', 'src', 'main.ts');
    const child = spawn(tsx, ['--tsconfig', path.join(ROOT, 'tsconfig.json'), main, ...args], {
      cwd: this.folder,
      detached: true, // a process group of its own: what a terminal sends its Ctrl-C to
      env: {
        ...process.env,
        GROUNDPLAN_LOCAL_STATE: path.join(this.folder, 'state'),
        GROUNDPLAN_LOCAL_VENV: path.join(ROOT, '.groundplan', 'local', 'venv'),
        CDK_VALIDATION: 'false',
        ...this.env,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Running(child);
  }

  async end(): Promise<void> {
    await this.run(['local', 'down']);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Running {
  private said = { stdout: '', stderr: '', output: '' };
  private readonly close: Promise<unknown[]>;

  constructor(private readonly child: ChildProcess) {
    this.close = once(child, 'close');
    for (const name of ['stdout', 'stderr'] as const)
      child[name]!.setEncoding('utf8').on('data', (chunk: string) => {
        this.said[name] += chunk;
        this.said.output += chunk;
      });
  }

  async ended(): Promise<Outcome> {
    const [code, signal] = (await this.close) as [number | null, string | null];
    return { code: code ?? (signal === 'SIGINT' ? 130 : 143), ...this.said };
  }

  /** Waits until it says something. */
  async says(pattern: RegExp): Promise<void> {
    let over = false;
    void this.close.then(() => (over = true));
    while (!pattern.test(this.said.output)) {
      if (over) throw new Error(`ended without saying ${pattern}:\n${this.said.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ctrl-C: the terminal sends it to the whole process group. */
  interrupt(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }
}
