import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** `require("aws-cdk-lib/aws-ec2")`, of a module outside of the package. */
const EXTERNAL = /\brequire\("([^."][^"]*)"\)/g;

/**
 * Has the compiled files of a package read each module outside of it through one file, so that the bundle asks for it once.
 *
 * Node.js remembers where a module stands only for whoever read it first: for all others it walks the folders and the exports of
 * aws-cdk-lib again, at every require() of every file.
 *
 * @param folder where the files in between are written
 * @returns takes them away again
 */
export function shareExternals(files: string[], folder: string): () => void {
  mkdirSync(folder);
  for (const file of files)
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(EXTERNAL, (_call, module: string) => {
        const between = join(folder, `${module.replace(/\W/g, '-')}.js`);
        writeFileSync(between, `module.exports = require("${module}");\n`);
        const path = relative(dirname(file), between);
        return `require("${path.startsWith('.') ? path : `./${path}`}")`;
      }),
    );
  return () => rmSync(folder, { recursive: true });
}
