import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Member, ROOT, members } from './members';
import { decisions, decisionsPage, proofPage } from './overview-pages';
import { packagePage } from './package-page';
import { snippetsOf } from './snippets';
import { translate, translationsOf, withHandwritten } from './translations';

const DOCS = join(ROOT, 'docs');
const GENERATED = join(DOCS, 'generated');

/** Writes what VitePress builds the site from, beside the pages that people write. */
async function main(): Promise<void> {
  const all = members();
  const libraries = all.filter(({ isLibrary }) => isLibrary);
  const pages = new Map(all.map(({ name, packageName }) => [packageName, `/packages/${name}`]));

  rmSync(GENERATED, { recursive: true, force: true });
  for (const member of all) write(`packages/${member.name}.md`, packagePage(member, pages));
  write('decisions/index.md', decisionsPage());
  write('proof.md', proofPage());
  write('menu.json', JSON.stringify(menu(all), null, 2));

  const compiled = await Promise.all(libraries.map(translationsOf));
  const written = await translate([...guideSnippets(), ...exampleSnippets(libraries)], DOCS);
  const translations = libraries.reduce(withHandwritten, Object.assign({}, ...compiled, written));
  write('translations.json', JSON.stringify(translations, null, 2));
}

/** The code in the pages that people write. */
function guideSnippets() {
  const pages = readdirSync(join(DOCS, 'guide')).map((name) => `guide/${name}`);
  return ['index.md', ...pages].flatMap((page) => snippetsOf(readFileSync(join(DOCS, page), 'utf8'), page));
}

function exampleSnippets(libraries: Member[]) {
  return libraries.flatMap(({ name, folder, examples }) =>
    examples
      .filter((example) => example.endsWith('.ts'))
      .map((example) => ({
        place: `packages/${name}/examples/${example}`,
        source: readFileSync(join(folder, 'examples', example), 'utf8').trimEnd(),
      })),
  );
}

/** The lists of the side bar that grow with the workspace. */
function menu(all: Member[]) {
  const entries = (chosen: Member[]) =>
    chosen.map(({ name, packageName }) => ({ text: packageName, link: `/packages/${name}` }));
  return {
    libraries: entries(all.filter(({ isLibrary }) => isLibrary)),
    tools: entries(all.filter(({ isLibrary, isPrivate }) => !isLibrary && !isPrivate)),
    internal: entries(all.filter(({ isLibrary, isPrivate }) => !isLibrary && isPrivate)),
    decisions: decisions().map(({ title, link }) => ({ text: title, link })),
  };
}

function write(file: string, text: string): void {
  const path = join(GENERATED, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
