import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';

/** What Debian calls a machine. */
interface Machine {
  readonly architecture: string;
  /** The folder of its libraries, and in there what loads them. */
  readonly libraries: string;
  readonly loader: string;
}

const MACHINES: Record<string, Machine | undefined> = {
  'linux-x64': {
    architecture: 'amd64',
    libraries: path.join('usr', 'lib', 'x86_64-linux-gnu'),
    loader: 'ld-linux-x86-64.so.2',
  },
  'linux-arm64': {
    architecture: 'arm64',
    libraries: path.join('usr', 'lib', 'aarch64-linux-gnu'),
    loader: 'ld-linux-aarch64.so.1',
  },
};
const PROGRAM = path.join('usr', 'sbin', 'pgbouncer');

/** The release of Debian that packages come from: its PgBouncer is 1.24. */
export const RELEASE = { name: 'Debian 13', suite: 'trixie' };

/**
 * PgBouncer and every library that it loads, down to the one of C: a program of this release does not run with the library of C
 * of an older one.
 */
export const PACKAGES = ['pgbouncer', 'libc6', 'libevent-2.1-7t64', 'libssl3t64', 'libcares2', 'libpam0g'].concat(
  ['libsystemd0', 'libcap2', 'libaudit1', 'libcap-ng0', 'zlib1g', 'libzstd1'], // what those load
);

/** Undefined where Debian has no packages for this machine. */
export function thisMachine(): Machine | undefined {
  return MACHINES[`${process.platform}-${process.arch}`];
}

/** What the folder is called that the packages are installed in. Other packages are another folder. */
export function folderName(): string {
  const key = createHash('sha256').update(PACKAGES.join()).digest('hex');
  return `pgbouncer-${RELEASE.suite}-${process.arch}-${key.slice(0, 8)}`;
}

/** What runs the program of the folder, by the libraries that came with it and none of the machine's. */
export function commandIn(folder: string): string[] {
  const { libraries, loader } = thisMachine()!;
  const libraryPath = path.join(folder, libraries);
  return [path.join(libraryPath, loader), '--library-path', libraryPath, path.join(folder, PROGRAM)];
}

/** Moves the program and the libraries out of where packages were extracted: without documentation, services, modules. */
export function moveNeeded(extracted: string, folder: string): void {
  const { libraries } = thisMachine()!;
  for (const place of [path.dirname(PROGRAM), libraries]) {
    fs.mkdirSync(path.join(folder, place), { recursive: true });
    for (const entry of fs.readdirSync(path.join(extracted, place), { withFileTypes: true }))
      if (!entry.isDirectory())
        fs.renameSync(path.join(extracted, place, entry.name), path.join(folder, place, entry.name));
  }
  // whatever the umask says: another user may have to run it
  for (const name of ['', ...fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const place = path.join(folder, name);
    if (fs.lstatSync(place).isDirectory()) fs.chmodSync(place, 0o755);
  }
}
