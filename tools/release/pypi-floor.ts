import { Manifest } from '../pack/manifest';
import { buildPython } from '../pack/python';
import { minVersion, rcompare, valid } from 'semver';
import { attempt } from './command';

export interface FloorCheck {
  readonly mistakes: string[];
  /** What could not be looked up. */
  readonly unchecked: string[];
}

/** What a person without a network gets from pip. */
const OFFLINE =
  /NewConnectionError|ConnectTimeout|ReadTimeout|Max retries|ProxyError|Temporary failure|Network is unreachable/;

/**
 * PyPI gets releases of aws-cdk-lib later than npm. A floor that it does not have yet makes wheels that nobody can
 * install, so every floor of a construct package has to be there.
 */
export async function checkFloors(manifests: Manifest[], own: string[]): Promise<FloorCheck> {
  const floors = new Map<string, string[]>();
  for (const { name, jsii, peerDependencies = {} } of manifests)
    for (const [peer, range] of Object.entries(peerDependencies)) {
      if (!jsii || own.includes(peer)) continue;
      const floor = `${peer}==${minVersion(range)?.version}`;
      floors.set(floor, [...(floors.get(floor) ?? []), name]);
    }
  const mistakes: string[] = [];
  const unchecked: string[] = [];
  for (const [floor, needing] of floors) {
    const [peer, version] = floor.split('==');
    const { found, reason } = await versionsOnPypi(peer);
    if (!found) unchecked.push(`${floor} (${reason})`);
    else if (!found.includes(version))
      mistakes.push(
        `PyPI has no ${peer} ${version}, which ${needing.join(', ')} ask${needing.length === 1 ? 's' : ''} for at least; the ` +
          `newest there is ${[...found].sort(rcompare)[0]}. Lower the floor in projenrc/versions.ts, or wait for PyPI.`,
      );
  }
  return { mistakes, unchecked };
}

async function versionsOnPypi(name: string): Promise<{ readonly found?: string[]; readonly reason?: string }> {
  const args = ['-m', 'pip', 'index', 'versions', name, '--retries', '1', '--timeout', '15'];
  const { stdout, stderr } = await attempt(await buildPython(), args, { cwd: process.cwd() });
  const listed = /^Available versions: (.*)$/m.exec(stdout)?.[1];
  if (listed) return { found: listed.split(', ').filter((version) => valid(version)) };
  if (OFFLINE.test(stderr)) return { reason: 'the package index cannot be reached' };
  return { reason: stderr.trim().split('\n').pop() ?? 'pip said nothing' };
}
