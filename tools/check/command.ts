import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadApp } from '@groundplan/testing';
import { check } from './check';
import { Tool } from './finding';
import { render } from './render';
import { exitCodeOf } from './report';
import { Subject } from './subject';

export interface CheckCommandOptions {
  /** The folder of the app. */
  readonly folder: string;
  readonly flags?: readonly string[];
  /** @default cdk.out of the app */
  readonly assembly?: string;
  /** @default check-report.json of the app */
  readonly report?: string;
  /** @default every one */
  readonly tools?: Tool[];
}

/** Runs every tool over an app that was synthesized, prints one table, writes the report, and answers the exit code. */
export async function checkCommand(options: CheckCommandOptions): Promise<number> {
  const { folder, flags = [], assembly = join(folder, 'cdk.out'), tools } = options;
  const unknown = flags.filter((flag) => flag !== '--acknowledged');
  if (unknown.length > 0)
    throw new Error(
      `check takes --acknowledged (which lists what was acknowledged, and why), got ${unknown.join(' ')}; leave it out`,
    );
  const app = basename(folder);
  if (!existsSync(join(assembly, 'manifest.json')))
    throw new Error(
      `"${assembly}" is no cloud assembly; run "npx nx run ${app}:check", which synthesizes before it checks`,
    );

  // The app is made once more in this process, because cdk-nag reads constructs: beside cdk.out, which Nx owns.
  const scratch = mkdtempSync(join(tmpdir(), 'check-'));
  process.env.CDK_OUTDIR = scratch;
  process.env.CDK_VALIDATION = 'false'; // it is one of the tools, and would run twice
  try {
    const report = await check(app, new Subject(loadApp(folder), assembly), tools);
    writeFileSync(options.report ?? join(folder, 'check-report.json'), `${JSON.stringify(report, null, 2)}\n`);
    console.log(render(report, { acknowledged: flags.includes('--acknowledged') }));
    return exitCodeOf(report);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
