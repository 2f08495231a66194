/**
 * Changes the sources of a package in every way that Stryker knows, one at a time, and looks whether a test turns red:
 *
 *     npm run mutation              # core, vpc and rules
 *     npm run mutation -- core      # one package
 *
 * It works on a copy of the workspace, takes minutes to hours, and is no part of `npm test`. The reports stand in
 * .groundplan/mutation/<package>.html. Exit code 1 when a score is below 85 %.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyWorkspace } from './proof/workspace-copy';

const PACKAGES = ['core', 'vpc', 'rules'];

/** The score that a package has to reach, in percent. */
const WANTED = 85;

/** Deployments and processes of their own: they see what others see, a hundred times slower. */
const TOO_SLOW = ['living-network', 'network-rules', 'examples', 'readme', 'resource-types.test'];

const root = join(__dirname, '..');
const reports = join(root, '.groundplan', 'mutation');

function configure(folder: string): string {
  const jestConfig = JSON.parse(readFileSync(join(folder, 'jest.config.json'), 'utf8'));
  jestConfig.testPathIgnorePatterns.push(...TOO_SLOW);
  writeFileSync(join(folder, 'jest.mutation.json'), JSON.stringify(jestConfig));
  const config = {
    testRunner: 'jest',
    // by its file: pnpm shows Stryker nothing but its own dependencies
    plugins: [join(root, 'node_modules', '@stryker-mutator', 'jest-runner', 'dist', 'src', 'index.js')],
    jest: { configFile: 'jest.mutation.json' },
    coverageAnalysis: 'perTest',
    inPlace: true,
    mutate: ['src/**/*.ts', '!src/**/*.generated.ts'],
    reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
    htmlReporter: { fileName: 'mutation.html' },
    jsonReporter: { fileName: 'mutation.json' },
    clearTextReporter: { allowColor: false, reportTests: false },
    thresholds: { break: WANTED },
    concurrency: 2,
    // a machine that is busy with something else must not count as a mutant that hangs
    timeoutMS: 60000,
    allowEmpty: false,
  };
  const file = join(folder, 'stryker.json');
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}

function mutate(name: string): boolean {
  const copy = copyWorkspace(root);
  try {
    const folder = join(copy.folder, 'packages', name);
    const { status } = spawnSync('stryker', ['run', configure(folder)], {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, CDK_VALIDATION: 'false' },
    });
    mkdirSync(reports, { recursive: true });
    const written = ['html', 'json'].filter((kind) => existsSync(join(folder, `mutation.${kind}`)));
    for (const kind of written) copyFileSync(join(folder, `mutation.${kind}`), join(reports, `${name}.${kind}`));
    return status === 0;
  } finally {
    copy.remove();
  }
}

const chosen = process.argv.slice(2);
const strangers = chosen.filter((name) => !PACKAGES.includes(name));
if (strangers.length > 0) {
  console.error(`npm run mutation takes ${PACKAGES.join(', ')}; got ${strangers.join(', ')}.`);
  process.exit(2);
}
const failed = (chosen.length > 0 ? chosen : PACKAGES).filter((name) => !mutate(name));
if (failed.length > 0) console.error(`Below ${WANTED} %, or not finished: ${failed.join(', ')}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
