import { spawnSync } from 'child_process';
import * as fs from 'fs';

/** A process that is told apart from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in a form that only compares. */
  readonly born: string;
}

/** A live process and where it belongs. */
export interface ProcessEntry extends ProcessIdentity {
  readonly parent: number;
  readonly group: number;
}

/** One live process; undefined when it ended, also when nobody has collected its exit code yet. */
export function identify(pid: number): ProcessEntry | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs('-p', String(pid))[0];
}

/** Whether the process that was identified still runs. */
export function isAlive(identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && identify(identity.pid)?.born === identity.born;
}

/** Every live process of this machine that may be seen. */
export function listProcesses(): ProcessEntry[] {
  if (process.platform !== 'linux') return fromPs('-A');
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => fromProc(Number(pid))).filter((entry) => entry !== undefined);
}

/** A process and all above it. */
export function lineageOf(pid: number): number[] {
  const parent = identify(pid)?.parent ?? 0;
  return parent > 0 ? [pid, ...lineageOf(parent)] : [pid];
}

/** What was typed to start a process, as far as it may be seen. */
export function commandLine(pid: number): string | undefined {
  try {
    return process.platform === 'linux'
      ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() || undefined
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

function fromProc(pid: number): ProcessEntry | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold anything; those behind it are state, ppid, pgrp, …
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if ('ZX'.includes(fields[0])) return undefined;
    return { pid, parent: Number(fields[1]), group: Number(fields[2]), born: fields[19] };
  } catch {
    return undefined;
  }
}

function fromPs(...selection: string[]): ProcessEntry[] {
  const { stdout } = spawnSync('ps', [...selection, '-o', 'pid=,ppid=,pgid=,stat=,lstart='], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 4 && !fields[3].startsWith('Z'))
    .map(([pid, parent, group, , ...born]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      born: born.join(' '),
    }));
}
