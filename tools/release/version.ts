import { diff, gt, inc, lt, major } from 'semver';
import { ReleaseFailure } from './failure';
import { History } from './history';

/** What the first release is called: a 0.0.x could not be followed by a compatible one in npm's ranges. */
const FIRST = '0.1.0';

/**
 * The next version of all packages: they carry one, so that a set of them either fits or does not.
 *
 * The preset decides by the commits. Before 1.0.0 what breaks raises the minor version and everything else the patch, as
 * npm's caret and its Python counterpart read them.
 */
export async function nextVersion({ last, commits }: History, wanted?: string): Promise<string> {
  if (wanted !== undefined) {
    if (last === undefined || gt(wanted, last)) return wanted;
    throw new ReleaseFailure(`--version must be greater than the last release, ${last}, got ${wanted}`, 2);
  }
  if (last === undefined) return FIRST;
  const { Bumper } = await import('conventional-recommended-bump');
  const { default: preset } = await import('conventional-changelog-conventionalcommits');
  const { whatBump } = preset({ preMajor: major(last) === 0 });
  const bump = await new Bumper().commits(commits).bump(whatBump);
  if (!('releaseType' in bump)) throw new ReleaseFailure('The commits since the last release ask for no version.', 2);
  return inc(last, bump.releaseType)!;
}

/** Whether the step from one version to the next allows that users have to change something. */
export function saysBreaking(last: string, next: string): boolean {
  const step = diff(last, next)?.replace('pre', ''); // 2.0.0-rc.1 is a step to 2.0.0
  return step === 'major' || (step === 'minor' && lt(last, '1.0.0'));
}

/** The smallest version after the last one that may break its users. */
export function breakingVersion(last: string): string {
  return inc(last, lt(last, '1.0.0') ? 'minor' : 'major')!;
}
