import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES } from './readme-tables';

const README = join(__dirname, '../README.md');

/** A table stands between `<!-- name -->` and `<!-- /name -->`. */
const placeOf = (name: string) => new RegExp(`(<!-- ${name} -->\n)([^]*?)(\n<!-- /${name} -->)`);

test.each(Object.keys(TABLES))(
  'the table of %s in the README is the one that the code makes (UPDATE_README=1 writes it)',
  (name) => {
    const readme = readFileSync(README, 'utf8');
    const made = TABLES[name]();
    if (process.env.UPDATE_README === '1' && !process.env.CI)
      writeFileSync(README, readme.replace(placeOf(name), `$1${made.replace(/\$/g, '$$$$')}$3`));
    expect(placeOf(name).exec(readFileSync(README, 'utf8'))?.[2]).toBe(made);
  },
);

test('the README is read in one sitting', () => {
  expect(readFileSync(README, 'utf8').split('\n').length).toBeLessThanOrEqual(150);
});
