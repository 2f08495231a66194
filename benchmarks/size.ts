import { statSync } from 'node:fs';
import { readTarball } from '../tools/pack/version-guard';
import { unpackedSize } from '../tools/release/collect';
import { limitOf } from '../tools/release/contents';
import type { Installed } from './installed';
import type { Row } from './table';

/** What every npm package weighs, unpacked and packed, and what it brings along. */
export function benchSize(installed: Installed): Row[] {
  return installed.packages().map(({ name, tarball }) => {
    const manifest = readTarball(tarball);
    const size = unpackedSize(tarball);
    const dependencies = Object.keys(manifest.dependencies ?? {}).length;
    const isConstructPackage = manifest.jsii !== undefined;
    return {
      what: `size: ${name}`,
      ours: kilobytes(size),
      theirs: `${kilobytes(statSync(tarball).size)} packed`,
      result: `${dependencies} dependencies`,
      wanted: isConstructPackage ? `under ${kilobytes(limitOf(name))}, none` : '',
      reached: !isConstructPackage || (size < limitOf(name) && dependencies === 0),
    };
  });
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
