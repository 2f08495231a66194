import { rmSync, writeFileSync } from 'node:fs';
import { Documentation, Language } from 'jsii-docgen';
import { collectAssemblies } from './assemblies';

/** The languages that a construct package is published in. */
const LANGUAGES = [Language.TYPESCRIPT, Language.PYTHON];

/**
 * Writes `api-reference.json` of the jsii package in the current folder: its API in every language, as jsii-docgen
 * describes it. The command line of jsii-docgen would look through every installed folder and unpack aws-cdk-lib's assembly
 * once for each that has it: 18 s for a package with two siblings, where this takes 6.
 */
async function main(): Promise<void> {
  const { name, folder } = collectAssemblies(process.cwd());
  try {
    const documentation = await Documentation.forAssembly(name, folder);
    const reference: Record<string, unknown> = {};
    for (const language of LANGUAGES) {
      const json = await documentation.toJson({ language, loose: false });
      reference[language.toString()] = json.content.apiReference;
    }
    writeFileSync('api-reference.json', JSON.stringify(reference));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
