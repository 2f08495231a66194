/**
 * Changes the sources of a package in every way that Stryker knows, one at a time, and looks whether a test turns red:
 *
 *     npm run mutation                                  # core, vpc and rules
 *     npm run mutation -- core                          # one package
 *     npm run mutation -- core src/private/tags.ts      # files of it; the report is called core.part
 *
 * It works on a copy of the workspace, takes minutes, and is no part of `npm test`. The reports stand in
 * .groundplan/mutation/<package>.html. Exit code 1 when a score is below 85 %.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyWorkspace } from './proof/workspace-copy';

const PACKAGES = ['core', 'vpc', 'rules'];

/** The score that a package has to reach, in percent. */
const WANTED = 85;

/**
 * Tests that see what others see, a hundred times slower: deployments, processes of their own, validators, properties over
 * hundreds of networks, AWS's description of its types.
 */
const TOO_SLOW = /living-network|network-rules|examples|readme|growth|rendered-alarms|generated/;

const root = join(__dirname, '..');
const reports = join(root, '.groundplan', 'mutation');

/** All tests in one file: CDK is loaded once a mutant and not once a file, which takes longer than the tests do. */
function gatherTests(folder: string): void {
  const files = readdirSync(join(folder, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !TOO_SLOW.test(file))
    .sort();
  const blocks = files.map((file) => `describe('${file}', () => void require('./${file}'));`);
  writeFileSync(join(folder, 'test', 'all.ts'), blocks.join('\n'));
  const jestConfig = {
    ...JSON.parse(readFileSync(join(folder, 'jest.config.json'), 'utf8')),
    testMatch: ['<rootDir>/test/all.ts'],
    testEnvironment: join(root, 'tools', 'mutation-environment.cjs'),
  };
  writeFileSync(join(folder, 'jest.mutation.json'), JSON.stringify(jestConfig));
}

function configure(folder: string, files: string[]): string {
  gatherTests(folder);
  const config = {
    testRunner: 'jest',
    // by its file: pnpm shows Stryker nothing but its own dependencies
    plugins: [join(root, 'node_modules', '@stryker-mutator', 'jest-runner', 'dist', 'src', 'index.js')],
    jest: { configFile: 'jest.mutation.json', enableFindRelatedTests: false },
    coverageAnalysis: 'perTest',
    inPlace: true,
    mutate: [...(files.length > 0 ? files : ['src/**/*.ts']), '!src/**/*.generated.ts'],
    reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
    htmlReporter: { fileName: 'mutation.html' },
    jsonReporter: { fileName: 'mutation.json' },
    clearTextReporter: { allowColor: false, reportTests: false },
    thresholds: { break: WANTED },
    concurrency: 2,
    // a machine that is busy with something else must not count as a mutant that hangs
    timeoutMS: 20000,
    allowEmpty: false,
  };
  const file = join(folder, 'stryker.json');
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}

function mutate(name: string, files: string[]): boolean {
  const copy = copyWorkspace(root);
  try {
    const folder = join(copy.folder, 'packages', name);
    // thousands of synthesized apps go with the copy
    const temporary = join(copy.folder, '.tmp');
    mkdirSync(temporary);
    const { status } = spawnSync('stryker', ['run', configure(folder, files)], {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, CDK_VALIDATION: 'false', TMPDIR: temporary },
    });
    mkdirSync(reports, { recursive: true });
    const written = ['html', 'json'].filter((kind) => existsSync(join(folder, `mutation.${kind}`)));
    const report = files.length > 0 ? `${name}.part` : name;
    for (const kind of written) copyFileSync(join(folder, `mutation.${kind}`), join(reports, `${report}.${kind}`));
    return status === 0;
  } finally {
    copy.remove();
  }
}

const files = process.argv.slice(2).filter((argument) => argument.startsWith('src/'));
const chosen = process.argv.slice(2).filter((argument) => !files.includes(argument));
const strangers = chosen.filter((name) => !PACKAGES.includes(name));
if (strangers.length > 0 || (files.length > 0 && chosen.length !== 1)) {
  console.error(`npm run mutation takes ${PACKAGES.join(', ')}, or one of them and files below its src.`);
  process.exit(2);
}
const failed = (chosen.length > 0 ? chosen : PACKAGES).filter((name) => !mutate(name, files));
if (failed.length > 0) console.error(`Below ${WANTED} %, or not finished: ${failed.join(', ')}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
