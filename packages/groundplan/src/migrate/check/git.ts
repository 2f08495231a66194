import { execFileSync } from 'node:child_process';

const MOST_BYTES = 1024 ** 3;

/** What git says about a folder; undefined when it fails, or is not there. */
export function git(folder: string, ...args: string[]): string | undefined {
  return gitBytes(folder, args)?.toString('utf8').trim();
}

/** Files of a tree of git (`<commit>:<path>`), by their names in it; undefined when there is no such tree. */
export function filesOfTree(folder: string, tree: string): Map<string, Buffer> | undefined {
  const listed = gitBytes(folder, ['ls-tree', '-r', '-z', '--full-tree', tree]);
  if (listed === undefined) return undefined;
  // 100644 blob <id>\t<name>; links and submodules are no files.
  const entries = [...listed.toString('utf8').matchAll(/100\d{3} blob ([0-9a-f]+)\t([^\0]+)\0/g)];
  const input = entries.map(([, id]) => `${id}\n`).join('');
  const contents = gitBytes(folder, ['cat-file', '--batch'], input) ?? Buffer.alloc(0);
  const files = new Map<string, Buffer>();
  let at = 0;
  for (const [, , name] of entries) {
    // <id> blob <size>\n<content>\n
    const head = contents.indexOf('\n', at);
    const size = Number(contents.toString('latin1', at, head).split(' ')[2]);
    files.set(name, contents.subarray(head + 1, head + 1 + size));
    at = head + 1 + size + 1;
  }
  return files;
}

function gitBytes(folder: string, args: string[], input = ''): Buffer | undefined {
  try {
    return execFileSync('git', ['-C', folder, ...args], {
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: MOST_BYTES,
    });
  } catch {
    return undefined;
  }
}
