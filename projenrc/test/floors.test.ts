import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

interface Sample {
  readonly filePath: string;
  readonly text: string;
  /** The message that the text earns; none when it is fine. */
  readonly expected?: string;
}

const importing = (filePath: string, name: string, expected?: string): Sample => ({
  filePath,
  text: `import { anything } from '${name}';\nexport const used = anything;\n`,
  expected,
});
const refused = (filePath: string, name: string) => importing(filePath, name, 'Imports run downwards only');
const allowed = (filePath: string, name: string) => importing(filePath, name);
const withArn = (text: string): Sample => ({
  filePath: 'packages/vpc/src/x.ts',
  text: `${text.replace('ARN:', ['arn', 'aws:'].join(':'))}\n`,
  expected: 'aws-cn',
});

const samples: Record<string, Sample> = {
  'core may not import what stands above it': refused('packages/core/src/x.ts', '@groundplan/vpc'),
  'core may not use the test kit': refused('packages/core/test/x.test.ts', '@groundplan/testing'),
  'sources may not import what only tests need': refused('packages/vpc/src/x.ts', '@groundplan/testing'),
  'examples may not import what only tests need': refused('packages/vpc/examples/x.ts', '@groundplan/local'),
  'the test kit imports no sibling': refused('packages/testing/src/x.ts', '@groundplan/core'),
  'the local AWS knows no construct': refused('packages/local/src/x.ts', '@groundplan/core'),
  'the inside of a sibling is its own': refused('packages/vpc/src/x.ts', '@groundplan/core/lib/environment'),
  'sources may import the floor below': allowed('packages/vpc/src/x.ts', '@groundplan/core'),
  'examples may import the floor below': allowed('packages/vpc/examples/x.ts', '@groundplan/core'),
  'examples import their package by its name, as a consumer does': allowed(
    'packages/vpc/examples/x.ts',
    '@groundplan/vpc',
  ),
  'sources may not import their own package by its name': refused('packages/vpc/src/x.ts', '@groundplan/vpc'),
  'tests may import the kit': allowed('packages/vpc/test/x.test.ts', '@groundplan/testing'),
  'apps may import construct packages': allowed('apps/dev/src/x.ts', '@groundplan/vpc'),
  'a sibling is imported by its name': importing('packages/vpc/src/x.ts', '../../core/src', 'by its name'),
  'a sibling is imported by its name from deeper folders too': importing(
    'packages/vpc/src/private/x.ts',
    '../../../../packages/core/src',
    'by its name',
  ),
  'no string names a partition': withArn("export const x = 'ARN::iam::aws:policy/Any';"),
  'no template names a partition': withArn('export const x = (y: string) => `ARN::s3:::${y}`;'),
};

let found: string[][];

beforeAll(() => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'lint-texts.mjs')], {
    cwd: root,
    input: JSON.stringify(Object.values(samples)),
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(`ESLint did not run: ${stderr}`);
  found = JSON.parse(stdout) as string[][];
});

test.each(Object.entries(samples).map(([name, { expected }], index) => ({ name, expected, index })))(
  '$name',
  ({ expected, index }) => {
    expect(found[index]).toEqual(expected ? [expect.stringContaining(expected)] : []);
  },
);

test('.projenrc.ts reads as a table of contents', () => {
  const text = readFileSync(join(root, '.projenrc.ts'), 'utf8');
  const entries = text.match(/new \w+\(repo\b/g)!.length;
  expect(text.split('\n').length / entries).toBeLessThan(8);
});
