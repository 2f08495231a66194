import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Installed } from './installed';
import type { Row } from './table';

/** The most that a construct package may weigh when it is installed, in kB. */
const MOST_KB = 200;

/** What every npm package weighs, unpacked and packed, and what it brings along. */
export function benchSize(installed: Installed): Row[] {
  return installed.packages().map(({ name, tarball }) => {
    const { unpacked, dependencies, isJsii } = read(tarball);
    const kb = unpacked / 1000;
    return {
      what: `size: ${name}`,
      ours: `${kb.toFixed(0)} kB`,
      theirs: `${(statSync(tarball).size / 1000).toFixed(0)} kB packed`,
      result: `${dependencies} dependencies`,
      wanted: isJsii ? `under ${MOST_KB} kB, none` : '',
      reached: !isJsii || (kb < MOST_KB && dependencies === 0),
    };
  });
}

function read(tarball: string) {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-size-'));
  try {
    execFileSync('tar', ['-xzf', tarball, '-C', folder]);
    const manifest = JSON.parse(readFileSync(join(folder, 'package', 'package.json'), 'utf8')) as {
      dependencies?: object;
      jsii?: object;
    };
    // the sum of the files, as npm counts it
    const listed = execFileSync('tar', ['-tvzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const unpacked = listed.reduce((sum, line) => sum + Number(line.split(/\s+/)[2]), 0);
    return {
      unpacked,
      dependencies: Object.keys(manifest.dependencies ?? {}).length,
      isJsii: manifest.jsii !== undefined,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
