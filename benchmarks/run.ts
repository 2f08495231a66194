/**
 * Measures what is committed, side by side and interleaved, and prints ratios of medians:
 *
 *     npm run bench                 # all of it, about ten minutes
 *     npm run bench -- synth size   # only these: synth, service, database, migrate, size, start
 *     npm run bench -- --rounds 31
 *
 * Exit code 1 when a target is missed. It is a yardstick, not a test: seconds depend on the machine.
 */
import { parseArgs } from 'node:util';
import { runSteps } from '../packages/groundplan/src/steps';
import { benchDatabase, benchService } from './by-hand';
import { Installed } from './installed';
import { benchMigrate } from './migrate';
import { benchSize } from './size';
import { benchStart } from './start';
import { benchSynth } from './synth';
import { Row, drawTable } from './table';

const PARTS = ['synth', 'service', 'database', 'migrate', 'size', 'start'];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '15' } },
  });
  const rounds = Number(values.rounds);
  const strangers = positionals.filter((part) => !PARTS.includes(part));
  if (strangers.length > 0) throw new Error(`npm run bench takes ${PARTS.join(', ')}; got ${strangers.join(', ')}.`);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a whole number from 1, got "${values.rounds}".`);
  const chosen = positionals.length > 0 ? positionals : PARTS;
  const rows: Row[] = [];
  let installed: Installed | undefined;
  const needsPackages = chosen.some((part) => part !== 'start' && part !== 'migrate');
  const steps = [
    { part: '', title: 'Release and install the packages', work: async () => void (installed = new Installed()) },
    {
      part: 'synth',
      title: 'Synth',
      work: async (say: (line: string) => void) => void rows.push(...benchSynth(installed!, rounds, say)),
    },
    {
      part: 'service',
      title: 'Service',
      work: async (say: (line: string) => void) => void rows.push(...benchService(installed!, rounds, say)),
    },
    {
      part: 'database',
      title: 'Database',
      work: async (say: (line: string) => void) => void rows.push(...benchDatabase(installed!, rounds, say)),
    },
    {
      part: 'migrate',
      title: 'Migrate',
      work: async (say: (line: string) => void) => void rows.push(...(await benchMigrate(Math.min(rounds, 5), say))),
    },
    { part: 'size', title: 'Size', work: async () => void rows.push(...benchSize(installed!)) },
    {
      part: 'start',
      title: 'Start',
      work: async (say: (line: string) => void) => void rows.push(...(await benchStart(Math.min(rounds, 5), say))),
    },
  ];
  try {
    await runSteps(steps.filter(({ part }) => (part === '' ? needsPackages : chosen.includes(part))));
  } finally {
    installed?.remove();
  }
  console.log(`\n${drawTable(rows)}`);
  const missed = rows.filter(({ reached }) => !reached);
  if (missed.length > 0) console.log(`Missed: ${missed.map(({ what }) => what).join('; ')}.`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `error: ${error.message}` : error);
  process.exitCode = 1;
});
