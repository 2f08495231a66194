import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../packages/local/src/port';
import { execute, median, seconds } from './samples';
import { Row, ratio } from './table';

const ROOT = join(__dirname, '..');

/** `npm start` on a fresh clone of what is committed, then again; and a run of Nx that has nothing to do. */
export async function benchStart(rounds: number, say: (line: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-clone-'));
  const env = { GROUNDPLAN_LOCAL_PORT: String(await freePort()) };
  const start = () => seconds(() => execute('npm', ['--silent', 'start'], folder, env));
  try {
    execute('git', ['clone', '--quiet', ROOT, folder], ROOT);
    say('cold');
    const cold = start();
    const warm: number[] = [];
    const idle: number[] = [];
    const nx = join(folder, 'node_modules', '.bin', 'nx');
    const nothing = () => seconds(() => execute(nx, ['run-many', '-t', 'synth'], folder));
    nothing(); // fills the cache
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}`);
      warm.push(start());
      idle.push(nothing());
    }
    return [
      row('npm start: cold against warm', cold, median(warm)),
      row('nx run-many with nothing to do, against a warm npm start', median(idle), median(warm)),
    ];
  } finally {
    execute('npm', ['--silent', 'run', 'groundplan', '--', 'local', 'down'], folder, env);
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(what: string, ours: number, theirs: number): Row {
  return {
    what,
    ours: `${ours.toFixed(1)} s`,
    theirs: `${theirs.toFixed(1)} s`,
    result: ratio(ours, theirs),
    wanted: '',
    reached: true,
  };
}
