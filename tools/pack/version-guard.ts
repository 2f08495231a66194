import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { ExpectedFailure } from '../../packages/engines/src/expected-failure';
import { Manifest, PUBLISHED_KINDS } from './manifest';

/** The version of everything in the checkout. A release has another one. */
export const UNBUMPED = '0.0.0';

/** Whether a range names the version that is never published: `^0.0.0`, and `<0.0.1` that jsii makes of it for Python. */
const isUnbumped = (range: string) => /(^|[^\d.])0\.0\.0($|[^\d.])|<\s*0\.0\.1($|[^\d.])/.test(range);

/** Stops before anything is packed that nobody could install. */
export function refuseUnbumped({ name, version }: Manifest): void {
  if (version !== UNBUMPED) return;
  throw new ExpectedFailure(
    `${name} has the version ${UNBUMPED}, which is what every package has in the checkout: its tarball could not be ` +
      'installed beside another release. Versions are written into a release tree: run "npm run release:dry", which lays ' +
      'one, packs in it and puts the result into .groundplan/release',
  );
}

/** What the package.json inside a tarball says of versions that are never published. */
export function tarballMistakes(tarball: string): string[] {
  const manifest = readTarball(tarball);
  const ranges = PUBLISHED_KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
  return [
    ...(isUnbumped(manifest.version) ? [`it is version ${manifest.version}`] : []),
    ...ranges.filter(([, range]) => isUnbumped(range)).map(([name, range]) => `it needs ${name} ${range}`),
  ].map((mistake) => `${basename(tarball)}: ${mistake}, and ${UNBUMPED} is never published; ${REMEDY}`);
}

/** The package.json of a tarball of npm. */
export function readTarball(tarball: string): Manifest {
  const text = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' });
  return JSON.parse(text) as Manifest;
}

/** What a wheel says of itself. */
interface WheelMetadata {
  readonly name: string;
  readonly version: string;
  /** Such as `aws-cdk-lib<3.0.0,>=2.275.0`. */
  readonly requires: string[];
}

/** The METADATA of a wheel, as Python itself reads it. */
function readWheel(python: string, wheel: string): WheelMetadata {
  return JSON.parse(execFileSync(python, [join(__dirname, 'wheel_metadata.py'), wheel], { encoding: 'utf8' }));
}

/** What the METADATA of a wheel says of versions that are never published. */
export function wheelMistakes(python: string, wheel: string): string[] {
  const { version, requires } = readWheel(python, wheel);
  return [
    ...(isUnbumped(version) ? [`it is version ${version}`] : []),
    ...requires.filter(isUnbumped).map((requirement) => `it requires ${requirement}`),
  ].map((mistake) => `${basename(wheel)}: ${mistake}, and ${UNBUMPED} is never published; ${REMEDY}`);
}

const REMEDY = 'write the version into every package and into the ranges of its siblings before it is compiled';
