import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAws, ask } from '@groundplan/local';

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

test.each<[string, string[]]>([
  ['minimal.ts', ['Services']],
  ['complete.ts', ['Images', 'Network', 'Services']],
])(
  '%s synthesizes to the stacks %j',
  (example, stacks) => {
    const manifest = JSON.parse(readFileSync(join(synthesized(example), 'manifest.json'), 'utf8'));
    const made = Object.entries<{ type: string }>(manifest.artifacts).filter(
      ([, { type }]) => type === 'aws:cloudformation:stack',
    );
    expect(made.map(([name]) => name).sort()).toEqual(stacks);
    expect(manifest.missing).toBeUndefined();
  },
  60_000,
);

test('minimal.ts is deployed as it stands, and answers', async () => {
  const aws = await TestAws.start();
  try {
    const { code, stdout, stderr } = await aws.deploy(synthesized('minimal.ts'));
    expect(code === 0 ? '' : stdout + stderr).toBe('');
    const { port } = aws.aws.instance();
    expect(await aws.services()).toMatchObject([
      { deployment: 'COMPLETED', desired: 1, running: 1, urls: [`http://api.example.com.localhost:${port}/`] },
    ]);
    expect(await ask(port, 'api.example.com.localhost')).toMatchObject({
      status: 200,
      body: 'There is no application here yet.\n',
    });
    expect(aws.stubs()).toEqual([]);
  } finally {
    await aws.stop();
  }
}, 180_000);
