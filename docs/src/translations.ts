import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  LanguageTablet,
  RosettaTranslator,
  TargetLanguage,
  TypeScriptSnippet,
  typeScriptSnippetFromCompleteSource,
} from 'jsii-rosetta';
import { Member } from './members';
import { Snippet } from './snippets';

/** A block of code as the site shows it. */
interface Translation {
  /** Without the lines between `/// !hide` and `/// !show`, which are there for the compiler. */
  readonly typescript: string;
  /** Missing where there is no counterpart. */
  readonly python?: string;
}

/** Blocks of code by what stands in the source of a page. */
export type Translations = Record<string, Translation>;

/** The examples in the README and in the doc comments of a package, as the target `reference` compiled and translated them. */
export async function translationsOf(member: Member): Promise<Translations> {
  const file = join(member.folder, '.jsii.tabl.json');
  if (!existsSync(file)) throw new Error(`${file} is missing: run "npx nx run docs:reference"`);
  const tablet = await LanguageTablet.fromFile(file);
  return Object.fromEntries(
    tablet.translatedSnippets.map((snippet) => [
      snippet.originalSource.source.trim(),
      { typescript: snippet.originalSource.source.trim(), python: pythonOf(snippet) },
    ]),
  );
}

/**
 * Compiles snippets, as strictly as rosetta does, and translates them to Python.
 *
 * @param folder from where their imports are resolved
 * @throws with the compiler's messages, when one of them does not compile
 */
export async function translate(snippets: Snippet[], folder: string): Promise<Translations> {
  const prepared = snippets.map((written) => ({ ...written, snippet: prepare(written) }));
  const translator = new RosettaTranslator({ includeCompilerDiagnostics: true });
  // One program for all of them: the declarations of aws-cdk-lib are read once.
  const { translatedSnippets, diagnostics } = await translator.translateAll(
    prepared.map(({ snippet }) => snippet),
    { compilationDirectory: folder, batchSize: 1000 },
  );
  const errors = diagnostics
    .filter(({ isError }) => isError)
    .map(({ formattedMessage }) => stripVTControlCharacters(formattedMessage))
    .filter(
      (message) => !(NO_COUNTERPART.test(message) && prepared.some((one) => one.typescriptOnly && isOf(one, message))),
    );
  if (errors.length > 0)
    throw new Error(`These examples do not compile, or have no counterpart in Python:\n${errors.join('')}`);
  const pythonBySource = new Map(translatedSnippets.map((done) => [done.originalSource.source, pythonOf(done)]));
  return Object.fromEntries(
    prepared.map(({ source, typescriptOnly, snippet: { visibleSource } }) => {
      const python = typescriptOnly ? undefined : pythonBySource.get(visibleSource);
      return [source, { typescript: visibleSource.trim(), python }];
    }),
  );
}

/** An example of a package. Where somebody wrote it in Python too, that is shown and not the translation. */
export function withHandwritten(translations: Translations, member: Member): Translations {
  const read = (name: string) => readFileSync(join(member.folder, 'examples', name), 'utf8').trimEnd();
  const pairs = member.examples
    .filter((name) => name.endsWith('.ts') && member.examples.includes(name.replace(/\.ts$/, '.py')))
    .map((name) => [read(name), { typescript: read(name), python: read(name.replace(/\.ts$/, '.py')) }]);
  return { ...translations, ...Object.fromEntries(pairs) };
}

/** What rosetta says of code that compiles and that it cannot translate. */
const NO_COUNTERPART = / TS0: /;

/** Whether a message is about a snippet: it begins with the place, spelled as a file. */
function isOf({ place }: Snippet, message: string): boolean {
  return message.startsWith(place.replace(/\//g, '.'));
}

function prepare({ source, place }: Snippet): TypeScriptSnippet {
  return typeScriptSnippetFromCompleteSource(source, { api: { api: 'file', fileName: place } }, true);
}

function pythonOf(snippet: { get(language: TargetLanguage): { source: string } | undefined }): string {
  const python = (snippet.get(TargetLanguage.PYTHON)?.source ?? '').trim();
  // Rosetta writes the decorator, and forgets where it comes from.
  return python.includes('@jsii.') ? `import jsii\n${python}` : python;
}
