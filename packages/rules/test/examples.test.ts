import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemplateGraph } from '@groundplan/graph';
import { RuleSet } from '../src';

const PACKAGE = join(__dirname, '..');
const ROOT = join(PACKAGE, '..', '..');

test('the example synthesizes under the rules that it adds', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-rules-'));
  execFileSync('tsx', ['--tsconfig', join(ROOT, 'tsconfig.json'), join(PACKAGE, 'examples', 'minimal.ts')], {
    cwd: PACKAGE,
    env: { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`, CDK_OUTDIR: outdir },
    stdio: 'pipe',
  });
  expect(RuleSet.check(TemplateGraph.fromAssembly(outdir))).toEqual([]);
  rmSync(outdir, { recursive: true });
}, 60_000);
