import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the workspace. */
export const ROOT = join(__dirname, '../..');

/** A package of the workspace, as the site shows it. */
export interface Member {
  /** The name of its folder, and of its page. */
  readonly name: string;
  readonly folder: string;
  readonly packageName: string;
  readonly description: string;
  /** A jsii module: it has an API reference, in TypeScript and Python. */
  readonly isLibrary: boolean;
  readonly isPrivate: boolean;
  readonly readme: string;
  /** Files of `examples/`, the smallest first: `minimal.ts`. */
  readonly examples: string[];
}

/** Every package that is there: a new one appears by itself. */
export function members(): Member[] {
  return readdirSync(join(ROOT, 'packages'))
    .filter((name) => existsSync(join(ROOT, 'packages', name, 'package.json')))
    .map((name) => {
      const folder = join(ROOT, 'packages', name);
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const examples = join(folder, 'examples');
      return {
        name,
        folder,
        packageName: manifest.name,
        description: manifest.description,
        isLibrary: manifest.jsii !== undefined,
        isPrivate: manifest.private === true,
        readme: readFileSync(join(folder, 'README.md'), 'utf8'),
        examples: existsSync(examples) ? readdirSync(examples).sort(minimalFirst) : [],
      };
    });
}

function minimalFirst(one: string, other: string): number {
  return Number(other.startsWith('minimal')) - Number(one.startsWith('minimal')) || one.localeCompare(other);
}
