import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../release/build';
import { run } from '../release/command';
import { releasedPackages } from '../release/packages';
import { layTree } from '../release/release-tree';

const ROOT = join(__dirname, '../..');

/**
 * Generates the sources of Java and Go. It proves that the API can be said in them, and no more: nothing is compiled or
 * published, because Maven and the Go proxy lack the aws-cdk-lib that we need.
 */
async function main(): Promise<void> {
  const tree = layTree(ROOT);
  try {
    const packages = releasedPackages(tree).filter(({ manifest }) => manifest.jsii);
    for (const { name, folder } of packages) {
      const file = join(tree, folder, 'package.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      const word = name.replace(/-/g, '');
      manifest.jsii.targets.java = {
        package: `dev.groundplan.${word}`,
        maven: { groupId: 'dev.groundplan', artifactId: name },
      };
      manifest.jsii.targets.go = {
        moduleName: 'github.com/groundplan/groundplan-go',
        packageName: `groundplan${word}`,
      };
      writeFileSync(file, JSON.stringify(manifest, undefined, 2));
    }
    const say = (line: string) => console.log(line);
    await install(tree, say);
    const names = packages.map(({ name }) => name).join(',');
    const only = ['-p', names, '--excludeTaskDependencies', '--outputStyle=static'];
    await run('nx', ['run-many', '-t', 'compile', ...only], { cwd: tree, say });
    for (const { name, folder } of packages)
      for (const language of ['java', 'go']) {
        const args = ['--code-only', '--target', language, '--outdir', join(tree, 'languages', name), folder];
        await run('jsii-pacmak', args, { cwd: tree });
        console.log(`${name}: ${language} can say it`);
      }
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
