import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { enginesFolder } from '../engines-folder';
import { ExpectedFailure } from '../expected-failure';
import { installOnce } from '../install-once';
import { reachable } from '../reachable-folder';
import { canReach, unprivilegedUser } from '../unprivileged-user';
import { extractPackages, findDebian } from './debian';
import { PACKAGES, RELEASE, commandIn, folderName, moveNeeded, thisMachine } from './packages';

/** The first that keeps prepared statements in transaction mode. */
const OLDEST = '1.21.0';

/** Set for what is asked for its version: our own program must not look for one then, it would find itself on PATH. */
export const LOOKED_AT = 'GROUNDPLAN_LOOKS_AT_PGBOUNCER';

/** A PgBouncer that can be run. */
export interface PgBouncer {
  /** Such as 1.24.1. */
  readonly version: string;
  /** What runs it: the arguments of `pgbouncer` come behind. */
  readonly command: string[];
}

export interface FindPgBouncerOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Is told what is done, when it takes a moment: the first time on a machine. */
  readonly say?: (text: string) => void;
  /** What says which system this is. @default /etc/os-release */
  readonly osRelease?: string;
}

/** PgBouncer 1.21 or newer: from PATH when it is new enough there, else as it was brought, or is brought now, from Debian. */
export async function findPgBouncer(options: FindPgBouncerOptions = {}): Promise<PgBouncer> {
  const { env = process.env, say = () => undefined, osRelease = '/etc/os-release' } = options;
  const onPath = pgbouncersOnPath(env);
  const found = onPath.find(({ version }) => isNewEnough(version));
  if (found !== undefined) return found;

  const engines = reachable(enginesFolder(env), 'PgBouncer');
  const brought = path.join(engines, folderName());
  if (!fs.existsSync(brought)) {
    const machine = thisMachine();
    const debian = machine ? findDebian(env, osRelease) : `it has none for ${process.platform}-${process.arch}`;
    if (machine === undefined || typeof debian === 'string') throw nowhere(onPath, debian as string);
    const build = async (unfinished: string) => {
      say(`bringing PgBouncer of ${RELEASE.name}`);
      const aside = path.join(unfinished, 'aside');
      const wanted = { architecture: machine.architecture, suite: RELEASE.suite, packages: PACKAGES };
      moveNeeded(await extractPackages(aside, wanted, debian, env), unfinished);
      fs.rmSync(aside, { recursive: true });
    };
    await installOnce(engines, folderName(), build, say);
  }
  const command = commandIn(brought);
  const version = versionOf(command, env);
  if (version !== undefined) return { version, command };
  throw new ExpectedFailure(
    `PgBouncer of ${RELEASE.name} does not run on this machine ("${command.join(' ')}"); ${INSTALL}`,
  );
}

const INSTALL =
  'install it (Debian 13 and Ubuntu 24.04, or newer: apt install pgbouncer; macOS: brew install pgbouncer) and put the folder of ' +
  'its "pgbouncer" on PATH (Debian and Ubuntu: /usr/sbin)';

function pgbouncersOnPath(env: NodeJS.ProcessEnv): PgBouncer[] {
  const user = unprivilegedUser('PgBouncer');
  return (env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder && fs.existsSync(path.join(folder, 'pgbouncer')) && canReach(folder, user))
    .map((folder) => [path.join(folder, 'pgbouncer')])
    .flatMap((command) => {
      const version = versionOf(command, env);
      return version === undefined ? [] : [{ version, command }];
    });
}

function versionOf([program, ...args]: string[], env: NodeJS.ProcessEnv): string | undefined {
  const { stdout } = spawnSync(program, [...args, '--version'], {
    encoding: 'utf8',
    env: { ...env, [LOOKED_AT]: '1' },
  });
  return /^PgBouncer (\d+(?:\.\d+)+)/m.exec(stdout ?? '')?.[1];
}

function isNewEnough(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function nowhere(onPath: PgBouncer[], whyNotFromDebian: string): ExpectedFailure {
  const old = onPath.map(({ version, command }) => `${version} (${command[0]}), which is too old`);
  return new ExpectedFailure(
    `there is no PgBouncer ${OLDEST} or newer: ${old.length > 0 ? `on PATH is ${old.join(' and ')}` : 'none is on PATH'}, and it ` +
      `cannot be brought from Debian (${whyNotFromDebian}); ${INSTALL}`,
  );
}
