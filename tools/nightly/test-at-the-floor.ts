import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { V } from '../../projenrc/versions';
import { run } from '../release/command';
import { memberFolders, releasedPackages } from '../release/packages';
import { layTree } from '../release/release-tree';

const ROOT = join(__dirname, '../..');
// Of aws-cdk-lib alone: cdk-nag, which the tests use, needs a newer constructs than we do.
const NEWEST = `"aws-cdk-lib": "${V.awsCdkLib}"`;
const FLOOR = `"aws-cdk-lib": "${V.awsCdkLibFloor}"`;

/** Runs the tests of the construct packages with the oldest CDK that they promise to work with, in a copy. */
async function main(): Promise<void> {
  const tree = layTree(ROOT);
  try {
    for (const folder of [...memberFolders(tree), '.']) {
      const file = join(tree, folder, 'package.json');
      const text = readFileSync(file, 'utf8').replace(NEWEST, FLOOR);
      writeFileSync(file, text);
    }
    const say = (line: string) => console.log(line);
    await run(join(ROOT, 'node_modules', '.bin', 'pnpm'), ['install', '--no-frozen-lockfile', '--prefer-offline'], {
      cwd: tree,
      say,
    });
    const names = releasedPackages(tree).filter(({ manifest }) => manifest.jsii);
    const projects = process.argv[2] ?? names.map(({ name }) => name).join(',');
    await run('nx', ['run-many', '-t', 'test', '-p', projects, '--outputStyle=stream'], { cwd: tree, say });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
