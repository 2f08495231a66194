import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from './expected-failure';

/** Whom a server runs as that refuses to run as root. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

let found: SystemUser | undefined;

/**
 * PostgreSQL and PgBouncer refuse to run as root: then somebody else runs them. Anybody but root runs them as who they are.
 *
 * @param what refuses, for messages
 */
export function unprivilegedUser(what: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  found ??= ['postgres', 'nobody'].map(lookUp).find((user) => user !== undefined);
  if (found === undefined)
    throw new ExpectedFailure(
      `${what} does not run as root, and there is no user "postgres" or "nobody" to run it as; add one, or run this as another user`,
    );
  return found;
}

function lookUp(name: string): SystemUser | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  });
  return uid === undefined || gid === undefined ? undefined : { name, uid, gid };
}

/** Whether a user may enter a folder and all above it; we ourselves may. */
export function canReach(folder: string, user: SystemUser | undefined): boolean {
  if (user === undefined) return true;
  const { uid, gid, mode } = fs.statSync(folder);
  const mayEnter = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
  const above = path.dirname(folder);
  return mayEnter !== 0 && (above === folder || canReach(above, user));
}

/** Gives a folder and everything in it to a user. */
export function giveTo(folder: string, user: SystemUser | undefined): void {
  if (user === undefined || fs.lstatSync(folder).uid === user.uid) return;
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    fs.lchownSync(path.join(folder, name), user.uid, user.gid);
  fs.lchownSync(folder, user.uid, user.gid); // the last one: a run that was interrupted is continued by the next
}
