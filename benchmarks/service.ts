import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installed } from './installed';
import { execute } from './samples';
import { Comparison, compareSynth } from './synth';
import { Row, ratio } from './table';

const SERVICE: Comparison = {
  app: 'service',
  against: 'WebService against aws-cdk-lib by hand',
  most: { cpu: 1.05, modules: 30 },
};

/** How much of the lines by hand ours may be. */
const MOST_LINES = 1 / 5;

/** What a custom resource or a function of Lambda is called in a template. */
const CODE = /^(AWS::Lambda::Function|AWS::CloudFormation::CustomResource|Custom::.*)$/;

/** One HTTPS service of production against the same resources by hand: what is written, what it costs, what rules find. */
export function benchService(installed: Installed, rounds: number, say: (line: string) => void): Row[] {
  const [ours, theirs] = ['service', 'service-by-hand'];
  const lines = [ours, theirs].map(linesOf);
  const findings = [ours, theirs].map((app) => findingsOf(installed, app));
  const types = typesOf(installed, ours);
  const code = types.filter((type) => CODE.test(type)).length;
  return [
    ...compareSynth(installed, SERVICE, rounds, say),
    {
      what: 'service: lines that the user writes',
      ours: String(lines[0]),
      theirs: String(lines[1]),
      result: ratio(lines[0], lines[1]),
      wanted: `at most ${MOST_LINES.toFixed(2)} ×`,
      reached: lines[0] / lines[1] <= MOST_LINES,
    },
    {
      what: 'service: resources',
      ours: String(types.length),
      theirs: String(typesOf(installed, theirs).length),
      result: 'the same types',
      wanted: 'no more',
      reached: true, // compareSynth has refused anything else
    },
    {
      what: 'service: findings of five packs, acknowledged or not',
      ours: String(findings[0]),
      theirs: String(findings[1]),
      result: `${findings[0] - findings[1]}`,
      wanted: 'no more',
      reached: findings[0] <= findings[1],
    },
    {
      what: 'service: custom resources and functions',
      ours: String(code),
      theirs: '0',
      result: String(code),
      wanted: 'none',
      reached: code === 0,
    },
  ];
}

/** The lines of an app that are neither blank nor a comment. */
function linesOf(app: string): number {
  const source = readFileSync(join(__dirname, 'apps', `${app}.cjs`), 'utf8');
  return source.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

function findingsOf({ folder }: Installed, app: string): number {
  const output = execute('node', [join('apps', 'findings.cjs'), app], folder, { CDK_VALIDATION: 'false' });
  return (JSON.parse(output) as { findings: number }).findings;
}

function typesOf({ folder }: Installed, app: string): string[] {
  const output = execute('node', [join('apps', 'measure.cjs'), app], folder, { CDK_VALIDATION: 'false' });
  return (JSON.parse(output) as { types: string[] }).types;
}
