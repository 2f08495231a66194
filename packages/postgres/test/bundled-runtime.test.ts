import { buildSync } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a container runs: the sources with the libraries that they use, in one file. */
function bundled(program: string): string {
  const header = `// Generated from runtime/${program} by UPDATE_RUNTIME=1 npx jest test/bundled-runtime.test.ts\n`;
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, '../runtime', program, 'index.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'inline',
    external: ['pg-native'],
    banner: { js: header },
    write: false,
  });
  return outputFiles[0].text;
}

test.each(['database-users', 'pgbouncer'])('the image of %s holds what stands in runtime', (program) => {
  const file = join(__dirname, '../assets', program, 'index.js');
  const text = bundled(program);
  if (process.env.UPDATE_RUNTIME) writeFileSync(file, text);
  // Compared as a whole and not shown: a difference of a line would be 200 kB.
  expect(readFileSync(file, 'utf8') === text).toBe(true);
});
