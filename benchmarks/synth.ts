import { join } from 'node:path';
import type { Installed } from './installed';
import { Contender, Sample, execute, interleave, medianOf } from './samples';
import { Row, ratio } from './table';

/** What `apps/measure.cjs` prints. */
interface Measured {
  readonly cpuMs: number;
  readonly modules: number;
  readonly types: string[];
}

/** One of ours, and how much more its synth may cost than that of the same resources made by hand. */
export interface Comparison {
  /** The file in `apps`; beside it stands one that ends in `-by-hand`. */
  readonly app: string;
  readonly against: string;
  readonly most: { readonly cpu: number; readonly modules: number };
}

const NETWORK: Comparison = {
  app: 'network',
  against: 'Network against ec2.Vpc by hand',
  most: { cpu: 1.05, modules: 10 },
};

/** A network of ours against the same made with `ec2.Vpc`. */
export function benchSynth(installed: Installed, rounds: number, say: (line: string) => void): Row[] {
  return compareSynth(installed, NETWORK, rounds, say);
}

/** CPU of a whole process and modules that it loads, of an app of ours and of the same by hand. */
export function compareSynth(
  { folder }: Installed,
  { app, against, most }: Comparison,
  rounds: number,
  say: (line: string) => void,
): Row[] {
  const byHand = `${app}-by-hand`;
  const types = new Map<string, string>();
  const contender = (name: string): Contender => ({
    name,
    run(): Sample {
      const output = execute('node', [join('apps', 'measure.cjs'), name], folder, { CDK_VALIDATION: 'false' });
      const { cpuMs, modules, types: made } = JSON.parse(output) as Measured;
      types.set(name, made.join('\n'));
      return { cpuMs, modules };
    },
  });
  const contenders = [contender(app), contender(byHand)];
  for (const { run } of contenders) run(); // what is measured below is a file system that has seen both
  if (types.get(app) !== types.get(byHand))
    throw new Error(
      `The two apps no longer make the same resources: change benchmarks/apps/${byHand}.cjs along with ${app}.cjs.\n` +
        `${app}:\n${types.get(app)}\n${byHand}:\n${types.get(byHand)}`,
    );
  const samples = interleave(contenders, rounds, say);
  const [ours, theirs] = [app, byHand].map((name) => samples.get(name));
  const cpu = [medianOf(ours, 'cpuMs'), medianOf(theirs, 'cpuMs')];
  const modules = [medianOf(ours, 'modules'), medianOf(theirs, 'modules')];
  return [
    {
      what: `synth: CPU, ${against}`,
      ours: `${cpu[0].toFixed(0)} ms`,
      theirs: `${cpu[1].toFixed(0)} ms`,
      result: ratio(cpu[0], cpu[1]),
      wanted: `at most ${most.cpu.toFixed(2)} ×`,
      reached: cpu[0] / cpu[1] <= most.cpu,
    },
    {
      what: `synth: modules loaded, ${against}`,
      ours: String(modules[0]),
      theirs: String(modules[1]),
      result: `+${modules[0] - modules[1]}`,
      wanted: `at most +${most.modules}`,
      reached: modules[0] - modules[1] <= most.modules,
    },
  ];
}
