import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { AssemblyStack, CdkCli, LocalAws, isAssembly, readAssembly } from '@groundplan/local';
import { CdkCommand } from './cdk-command';

/** The stacks that a command is about: those of the assembly it names, else those that its app synthesizes. */
export async function readStacks(
  aws: LocalAws,
  { app, context }: CdkCommand,
  say: (text: string) => void,
): Promise<AssemblyStack[]> {
  if (app !== undefined && isAssembly(app)) return readAssembly(app);
  say('synthesizing the app to learn its environments');
  const output = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-synth-'));
  try {
    const named = app === undefined ? [] : ['--app', app];
    await new CdkCli(aws).mustRun(['synth', '--quiet', '--output', output, ...named, ...context]);
    return readAssembly(output);
  } finally {
    fs.rmSync(output, { recursive: true, force: true });
  }
}
