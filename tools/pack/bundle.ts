import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { deferImports } from './defer-imports';
import { shareExternals } from './share-externals';

/**
 * Makes one JavaScript file of a compiled construct package, with the declarations that lead out of it.
 *
 * A synth spends a good part of its time finding and reading modules: a package that ships as thirty files costs thirty of
 * them. What an import finds is the same as before (docs/decisions/010).
 */
export function bundle(folder: string): void {
  const lib = join(folder, 'lib');
  const index = join(lib, 'index.js');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).map((name) => join(lib, name));
  const compiled = files.filter((name) => name.endsWith('.js'));
  const names = exportedNames(compiled);
  for (const file of compiled)
    writeFileSync(
      file,
      deferImports(readFileSync(file, 'utf8'), (module) => names[join(dirname(file), `${module}.js`)]),
    );
  const done = shareExternals(compiled, join(lib, 'externals'));
  buildSync({
    entryPoints: [index],
    outfile: index,
    allowOverwrite: true,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    minify: true,
    // names of classes and functions stand in messages, in stack traces and in the metadata of the CDK
    keepNames: true,
    logLevel: 'error',
  });
  // never run: it tells Node.js the names, so that `import { Network } from …` works in an ES module
  appendFileSync(index, `0 && (module.exports = { ${names[index].join(', ')} });\n`);
  done();
  const kept = new Set([index, ...declarations(join(lib, 'index.d.ts'))]);
  for (const file of files) if (/\.(js|d\.ts)$/.test(file) && !kept.has(file)) rmSync(file);
}

/** What each compiled file exports, asked in another process, since these will be changed. */
function exportedNames(files: string[]): { [file: string]: string[] } {
  const script =
    'console.log(JSON.stringify(Object.fromEntries(process.argv.slice(1).map((file) => [file, Object.keys(require(file))]))))';
  return JSON.parse(execFileSync('node', ['-e', script, ...files], { encoding: 'utf8' })) as {
    [file: string]: string[];
  };
}

/** A declaration file and those that it leads to. */
function declarations(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file) || !existsSync(file)) return found;
  found.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)'/g))
    declarations(`${join(dirname(file), path)}.d.ts`, found);
  return found;
}
