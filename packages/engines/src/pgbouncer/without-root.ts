import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { StandIn } from '../stand-in';
import { giveTo, unprivilegedUser } from '../unprivileged-user';

/**
 * How PgBouncer is started with arguments. It refuses to run as root, so where we are root somebody else runs it.
 *
 * That user keeps one right of root's, to read and write every file: a configuration in a temporary folder of root's, which
 * names a certificate in another one, serves as it would serve root. Nothing has to be given away.
 */
export function withoutRoot(command: string[], args: string[]): Pick<StandIn, 'command' | 'uid' | 'gid'> {
  const started = [...command, ...args];
  const asksForUser = args.some((arg) => /^(-u|--user(=|$))/.test(arg)); // it changes to that one by itself
  const user = asksForUser ? undefined : unprivilegedUser('PgBouncer');
  if (user === undefined) return { command: started };
  const { uid, gid } = user;
  const kept = ['--inh-caps', '--ambient-caps', '--bounding-set'].map((set) => `${set}=-all,+dac_override`);
  const setpriv = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...kept];
  if (spawnSync(setpriv[0], [...setpriv.slice(1), 'true']).status === 0) return { command: [...setpriv, ...started] };
  const configuration = [...args].reverse().find((arg) => fs.statSync(arg, { throwIfNoEntry: false })?.isFile());
  const folder = configuration && path.dirname(path.resolve(configuration));
  if (folder && isClosed(folder)) giveTo(folder, user);
  return { command: started, uid, gid };
}

/** A folder that root alone may enter, and that is no home: what others enter they can read, and is not ours to give. */
function isClosed(folder: string): boolean {
  const { uid, mode } = fs.statSync(folder);
  const above = path.dirname(folder);
  return uid === 0 && (mode & 0o077) === 0 && above !== path.dirname(above);
}
