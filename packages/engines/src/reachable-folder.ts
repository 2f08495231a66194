import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ExpectedFailure } from './expected-failure';
import { canReach, unprivilegedUser } from './unprivileged-user';

/**
 * The folder for engines, or where we are root and whoever runs the engine may not enter it, one that everybody may.
 *
 * @param what refuses to run as root, for messages
 */
export function reachable(engines: string, what: string): string {
  fs.mkdirSync(engines, { recursive: true });
  const user = unprivilegedUser(what);
  if (canReach(engines, user)) return engines;
  const shared = path.join(os.tmpdir(), 'groundplan-engines');
  fs.mkdirSync(shared, { recursive: true });
  const { uid } = fs.lstatSync(shared);
  if (uid !== 0)
    throw new ExpectedFailure(`${shared} belongs to user ${uid}, whose programs root should not run; delete it`);
  fs.chmodSync(shared, 0o755);
  if (canReach(shared, user)) return shared;
  throw new ExpectedFailure(
    `${what} does not run as root, and the user "${user?.name}" may enter neither ${engines} nor ${shared}; ` +
      'name a folder that everybody may enter with GROUNDPLAN_ENGINES, or run this as another user',
  );
}
