import { randomUUID } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { withLock } from './file-lock';

const UNFINISHED = '.unfinished-';

/**
 * A folder that holds something installed, made at most once.
 *
 * It is built aside and renamed when it is complete: an install that was interrupted leaves nothing that looks like one,
 * and of two processes that want it at once the second waits and takes what the first has made.
 *
 * @param name says what is in it, versions included: other contents are another folder
 */
export async function installOnce(
  engines: string,
  name: string,
  build: (unfinished: string) => Promise<void>,
  say: (text: string) => void = () => undefined,
): Promise<string> {
  const finished = path.join(engines, name);
  if (fs.existsSync(finished)) return finished;
  return withLock(
    engines,
    `install ${name}`,
    async () => {
      if (fs.existsSync(finished)) return finished; // made by the run that we waited for
      for (const left of fs.readdirSync(engines))
        if (left.startsWith(UNFINISHED)) fs.rmSync(path.join(engines, left), { recursive: true, force: true });
      const unfinished = path.join(engines, UNFINISHED + randomUUID());
      fs.mkdirSync(unfinished);
      try {
        await build(unfinished);
        fs.renameSync(unfinished, finished);
      } finally {
        fs.rmSync(unfinished, { recursive: true, force: true });
      }
      return finished;
    },
    say,
  );
}
