import * as fs from 'fs';
import * as path from 'path';

const ROOT_MARKERS = ['nx.json', 'pnpm-workspace.yaml', '.git'];

/** Where engines are installed: GROUNDPLAN_ENGINES, else `.groundplan/engines` in the workspace. */
export function enginesFolder(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string {
  return path.resolve(cwd, env.GROUNDPLAN_ENGINES || path.join(workspaceRoot(cwd), '.groundplan', 'engines'));
}

/** The nearest folder upwards that is the root of a workspace or a repository, else the folder itself. */
function workspaceRoot(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (ROOT_MARKERS.some((marker) => fs.existsSync(path.join(folder, marker)))) return folder;
    if (folder === path.dirname(folder)) return path.resolve(from);
  }
}
