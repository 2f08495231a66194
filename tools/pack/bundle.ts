import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Makes one JavaScript file of a compiled construct package.
 *
 * A third of the time of a synth goes into finding and reading modules: a package that ships as thirty files costs thirty
 * of them. Declarations stay as they are, and so does what an import finds.
 */
export function bundle(folder: string): void {
  const lib = join(folder, 'lib');
  const index = join(lib, 'index.js');
  const names = exportedNames(folder);
  buildSync({
    entryPoints: [index],
    outfile: index,
    allowOverwrite: true,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    // class names stand in messages and in the metadata of the CDK
    keepNames: true,
    logLevel: 'error',
  });
  // never run: it tells Node.js the names, so that `import { Network } from …` works in an ES module
  appendFileSync(index, `0 && (module.exports = { ${names.join(', ')} });\n`);
  for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.js') && file !== 'index.js') rmSync(join(lib, file));
}

function exportedNames(folder: string): string[] {
  const script = 'console.log(JSON.stringify(Object.keys(require("./lib"))))';
  return JSON.parse(execFileSync('node', ['-e', script], { cwd: folder, encoding: 'utf8' })) as string[];
}
