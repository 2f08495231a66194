import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const scratch = mkdtempSync(join(tmpdir(), 'groundplan-examples-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs an example as its reader would, and answers where it synthesized to. */
function synthesized(example: string): string {
  const outdir = join(scratch, example);
  execFileSync(
    join(ROOT, 'node_modules/.bin/tsx'),
    ['--tsconfig', join(ROOT, 'tsconfig.json'), join(__dirname, '../examples', example)],
    { env: { ...process.env, CDK_OUTDIR: outdir }, stdio: 'pipe' },
  );
  return outdir;
}

test.each<[string, number]>([
  ['minimal.ts', 1],
  ['complete.ts', 2],
])(
  '%s synthesizes, and asks nobody',
  (example, machines) => {
    const outdir = synthesized(example);
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
    expect(manifest.artifacts.Jobs.type).toBe('aws:cloudformation:stack');
    expect(manifest.missing).toBeUndefined();
    const { Resources } = JSON.parse(readFileSync(join(outdir, 'Jobs.template.json'), 'utf8'));
    const types = Object.values(Resources).map((resource) => (resource as { Type: string }).Type);
    expect(types.filter((type) => type === 'AWS::StepFunctions::StateMachine')).toHaveLength(machines);
  },
  60_000,
);
