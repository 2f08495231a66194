import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command';
import { copyWorkspace, ownFiles } from './workspace-copy';

/** A generated file that says something else than what generates it. */
export interface Drift {
  readonly file: string;
  readonly what: 'changed' | 'missing' | 'left over';
}

/**
 * Generates the workspace anew in a copy and compares every file: none may differ.
 *
 * @param change what a test does to the copy before
 */
export async function drift(root: string, change: (copy: string) => void = () => undefined): Promise<Drift[]> {
  const copy = copyWorkspace(root);
  try {
    change(copy.folder);
    const before = read(copy.folder);
    const { code, output } = await runCommand('tsx', ['.projenrc.ts'], {
      cwd: copy.folder,
      log: join(root, '.groundplan', 'proof', 'drift.log'),
      env: { PROJEN_DISABLE_POST: 'true' }, // the copy installs nothing
    });
    if (code !== 0) throw new Error(`projen failed:\n${output}`);
    const after = read(copy.folder);
    return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((file): Drift[] => {
      if (before.get(file) === after.get(file)) return [];
      return [{ file, what: !before.has(file) ? 'missing' : !after.has(file) ? 'left over' : 'changed' }];
    });
  } finally {
    copy.remove();
  }
}

/** Every file of a copy, by path. */
function read(folder: string): Map<string, string> {
  return new Map(ownFiles(folder).map((file) => [file, readFileSync(join(folder, file), 'latin1')]));
}
