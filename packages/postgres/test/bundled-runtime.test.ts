import { buildSync } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ASSET = join(__dirname, '../assets/database-users/index.js');
const HEADER = '// Generated from runtime/database-users by UPDATE_RUNTIME=1 npx jest test/bundled-runtime.test.ts\n';

/** What the container runs: the sources with the client of PostgreSQL and the authorities of RDS in one file. */
function bundled(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, '../runtime/database-users/index.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'inline',
    external: ['pg-native'],
    banner: { js: HEADER },
    write: false,
  });
  return outputFiles[0].text;
}

test('the image of database users holds what stands in runtime', () => {
  const text = bundled();
  if (process.env.UPDATE_RUNTIME) writeFileSync(ASSET, text);
  // Compared as a whole and not shown: a difference of a line would be 200 kB.
  expect(readFileSync(ASSET, 'utf8') === text).toBe(true);
});
