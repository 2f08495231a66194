import { spawn } from 'child_process';
import * as net from 'net';

export interface WardenOptions {
  /** What asks the process to end, and then insists. Each has five seconds. */
  readonly signals: ('INT' | 'TERM' | 'QUIT' | 'KILL')[];
  /** A folder that is deleted when the process has ended. */
  readonly throwAway?: string;
}

const PARENT_POLL_MS = 500;

/** Whoever started this process is gone. Nobody stays alive for waiting for it. */
export function orphaned(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, PARENT_POLL_MS);
    timer.unref();
  });
}

/** In the shell that every system has: it waits until the pipe from us closes, ends the process, and tidies up. */
const SCRIPT = `
pid=$1 folder=$2
shift 2
read -r _
for signal; do
  kill -"$signal" "$pid" 2>/dev/null || break
  tries=0
  while [ $tries -lt 50 ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; tries=$((tries + 1)); done
done
[ -z "$folder" ] || rm -rf "$folder"
`;

/**
 * Ends another process when this one ends without having done so, however it ends: a process that is killed cannot do
 * anything itself any more. What does it stands in a session of its own, so that what kills our process group spares it.
 *
 * @returns what sends it away, for when the process has ended
 */
export function endWithUs(pid: number, { signals, throwAway = '' }: WardenOptions): () => void {
  const warden = spawn('sh', ['-c', SCRIPT, 'warden', String(pid), throwAway, ...signals], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  warden.on('error', () => undefined);
  warden.stdin.on('error', () => undefined);
  // It waits for us, we do not wait for it.
  warden.unref();
  (warden.stdin as unknown as net.Socket).unref();
  return () => warden.kill('SIGKILL');
}
