import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ExpectedFailure, withLock } from '@groundplan/engines';
import { ProcessIdentity, identify, isAlive } from './process-table';

/**
 * A 127.77.N.0/24 block that one instance of this machine has for itself: whatever listens on a port of its own choice
 * (a database, a task) gets an address from it, so that two instances never meet. It is free again when the holder ends.
 */
export interface Lease {
  /** Such as 127.77.3.0/24. */
  readonly cidr: string;
  readonly holder: ProcessIdentity;
  /** The state folder of the instance. */
  readonly state: string;
  /** The process that the instance shall not outlive: a test. */
  readonly owner?: ProcessIdentity;
}

const BLOCKS = 254;

/** All instances of one user meet here, whatever their state folders are. */
function leaseFolder(): string {
  return path.join(os.tmpdir(), `groundplan-local-${os.userInfo().uid}`, 'address-blocks');
}

/** Takes the first free block for this process, which hands it to the emulator with `handLease`. */
export async function leaseBlock(state: string, owner?: ProcessIdentity): Promise<Lease> {
  const folder = leaseFolder();
  return withLock(folder, 'lease an address block', async () => {
    for (let n = 1; n <= BLOCKS; n++) {
      const held = readLease(path.join(folder, `${n}.json`));
      if (held && held.state !== state && isAlive(held.holder)) continue;
      const lease: Lease = { cidr: `127.77.${n}.0/24`, holder: identify(process.pid)!, state, owner };
      writeLease(lease);
      return lease;
    }
    throw new ExpectedFailure(
      `all ${BLOCKS} address blocks 127.77.N.0/24 are taken by running local AWS instances; end one of them (their state folders stand in ${folder})`,
    );
  });
}

/** The block stays taken for as long as the new holder lives. */
export function handLease(lease: Lease, holder: ProcessIdentity): void {
  writeLease({ ...lease, holder });
}

export function releaseBlock(cidr: string, state: string): void {
  const file = fileOf(cidr);
  if (readLease(file)?.state === state) fs.rmSync(file, { force: true });
}

/** The leases of this user on this machine whose holders live. */
export function listLeases(): Lease[] {
  const folder = leaseFolder();
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readLease(path.join(folder, name)))
    .filter((lease) => lease !== undefined)
    .filter((lease) => isAlive(lease.holder));
}

function fileOf(cidr: string): string {
  return path.join(leaseFolder(), `${cidr.split('.')[2]}.json`);
}

function writeLease(lease: Lease): void {
  const file = fileOf(lease.cidr);
  const next = `${file}.${process.pid}`;
  fs.writeFileSync(next, JSON.stringify(lease));
  fs.renameSync(next, file); // a reader sees the old lease or the new one, never half of one
}

function readLease(file: string): Lease | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Lease;
  } catch {
    return undefined;
  }
}
