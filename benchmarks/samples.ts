import { spawnSync } from 'node:child_process';

/** What one run of a contender took; by name, in units of its own. */
export type Sample = Readonly<Record<string, number>>;

/** Something that is measured beside something else. */
export interface Contender {
  readonly name: string;
  run(): Sample;
}

/**
 * Measures contenders in turn, A B A B …, so that a machine that slows down slows both. Each is run once before, unmeasured:
 * the first run reads files that the others find in memory.
 */
export function interleave(
  contenders: readonly Contender[],
  rounds: number,
  say: (line: string) => void,
): Map<string, Sample[]> {
  for (const contender of contenders) contender.run();
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    for (const { name, run } of contenders) samples.get(name)?.push(run());
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of one measure of some samples. */
export function medianOf(samples: readonly Sample[] | undefined, measure: string): number {
  return median((samples ?? []).map((sample) => sample[measure]));
}

/** Runs a command to its end, and fails with what it said when it does. */
export function execute(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 64 << 20 } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  if (status !== 0)
    throw new Error(`"${[command, ...args].join(' ')}" ended with ${status} in ${cwd}:\n${stdout}${stderr}`);
  return stdout;
}

/** How long something takes, in seconds. */
export function seconds(work: () => void): number {
  const begun = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}
