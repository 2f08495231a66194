import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '../expected-failure';
import { installPythonPackages, tailOf, withoutOwnPython } from '../python-packages';
import { resource } from '../resources';
import { runCommand } from '../run-command';

/** A jar, and what is in it. */
interface Jar {
  /** Group, artifact and version, with colons. */
  readonly coordinates: string;
  readonly sha256: string;
}

/** What makes a Flyway for PostgreSQL, pinned. */
export interface JarLock {
  readonly version: string;
  readonly jars: Jar[];
}

/** Brings the jars of coordinates into a folder, each under the name that it has everywhere. */
export type BringJars = (folder: string, coordinates: string[]) => Promise<void>;

/** Every jar that `flyway migrate` and the other commands load with PostgreSQL; the official image holds ten times as many. */
export function readJarLock(): JarLock {
  return JSON.parse(fs.readFileSync(resource('flyway-jars.json'), 'utf8')) as JarLock;
}

/** Brings jars into a folder, and fails unless each is, byte for byte, the one that was pinned. */
export async function bringPinned(folder: string, { jars }: JarLock, bring: BringJars): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const coordinates = jars.map((jar) => jar.coordinates);
  await bring(folder, coordinates);
  for (const { coordinates, sha256 } of jars) {
    const file = path.join(folder, fileNameOf(coordinates));
    const found = fs.existsSync(file) ? createHash('sha256').update(fs.readFileSync(file)).digest('hex') : undefined;
    if (found === sha256) continue;
    throw new ExpectedFailure(
      `${coordinates} ${found ? `has the SHA-256 ${found}` : 'was not brought'}, pinned is ${sha256}; nothing of it was kept. ` +
        'Look what answers in place of Maven Central, or name another repository with GROUNDPLAN_MAVEN_REPOSITORY',
      1,
    );
  }
}

/** Brings them with jgo, a client of Maven repositories that is installed for this and leaves with it. */
export function withJgo(env: NodeJS.ProcessEnv): BringJars {
  return async (folder, coordinates) => {
    const venv = path.join(folder, '.jgo');
    const interpreter = await installPythonPackages(venv, resource('jgo.txt'), 'jgo, which brings the jars', env);
    const args = [resource('bring_jars.py'), folder, ...coordinates];
    const { code, output } = await runCommand(interpreter, args, { env: withoutOwnPython(env) });
    fs.rmSync(venv, { recursive: true });
    if (code === 0) return;
    throw new ExpectedFailure(
      `could not bring the jars of Flyway:\n${tailOf(output)}\nNothing half-made is left: mend the cause (is Maven Central ` +
        'reachable?), or name another repository with GROUNDPLAN_MAVEN_REPOSITORY, and run it again',
    );
  };
}

function fileNameOf(coordinates: string): string {
  const [, artifact, version] = coordinates.split(':');
  return `${artifact}-${version}.jar`;
}
