import * as fs from 'fs';
import { ExpectedFailure } from '@groundplan/engines';
import { ProcessIdentity, isAlive, listProcesses } from './process-table';

/** Every process that an instance starts inherits this variable: it finds those whose parent is already gone. */
export const INSTANCE_VARIABLE = 'GROUNDPLAN_LOCAL_INSTANCE';

const GRACE_MS = 5_000;
const LAST_GRACE_MS = 1_000;

/**
 * Ends the emulator and everything that it started.
 *
 * It first gets the chance to end by itself. While a custom resource waits it does not take SIGTERM, and what it started
 * may sit in a process group of its own, so whatever is left is found again and killed.
 */
export async function endFamily(emulator: ProcessIdentity, instance: string): Promise<void> {
  const known = new Map(familyOf(emulator, instance).map((member) => [member.pid, member]));
  signal(emulator, 'SIGTERM');
  await untilGone([emulator], GRACE_MS);
  for (const member of familyOf(emulator, instance)) known.set(member.pid, member);
  const left = () => [...known.values()].filter(isAlive);
  const orphans = left().filter((member) => member.pid !== emulator.pid);
  for (const member of orphans) signal(member, 'SIGTERM');
  await untilGone(orphans, LAST_GRACE_MS);
  for (const member of left()) signal(member, 'SIGKILL');
  await untilGone(left(), GRACE_MS);
  const immortal = left().map((member) => member.pid);
  if (immortal.length > 0)
    throw new ExpectedFailure(
      `these processes of the local AWS did not end, not even when killed: ${immortal.join(', ')}; end them by hand`,
      1,
    );
}

/** The emulator, its process group, its descendants, and orphans that carry its variable. */
export function familyOf(emulator: ProcessIdentity, instance: string): ProcessIdentity[] {
  const all = listProcesses();
  // A later process may have taken the id of a dead emulator: then only the variable tells who belongs to the instance.
  const alive = isAlive(emulator);
  const members = new Set(
    all
      .filter(({ pid, group }) => (alive && group === emulator.pid) || carriesVariable(pid, instance))
      .map(({ pid }) => pid),
  );
  if (alive) members.add(emulator.pid);
  for (let before = -1; members.size > before;) {
    before = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  members.delete(process.pid);
  return all.filter(({ pid }) => members.has(pid));
}

function carriesVariable(pid: number, instance: string): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${INSTANCE_VARIABLE}=${instance}`);
  } catch {
    return false; // not Linux, not ours, or gone
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isAlive(identity)) process.kill(identity.pid, name);
  } catch {
    // it ended in between
  }
}

async function untilGone(processes: ProcessIdentity[], milliseconds: number): Promise<void> {
  for (const end = Date.now() + milliseconds; processes.some(isAlive) && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 25));
}
