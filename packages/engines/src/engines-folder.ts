import * as path from 'path';
import { workspaceRoot } from './workspace-root';

/** Where engines are installed: GROUNDPLAN_ENGINES, else `.groundplan/engines` in the workspace. */
export function enginesFolder(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string {
  return path.resolve(cwd, env.GROUNDPLAN_ENGINES || path.join(workspaceRoot(cwd), '.groundplan', 'engines'));
}
