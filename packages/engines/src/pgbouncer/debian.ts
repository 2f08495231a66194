import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '../expected-failure';
import { tailOf } from '../python-packages';
import { CommandResult, runCommand } from '../run-command';

/** What packages of another release of Debian are verified with: a Debian trusts the keys of the next release, too. */
const KEYRINGS = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);
/** Names of suites that move from release to release, as sources may call what they are of. */
const MOVING = ['oldoldstable', 'oldstable', 'stable', 'testing', 'unstable', 'sid'];

/** A Debian that packages of another release can be brought to. */
export interface Debian {
  readonly keyring: string;
  /** Such as bookworm; absent on what has not been released yet. */
  readonly codename: string | undefined;
}

/** This system as a Debian with apt, or in a few words why it is none. */
export function findDebian(env: NodeJS.ProcessEnv, osRelease: string): Debian | string {
  const about = readOsRelease(osRelease);
  if (about.ID !== 'debian') return `this is ${about.PRETTY_NAME ?? process.platform} and not Debian`;
  const missing = ['apt-get', 'apt-config', 'dpkg-deb'].find((program) => spawnSync(program, { env }).error);
  if (missing !== undefined) return `there is no ${missing} on PATH`;
  const keyring = KEYRINGS.find((file) => fs.existsSync(file));
  return keyring === undefined
    ? `there is no ${KEYRINGS[0]}, which the package debian-archive-keyring brings`
    : { keyring, codename: about.VERSION_CODENAME };
}

function readOsRelease(file: string): Record<string, string | undefined> {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  return Object.fromEntries([...text.matchAll(/^(\w+)="?(.*?)"?$/gm)].map(([, name, value]) => [name, value]));
}

/**
 * Brings packages of a release of Debian, and extracts them into a folder.
 *
 * By apt, which verifies them, from the mirror that the machine has chosen, through the proxy that it goes through; and with a
 * state and a configuration of its own: nothing of the machine's is changed, and nothing of it is run afterwards.
 *
 * @param aside an empty folder for what is brought
 */
export async function extractPackages(
  aside: string,
  { architecture, suite, packages }: { architecture: string; suite: string; packages: string[] },
  { keyring, codename }: Debian,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const [extracted, archives] = ['extracted', 'archives'].map((name) => path.join(aside, name));
  for (const folder of [extracted, archives]) fs.mkdirSync(folder, { recursive: true });
  const failures: string[] = [];
  for (const mirror of mirrors(env, codename)) {
    const apt = { ...env, LC_ALL: 'C', APT_CONFIG: configure(aside, architecture, env) };
    fs.writeFileSync(path.join(aside, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
    const updated = await runCommand('apt-get', ['-q', 'update'], { env: apt });
    const brought = await runCommand('apt-get', ['-q', 'download', ...packages], { env: apt, cwd: archives });
    const failed =
      brought.code === 0 ? await extract(archives, extracted, env) : updated.code === 0 ? brought : updated;
    if (failed === undefined) return extracted;
    failures.push(`from ${mirror}:\n${tailOf(failed.output)}`);
  }
  throw new ExpectedFailure(
    `could not bring ${packages[0]} ${failures.join('\n') || '(no mirror of Debian among the sources of apt)'}\nNothing half-made is ` +
      "left: mend the cause (is the mirror reachable, does the machine's keyring know this release?) and run it again",
    1,
  );
}

async function extract(archives: string, into: string, env: NodeJS.ProcessEnv): Promise<CommandResult | undefined> {
  for (const archive of fs.readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const done = await runCommand('dpkg-deb', ['-x', path.join(archives, archive), into], { env });
    if (done.code !== 0) return done;
  }
  return undefined;
}

/** Where this machine gets Debian itself from: not its security updates, and nobody else's packages. */
function mirrors(env: NodeJS.ProcessEnv, codename: string | undefined): string[] {
  const isRelease = (release: string) => !release.includes('-');
  const known = targets(env).filter(
    ({ release, origin, label }) => origin === 'Debian' && label === 'Debian' && isRelease(release),
  );
  // Where apt was never updated, as in a new container, it knows no more than its sources say.
  const named = () =>
    targets(env, '--no-release-info').filter(({ release }) => [...MOVING, codename].includes(release));
  return [...new Set((known.length > 0 ? known : named()).map(({ uri }) => uri))];
}

function targets(env: NodeJS.ProcessEnv, ...options: string[]) {
  const format = ['REPO_URI', 'RELEASE', 'ORIGIN', 'LABEL', 'COMPONENT'].map((field) => `$(${field})`).join('|');
  const args = ['indextargets', ...options, '--format', format, 'Identifier: Packages'];
  const { stdout } = spawnSync('apt-get', args, { encoding: 'utf8', env });
  return (stdout ?? '')
    .split('\n')
    .map((line) => line.split('|'))
    .map(([uri, release, origin, label, component]) => ({ uri, release, origin, label, component }))
    .filter(({ component }) => component === 'main');
}

/** A configuration that has only what the machine's says about how to reach a mirror: no pins, no commands to run. */
function configure(aside: string, architecture: string, env: NodeJS.ProcessEnv): string {
  const { stdout } = spawnSync('apt-config', ['dump'], { encoding: 'utf8', env });
  const reaching = (stdout ?? '').split('\n').filter((line) => /^Acquire::(?!IndexTargets|Languages)/.test(line));
  const file = (name: string) => path.join(aside, name);
  const none = ['main', 'parts', 'preferences', 'preferencesparts', 'sourceparts'].map((name) => `Dir::Etc::${name}`);
  const own = {
    ...Object.fromEntries(none.map((name) => [name, '/dev/null'])),
    'Dir::Etc::sourcelist': file('sources.list'),
    'Dir::State': file('state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': file('cache'),
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root', // the one that root steps down to may not enter the folder
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
  };
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    fs.mkdirSync(file(folder), { recursive: true });
  const assigned = Object.entries(own).map(([name, value]) => `${name} "${value}";`);
  fs.writeFileSync(file('apt.conf'), [...reaching, ...assigned, ''].join('\n'));
  return file('apt.conf');
}
