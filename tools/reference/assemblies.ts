import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** What jsii-docgen reads of a package. A compressed assembly is a pointer and the file that it points to. */
const FILES = ['package.json', '.jsii', '.jsii.gz', '.jsii.tabl.json'];

/**
 * A new folder that holds the assembly of a package and those that it depends on: each of them once. It stands among what the
 * package has installed, because rosetta looks from there for what an example imports.
 */
export function collectAssemblies(packageFolder: string): { readonly name: string; readonly folder: string } {
  const folder = mkdtempSync(join(packageFolder, 'node_modules', '.assemblies-'));
  const copied = new Set<string>();
  const copy = (from: string): string => {
    const place = realpathSync(from);
    const { name, dependencies, peerDependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    if (copied.has(name) || !existsSync(join(place, '.jsii'))) return name;
    copied.add(name);
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of FILES)
      if (existsSync(join(place, file))) copyFileSync(join(place, file), join(folder, name, file));
    for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
      // beside the package that needs it, or beside that one's neighbours, as pnpm lays them out
      const candidates = [join(place, 'node_modules', dependency), join(place, '..', dependency)];
      const found = candidates.find((candidate) => existsSync(join(candidate, 'package.json')));
      if (found) copy(found);
    }
    return name;
  };
  return { name: copy(packageFolder), folder };
}
