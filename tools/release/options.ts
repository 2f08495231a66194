import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { valid } from 'semver';
import { ReleaseFailure } from './failure';

export interface ReleaseOptions {
  /** A version other than the one that the commits ask for. */
  readonly version?: string;
  /** A folder that holds the npm tarballs of the last release; they are fetched from npm otherwise. */
  readonly previous?: string;
  /** Where the result is put. */
  readonly out: string;
  /** Names in Nx of the packages to release, with what they need; all otherwise. Only for a rehearsal. */
  readonly only?: string[];
  /** Whether it is fine when nothing has changed since the last release. */
  readonly ifNeeded: boolean;
}

const USAGE = `npm run release:dry -- [options]      makes a release and publishes nothing

  --version <version>    instead of the one that the commits since the last tag ask for
  --previous <folder>    the npm tarballs of the last release; fetched from npm when left out
  --out <folder>         where the result is put (.groundplan/release when left out)
  --only <a,b>           these packages and what they need, for a quick rehearsal: examples stay in TypeScript
  --if-needed            end well when nothing was committed since the last release

Exit codes:
  0  done
  1  something failed on the way: it did not compile, a package was not as it should be
  2  it could not begin: a dirty tree, no conventional commit since the last release, wrong options
  3  it would break its users, and its version does not say so`;

/** Reads the command line; undefined when it only asked what there is. */
export function readOptions(args: string[], root: string): ReleaseOptions | undefined {
  const options = {
    version: { type: 'string' },
    previous: { type: 'string' },
    out: { type: 'string', default: `${root}/.groundplan/release` },
    only: { type: 'string' },
    'if-needed': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  let values;
  try {
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new ReleaseFailure(`${(error as Error).message}\n\n${USAGE}`, 2);
  }
  if (values.help) {
    console.log(USAGE);
    return undefined;
  }
  const { version, previous, out, only, 'if-needed': ifNeeded } = values;
  if (version !== undefined && valid(version) !== version)
    throw new ReleaseFailure(`--version must be a semantic version such as 1.2.3, got "${version}"`, 2);
  return { version, previous: previous && resolve(previous), out: resolve(out), only: only?.split(','), ifNeeded };
}
