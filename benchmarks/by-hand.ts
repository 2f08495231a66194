import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installed } from './installed';
import { execute } from './samples';
import { Comparison, compareSynth } from './synth';
import { Row, ratio } from './table';

/** How many pieces of code that AWS runs for a template are in it. */
type Code = readonly [customResources: number, functions: number, applications: number];

/** What a product engineer writes with us, against the same resources made by hand. */
interface ByHand extends Comparison {
  /** How much of the lines by hand ours may be. */
  readonly mostLines: number;
  readonly mostCode: Code;
  /** Files in `apps` that whoever makes it by hand writes too. */
  readonly alsoWritten?: readonly string[];
  /** Another app of ours that makes less, and what it is called in the table. */
  readonly lesser?: { readonly app: string; readonly what: string; readonly mostCode: Code };
}

/** One HTTPS service of production. */
const SERVICE: ByHand = {
  app: 'service',
  against: 'WebService against aws-cdk-lib by hand',
  most: { cpu: 1.05, modules: 30 },
  mostLines: 1 / 5,
  mostCode: [0, 0, 0],
};

/** One Aurora cluster of production with a user, a proxy, rotation and migrations. */
const DATABASE: ByHand = {
  app: 'database',
  against: 'AuroraCluster against aws-cdk-lib by hand',
  most: { cpu: 1.05, modules: 30 },
  mostLines: 1 / 5,
  mostCode: [1, 1, 0],
  // Not the program that makes roles and users: by hand it is the one of the package.
  alsoWritten: ['await-run/index.js', 'flyway/Dockerfile'],
  lesser: { app: 'database-plain', what: 'database without migrate', mostCode: [0, 0, 0] },
};

/** What a custom resource, a function and an application of the Serverless Application Repository are called in a template. */
const CODE = [
  /^(AWS::CloudFormation::CustomResource|Custom::.*)$/,
  /^AWS::Lambda::Function$/,
  /^AWS::Serverless::Application$/,
];

export function benchService(installed: Installed, rounds: number, say: (line: string) => void): Row[] {
  return benchByHand(installed, SERVICE, rounds, say);
}

export function benchDatabase(installed: Installed, rounds: number, say: (line: string) => void): Row[] {
  return benchByHand(installed, DATABASE, rounds, say);
}

/** What is written, what it costs, what stands in the template and what rules find in it. */
function benchByHand(installed: Installed, compared: ByHand, rounds: number, say: (line: string) => void): Row[] {
  const { app, alsoWritten = [], lesser, mostLines } = compared;
  const byHand = `${app}-by-hand`;
  const lines = [linesOf([`${app}.cjs`]), linesOf([`${byHand}.cjs`, ...alsoWritten])];
  const findings = [app, byHand].map((name) => findingsOf(installed, name));
  const types = [app, byHand].map((name) => typesOf(installed, name));
  return [
    ...compareSynth(installed, compared, rounds, say),
    {
      what: `${app}: lines that the user writes`,
      ours: String(lines[0]),
      theirs: String(lines[1]),
      result: ratio(lines[0], lines[1]),
      wanted: `at most ${mostLines.toFixed(2)} ×`,
      reached: lines[0] / lines[1] <= mostLines,
    },
    {
      what: `${app}: resources`,
      ours: String(types[0].length),
      theirs: String(types[1].length),
      result: 'the same types',
      wanted: 'no more',
      reached: true, // compareSynth has refused anything else
    },
    {
      what: `${app}: findings of five packs, acknowledged or not`,
      ours: String(findings[0]),
      theirs: String(findings[1]),
      result: `${findings[0] - findings[1]}`,
      wanted: 'no more',
      reached: findings[0] <= findings[1],
    },
    codeRow(app, types[0], compared.mostCode, types[1]),
    ...(lesser ? [codeRow(lesser.what, typesOf(installed, lesser.app), lesser.mostCode)] : []),
  ];
}

function codeRow(what: string, ours: readonly string[], most: Code, theirs?: readonly string[]): Row {
  const code = codeIn(ours);
  return {
    what: `${what}: custom resources / functions / SAR applications`,
    ours: code.join(' / '),
    theirs: theirs ? codeIn(theirs).join(' / ') : '',
    result: '',
    wanted: `at most ${most.join(' / ')}`,
    reached: code.every((count, index) => count <= most[index]),
  };
}

function codeIn(types: readonly string[]): number[] {
  return CODE.map((code) => types.filter((type) => code.test(type)).length);
}

/** The lines of files in `apps` that are neither blank nor a comment. */
function linesOf(files: readonly string[]): number {
  const lines = files.flatMap((file) => readFileSync(join(__dirname, 'apps', file), 'utf8').split('\n'));
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !/^(\/\/|\/\*\*)/.test(line)).length;
}

function findingsOf({ folder }: Installed, app: string): number {
  const output = execute('node', [join('apps', 'findings.cjs'), app], folder, { CDK_VALIDATION: 'false' });
  return (JSON.parse(output) as { findings: number }).findings;
}

function typesOf({ folder }: Installed, app: string): string[] {
  const output = execute('node', [join('apps', 'measure.cjs'), app], folder, { CDK_VALIDATION: 'false' });
  return (JSON.parse(output) as { types: string[] }).types;
}
