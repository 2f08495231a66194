import { type SpawnOptions, spawn } from 'child_process';

/** What a command said, both of its streams as they came, and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command to its end. It is ended with this process. */
export function runCommand(
  command: string,
  args: string[],
  options: SpawnOptions & { input?: string } = {},
): Promise<CommandResult> {
  const { input, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] });
    const interrupted = () => child.kill();
    process.once('exit', interrupted);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => {
      process.off('exit', interrupted);
      reject(error);
    });
    child.once('close', (code) => {
      process.off('exit', interrupted);
      resolve({ code, output });
    });
    child.stdin?.on('error', () => undefined); // it ended without reading: its exit code says why
    child.stdin?.end(input ?? '');
  });
}
