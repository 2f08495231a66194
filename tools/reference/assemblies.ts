import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What jsii-docgen reads of a package. A compressed assembly is a pointer and the file that it points to. */
const FILES = ['package.json', '.jsii', '.jsii.gz', '.jsii.tabl.json'];

interface Assembly {
  readonly name: string;
  /** Missing where there are none. */
  readonly types?: Record<string, unknown>;
}

/** Where an assembly stands, and whether it is read as it is or with no more than what is mentioned of it. */
interface Found {
  readonly place: string;
  readonly isOurs: boolean;
}

/**
 * A new folder in another one that holds the assemblies of packages and of all that they depend on.
 *
 * Of those that are not asked for it holds the types that are mentioned, and those that these mention: jsii-docgen reads every
 * assembly four times for each package, and of the 84 MB that describe aws-cdk-lib 5 MB are ever looked at.
 */
export function collectAssemblies(
  packages: readonly string[],
  within: string,
): { readonly names: readonly string[]; readonly folder: string } {
  const folder = mkdtempSync(join(within, '.assemblies-'));
  const found = new Map<string, Found>();
  const names = packages.map((place) => find(place, found, true));
  const ours = [...found.values()].filter(({ isOurs }) => isOurs);
  const mentioned = ours.map(({ place }) => textOf(place));
  for (const [name, { place, isOurs }] of found) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of isOurs ? FILES : ['package.json'])
      if (existsSync(join(place, file))) copyFileSync(join(place, file), join(folder, name, file));
    if (isOurs) continue;
    const pruned = onlyMentioned(JSON.parse(textOf(place)) as Assembly, mentioned);
    writeFileSync(join(folder, name, '.jsii'), JSON.stringify(pruned));
  }
  return { names, folder };
}

function find(from: string, found: Map<string, Found>, isOurs: boolean): string {
  const place = realpathSync(from);
  const { name, dependencies, peerDependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  if (!existsSync(join(place, '.jsii')) || (found.has(name) && !isOurs)) return name;
  found.set(name, { place, isOurs });
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    // beside the package that needs it, or beside that one's neighbours, as pnpm lays them out
    const candidates = [join(place, 'node_modules', dependency), join(place, '..', dependency)];
    const there = candidates.find((candidate) => existsSync(join(candidate, 'package.json')));
    if (there) find(there, found, false);
  }
  return name;
}

function textOf(place: string): string {
  const compressed = join(place, '.jsii.gz');
  if (existsSync(compressed)) return gunzipSync(readFileSync(compressed)).toString();
  return readFileSync(join(place, '.jsii'), 'utf8');
}

/** An assembly without the types that nothing leads to. */
function onlyMentioned(assembly: Assembly, texts: readonly string[]): Assembly {
  const all = assembly.types ?? {};
  const types: Record<string, unknown> = {};
  const names = new RegExp(`"${assembly.name}\\.[^"]+"`, 'g');
  const waiting = [...texts];
  const keep = (name: string): void => {
    if (name in types || !(name in all)) return;
    types[name] = all[name];
    waiting.push(JSON.stringify(types[name]));
    keep(name.slice(0, name.lastIndexOf('.'))); // one that is declared within another
  };
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop())
    for (const [quoted] of text.matchAll(names)) keep(JSON.parse(quoted) as string);
  return { ...assembly, types };
}
