import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Documentation, Language } from 'jsii-docgen';
import { readManifest } from '../pack/manifest';
import { memberFolders } from '../release/packages';
import { collectAssemblies } from './assemblies';
import { compileExamples } from './examples';

/** The languages that a construct package is published in. */
const LANGUAGES = [Language.TYPESCRIPT, Language.PYTHON];

/** What the Nx target `reference` runs in the folder of the documentation: examples first, since their Python is described. */
async function main(folder: string): Promise<void> {
  const root = join(folder, '..');
  const packages = memberFolders(root)
    .map((member) => join(root, member))
    .filter((member) => readManifest(member).jsii);
  const [command, ...args] = compileExamples(packages);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
  if (status === 0) await describe(packages, join(folder, 'node_modules'));
}

/**
 * Writes `api-reference.json` of each package: its API in every language, as jsii-docgen describes it.
 *
 * @param within a folder from where an example's imports are resolved
 */
async function describe(packages: readonly string[], within: string): Promise<void> {
  const { names, folder } = collectAssemblies(packages, within);
  try {
    for (const [index, name] of names.entries()) {
      const documentation = await Documentation.forAssembly(name, folder);
      const reference: Record<string, unknown> = {};
      for (const language of LANGUAGES) {
        const json = await documentation.toJson({ language, loose: false });
        reference[language.toString()] = json.content.apiReference;
      }
      writeFileSync(join(packages[index], 'api-reference.json'), JSON.stringify(reference));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main(process.cwd());
