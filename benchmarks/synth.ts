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

/** How much more a synth of a `Network` may cost than of the same resources made by hand. */
const MOST = { cpu: 1.05, modules: 10 };

/** A network of ours against the same made with `ec2.Vpc`, CPU of a whole process and modules that it loads. */
export function benchSynth({ folder }: Installed, rounds: number, say: (line: string) => void): Row[] {
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
  const samples = interleave([contender('network'), contender('by-hand')], rounds, say);
  if (types.get('network') !== types.get('by-hand'))
    throw new Error(
      'The two apps no longer make the same resources: change benchmarks/apps/by-hand.cjs along with the network.',
    );
  const [ours, theirs] = ['network', 'by-hand'].map((name) => samples.get(name));
  const cpu = [medianOf(ours, 'cpuMs'), medianOf(theirs, 'cpuMs')];
  const modules = [medianOf(ours, 'modules'), medianOf(theirs, 'modules')];
  return [
    {
      what: 'synth: CPU, Network against ec2.Vpc by hand',
      ours: `${cpu[0].toFixed(0)} ms`,
      theirs: `${cpu[1].toFixed(0)} ms`,
      result: ratio(cpu[0], cpu[1]),
      wanted: `at most ${MOST.cpu.toFixed(2)} ×`,
      reached: cpu[0] / cpu[1] <= MOST.cpu,
    },
    {
      what: 'synth: modules loaded',
      ours: String(modules[0]),
      theirs: String(modules[1]),
      result: `+${modules[0] - modules[1]}`,
      wanted: `at most +${MOST.modules}`,
      reached: modules[0] - modules[1] <= MOST.modules,
    },
  ];
}
