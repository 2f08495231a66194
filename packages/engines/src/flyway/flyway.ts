import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { enginesFolder } from '../engines-folder';
import { installOnce } from '../install-once';
import { BringJars, JarLock, bringPinned, readJarLock, withJgo } from './jars';
import { findJava, prepareJava } from './java';

/** A Flyway that can be run. */
export interface Flyway {
  /** Such as 11.20.3. */
  readonly version: string;
  /** What runs it: the arguments of `flyway` come behind. */
  readonly command: string[];
}

export interface PrepareFlywayOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Is told what is done, when it takes a moment: the first time on a machine. */
  readonly say?: (text: string) => void;
  /** How jars are brought. @default with jgo, from Maven Central or GROUNDPLAN_MAVEN_REPOSITORY */
  readonly bring?: BringJars;
  /** What is brought. @default what this package pins */
  readonly lock?: JarLock;
}

/** Flyway as it was prepared before; undefined when it was not. */
export function findFlyway(env: NodeJS.ProcessEnv = process.env): Flyway | undefined {
  const lock = readJarLock();
  const folder = path.join(enginesFolder(env), nameOf(lock));
  const java = fs.existsSync(folder) ? findJava(env) : undefined;
  return java === undefined ? undefined : { version: lock.version, command: commandLine(java, folder, env) };
}

/** Flyway, brought when it is not there: its jars from Maven Central, and a Java when the machine has none. */
export async function prepareFlyway(options: PrepareFlywayOptions = {}): Promise<Flyway> {
  const { env = process.env, say = () => undefined, bring = withJgo(env), lock = readJarLock() } = options;
  const java = await prepareJava(env, say);
  const build = async (unfinished: string) => {
    say(`bringing Flyway ${lock.version}: ${lock.jars.length} jars`);
    await bringPinned(path.join(unfinished, JARS), lock, bring);
  };
  const folder = await installOnce(enginesFolder(env), nameOf(lock), build, say);
  return { version: lock.version, command: commandLine(java, folder, env) };
}

/** Where the jars stand in the official image too: Flyway looks for its configuration and drivers from there. */
const JARS = path.join('lib', 'flyway');

/** It runs for a second: a compiler that thinks for longer than that, and a collector with threads of its own, only cost. */
const SHORT_RUN = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

function commandLine(java: string, folder: string, env: NodeJS.ProcessEnv): string[] {
  const own = (env.JAVA_ARGS ?? '').split(/\s+/).filter(Boolean); // as the official command reads it
  return [java, ...SHORT_RUN, ...own, '-cp', path.join(folder, JARS, '*'), 'org.flywaydb.commandline.Main'];
}

/** Other jars are another folder. */
function nameOf(lock: JarLock): string {
  const key = createHash('sha256').update(JSON.stringify(lock.jars)).digest('hex');
  return `flyway-${lock.version}-${key.slice(0, 12)}`;
}
