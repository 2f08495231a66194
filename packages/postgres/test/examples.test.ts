import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const scratch = mkdtempSync(join(tmpdir(), 'groundplan-examples-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** How many resources of a type an example makes, run as its reader would. */
function made(example: string, types: string[]): number[] {
  const outdir = join(scratch, example);
  execFileSync(
    join(ROOT, 'node_modules/.bin/tsx'),
    ['--tsconfig', join(ROOT, 'tsconfig.json'), join(__dirname, '../examples', example)],
    { env: { ...process.env, CDK_OUTDIR: outdir }, stdio: 'pipe' },
  );
  expect(JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')).missing).toBeUndefined();
  const { Resources } = JSON.parse(readFileSync(join(outdir, 'Data.template.json'), 'utf8'));
  const all = Object.values<{ Type: string }>(Resources);
  return types.map((type) => all.filter(({ Type }) => Type === type).length);
}

const TYPES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::RDS::DBProxy', 'Custom::DatabaseMigration'];

test.each([
  ['minimal.ts', [1, 0, 0, 1]],
  ['complete.ts', [1, 1, 1, 2]],
])('%s synthesizes', (example, counts) => expect(made(example, TYPES)).toEqual(counts), 60_000);
