import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as net from 'net';
import { commandLine } from './process-table';

/** A port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = await listen(0);
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether the port on 127.0.0.1 can be listened on. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

/** Who listens on a port, as well as it can be told: a process of somebody else stays unknown. */
export function listenerOf(port: number): { pid: number; command: string } | undefined {
  const pid = process.platform === 'linux' ? fromProc(port) : fromLsof(port);
  return pid === undefined ? undefined : { pid, command: commandLine(pid) ?? 'unknown command' };
}

function listen(port: number): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

const LISTENING = '0A';

function fromProc(port: number): number | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readLines(file))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === LISTENING)
    .map((fields) => `socket:[${fields[9]}]`);
  if (inodes.length === 0) return undefined;
  const pid = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => openFiles(name).some((file) => inodes.includes(file)));
  return pid === undefined ? undefined : Number(pid);
}

function openFiles(pid: string): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
  } catch {
    return [];
  }
}

function readLines(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}

function fromLsof(port: number): number | undefined {
  const { stdout } = spawnSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' });
  return Number(stdout?.trim().split('\n')[0]) || undefined;
}
