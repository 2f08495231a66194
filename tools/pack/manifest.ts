import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Ranges = Record<string, string>;

/** What packing and releasing read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly dependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly scripts?: Record<string, string>;
  readonly jsii?: { readonly targets?: { readonly python?: { readonly distName: string } } };
  readonly nx?: { readonly name: string; readonly targets: Record<string, object> };
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The kinds of dependencies that somebody who installs the package gets or must bring. */
export const PUBLISHED_KINDS = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const;
