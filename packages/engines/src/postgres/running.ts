import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '../expected-failure';

/** Who was killed takes half a second to be missed, and its server some time to end. */
const NOTICED_WITHIN_MS = 1_500;
const ENDED_WITHIN_MS = 10_000;

/** What a server says of itself in the record that it keeps beside its data. */
export interface Running {
  readonly pid: number;
  /** `starting`, `ready`, `stopping`. */
  readonly status: string | undefined;
}

export function runningIn(data: string): Running | undefined {
  try {
    const lines = fs.readFileSync(recordOf(data), 'utf8').split('\n');
    return { pid: Number.parseInt(lines[0]), status: lines[7]?.trim() };
  } catch {
    return undefined; // none, or none yet
  }
}

/**
 * Fails when a server runs on the data. One that is about to end, because whoever started it is gone, is waited for.
 *
 * A folder that was copied says that a server runs in it: the one that ran in the original. So does one whose server was
 * killed, when another process has its number now. PostgreSQL itself would believe it, so such a record is deleted.
 */
export async function mustNotRun(data: string): Promise<void> {
  for (const since = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const running = runningIn(data);
    const runsIn = running && workingFolderOf(running.pid);
    if (runsIn === undefined) return; // ended, or not Linux: PostgreSQL finds out
    if (runsIn !== fs.realpathSync(data)) return fs.rmSync(recordOf(data));
    if (Date.now() - since > (running?.status === 'stopping' ? ENDED_WITHIN_MS : NOTICED_WITHIN_MS))
      throw new ExpectedFailure(
        `a PostgreSQL runs in ${path.dirname(data)} already, process ${running?.pid}; stop it, or use another folder`,
      );
  }
}

function recordOf(data: string): string {
  return path.join(data, 'postmaster.pid');
}

function workingFolderOf(pid: number): string | undefined {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
