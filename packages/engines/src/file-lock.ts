import * as fs from 'fs';
import * as path from 'path';
import { lock } from 'proper-lockfile';
import { ExpectedFailure } from './expected-failure';

/** A holder that was killed stops refreshing its lock; after this long the lock is free again. */
const STALE_MS = 10_000;
const POLL_MS = 100;
const PATIENCE_MS = 900_000;

/** A machine that slept, or a folder that was deleted: no reason to die in the middle, the work is better brought to its end. */
const onCompromised = () => undefined;

/**
 * Does something that no other process may do at the same time in the same folder, after waiting for its turn.
 *
 * @param purpose what is being done, as it stands in the messages: "start the local AWS"
 */
export async function withLock<T>(
  folder: string,
  purpose: string,
  work: () => Promise<T>,
  say: (text: string) => void = () => undefined,
): Promise<T> {
  fs.mkdirSync(folder, { recursive: true });
  const lockfilePath = path.join(folder, '.lock');
  const giveUp = Date.now() + PATIENCE_MS;
  for (let attempt = 0; ; attempt++) {
    const release = await lock(folder, { lockfilePath, stale: STALE_MS, realpath: false, onCompromised }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ELOCKED') return undefined;
        throw error;
      },
    );
    if (release !== undefined) {
      try {
        return await work();
      } finally {
        await release().catch(() => undefined);
      }
    }
    if (Date.now() > giveUp)
      throw new ExpectedFailure(
        `another run has held ${lockfilePath} for more than ${PATIENCE_MS / 1000} s while this one wanted to ${purpose}; ` +
          'end that run, or choose another folder',
      );
    if (attempt === 0) say(`waiting for another run that holds ${lockfilePath}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
