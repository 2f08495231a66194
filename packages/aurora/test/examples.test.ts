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
    { env: { ...process.env, CDK_OUTDIR: outdir }, stdio: 'pipe' },
  );
  return outdir;
}

test.each<[string, string[]]>([
  ['minimal.ts', ['Database']],
  ['complete.ts', ['Orders', 'Reports']],
])(
  '%s synthesizes to one stack with the clusters %j',
  (example, clusters) => {
    const outdir = synthesized(example);
    const template = JSON.parse(readFileSync(join(outdir, 'Data.template.json'), 'utf8'));
    const made = Object.entries<{ Type: string }>(template.Resources).filter(
      ([, { Type }]) => Type === 'AWS::RDS::DBCluster',
    );
    expect(made.map(([id]) => id.replace(/Cluster.*/, ''))).toEqual(clusters);
    expect(JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')).missing).toBeUndefined();
  },
  60_000,
);

test('minimal.ts is deployed as it stands, and a PostgreSQL answers', async () => {
  const aws = await TestAws.start();
  try {
    const { code, stdout, stderr } = await aws.deploy(synthesized('minimal.ts'));
    expect(code === 0 ? '' : stdout + stderr).toBe('');
    expect(await aws.databases()).toMatchObject([
      {
        engine: 'aurora-postgresql',
        status: 'available',
        url: expect.stringMatching(/^postgresql:\/\/postgres@[\d.]+:5432\/app$/),
        secret: expect.stringMatching(/^rds!cluster-/),
      },
    ]);
    expect(aws.stubs()).toEqual([]);
  } finally {
    await aws.stop();
  }
}, 180_000);
