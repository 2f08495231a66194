import * as fs from 'fs';
import * as path from 'path';

const MARKERS = ['nx.json', 'pnpm-workspace.yaml', '.git'];

/** The nearest folder upwards that is the root of a workspace or a repository, else the folder itself. */
export function workspaceRoot(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (MARKERS.some((marker) => fs.existsSync(path.join(folder, marker)))) return folder;
    if (folder === path.dirname(folder)) return path.resolve(from);
  }
}
