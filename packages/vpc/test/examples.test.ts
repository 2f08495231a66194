import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAws } from '@groundplan/local';

const ROOT = join(__dirname, '../../..');
const scratch = mkdtempSync(join(tmpdir(), 'groundplan-examples-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs an example as its reader would, and answers where it synthesized to. */
function synthesized(example: string): string {
  const outdir = join(scratch, example);
  execFileSync(
    join(ROOT, 'node_modules/.bin/tsx'),
    ['--tsconfig', join(ROOT, 'tsconfig.json'), join(__dirname, '../examples', example)],
    {
      env: { ...process.env, CDK_OUTDIR: outdir },
      stdio: 'pipe',
    },
  );
  return outdir;
}

test.each(['minimal.ts', 'complete.ts'])(
  '%s synthesizes',
  (example) => {
    const manifest = JSON.parse(readFileSync(join(synthesized(example), 'manifest.json'), 'utf8'));
    expect(manifest.artifacts.Network.type).toBe('aws:cloudformation:stack');
    expect(manifest.missing).toBeUndefined();
  },
  60_000,
);

test('minimal.ts is deployed as it stands', async () => {
  const aws = await TestAws.start();
  try {
    const result = await aws.deploy(synthesized('minimal.ts'));
    expect(result.code === 0 ? '' : result.stdout + result.stderr).toBe('');
    const [network] = await aws.networks();
    expect(network.tiers.map(({ name, egress }) => `${name}: ${egress[0].replace(/ (igw|nat)-.*/, '')}`)).toEqual([
      'Public: internet gateway',
      'Private: NAT gateway',
      'Isolated: no route to the internet',
    ]);
    expect(aws.stubs()).toEqual([]);
  } finally {
    await aws.stop();
  }
}, 180_000);
