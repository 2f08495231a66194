import { spawnSync } from 'child_process';
import { ExpectedFailure } from '@groundplan/engines';

/** A Python interpreter that can run the emulator. */
export interface Python {
  readonly executable: string;
  /** Such as 3.11.7. */
  readonly version: string;
  /** Whether it can make a virtual environment by itself; Debian ships that part separately. */
  readonly makesVenvs: boolean;
}

/** What the emulator needs at least. */
const OLDEST_PYTHON = [3, 10] as const;

const CANDIDATES = ['3.14', '3.13', '3.12', '3.11', '3.10'].map((v) => `python${v}`).concat('python3', 'python');
const PROBE =
  'import sys, json, importlib.util as u; print(json.dumps({"executable": sys.executable, "version": list(sys.version_info[:3]), "makesVenvs": bool(u.find_spec("venv") and u.find_spec("ensurepip"))}))';

/**
 * The first interpreter on PATH that is new enough, or the one that GROUNDPLAN_PYTHON names.
 *
 * @param who needs it, for messages
 */
export function findPython(env: NodeJS.ProcessEnv = process.env, who = 'the local AWS'): Python {
  const named = env.GROUNDPLAN_PYTHON;
  const tooOld: string[] = [];
  for (const candidate of named ? [named] : CANDIDATES) {
    const found = probe(candidate, env);
    if (found === undefined) continue;
    const [major, minor] = found.version.split('.').map(Number);
    if (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1])) return found;
    tooOld.push(`${candidate} is ${found.version}`);
  }
  const oldest = OLDEST_PYTHON.join('.');
  const seen =
    tooOld.length > 0
      ? `${tooOld.join(', ')}, which is too old`
      : named
        ? `GROUNDPLAN_PYTHON is "${named}", which does not run`
        : 'none is on PATH';
  throw new ExpectedFailure(
    `${who} needs Python ${oldest} or newer: ${seen}. Install one (Debian and Ubuntu: apt install python3 python3-venv; ` +
      `macOS: brew install python3; else https://www.python.org/downloads), or name one with GROUNDPLAN_PYTHON=/path/to/python3`,
  );
}

function probe(candidate: string, env: NodeJS.ProcessEnv): Python | undefined {
  const { status, stdout } = spawnSync(candidate, ['-c', PROBE], { encoding: 'utf8', env, timeout: 20_000 });
  if (status !== 0) return undefined;
  try {
    const { version, ...rest } = JSON.parse(stdout) as { executable: string; version: number[]; makesVenvs: boolean };
    return { ...rest, version: version.join('.') };
  } catch {
    return undefined;
  }
}
