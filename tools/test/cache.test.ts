import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgetReports, memberOutcomes, members } from '../proof/members';
import { copyWorkspace } from '../proof/workspace-copy';
import { dependentsOf, runMany } from './nx';

const root = join(__dirname, '../..');
const all = members(root);
const graph = Object.fromEntries(
  all.map(({ name, siblings }) => [
    name,
    all.filter(({ packageName }) => siblings.includes(packageName)).map((sibling) => sibling.name),
  ]),
);
const TARGETS = ['compile', 'reference', 'docs', 'test', 'synth', 'check'];

/** The tasks that these targets are, over some projects. */
function tasksOf(projects: string[], targets = TARGETS): string[] {
  return all
    .filter(({ name }) => projects.includes(name))
    .flatMap((member) => targets.filter((target) => member.targets.includes(target)).map((t) => `${member.name}:${t}`))
    .sort();
}

describe('in a copy, whose tasks do nothing but have the inputs of the real ones', () => {
  let copy: ReturnType<typeof copyWorkspace>;
  const everything = tasksOf(all.map(({ name }) => name));

  beforeAll(() => {
    copy = copyWorkspace(root);
    edit('nx.json', ({ targetDefaults }) => {
      for (const target of Object.values<Task>(targetDefaults)) target.options.command = 'true';
    });
    for (const { folder } of all)
      edit(`${folder}/package.json`, ({ nx }) => {
        for (const target of Object.values<Task>(nx.targets)) if (target.options) target.options.command = 'true';
      });
    runMany(copy.folder, ...TARGETS);
  }, 60_000);
  afterAll(() => copy.remove());

  interface Task {
    options: { command: string };
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a JSON file, edited where its shape is known
  function edit(file: string, change: (json: any) => void): void {
    const path = join(copy.folder, file);
    const json = JSON.parse(readFileSync(path, 'utf8'));
    change(json);
    chmodSync(path, 0o644);
    writeFileSync(path, JSON.stringify(json));
  }

  test('a second run is served from the cache', () => {
    expect(runMany(copy.folder, ...TARGETS)).toEqual({ ran: [], cached: everything });
  });

  test.each(
    [
      'packages/core/src/index.ts',
      'packages/vpc/src/index.ts',
      'packages/testing/src/index.ts',
      'packages/local/src/index.ts',
    ]
      .concat('packages/local/python/groundplan_local/__init__.py')
      .map((file) => ({ file, name: file.split('/')[1] })),
  )(
    'a change of $file is stale nowhere: it runs again wherever it is used, and nowhere else, until it is undone',
    ({ file, name }) => {
      const path = join(copy.folder, file);
      const before = readFileSync(path);
      const touched = tasksOf(dependentsOf(graph, name));

      appendFileSync(path, '\n');
      expect(runMany(copy.folder, ...TARGETS)).toEqual({
        ran: touched,
        cached: everything.filter((task) => !touched.includes(task)),
      });
      writeFileSync(path, before);
      expect(runMany(copy.folder, ...TARGETS)).toEqual({ ran: [], cached: everything });
    },
    60_000,
  );

  test('a change of the tests of a package runs them, and nothing of what depends on it', () => {
    writeFileSync(join(copy.folder, 'packages/core/test/another.test.ts'), '');
    expect(runMany(copy.folder, ...TARGETS).ran).toEqual(['core:test']);
  }, 60_000);

  test('a change of how apps are checked checks them again, and nothing else', () => {
    appendFileSync(join(copy.folder, 'tools/check/requirements.txt'), '\n');
    expect(runMany(copy.folder, ...TARGETS).ran).toEqual(['dev:check', 'production:check', 'staging:check']);
  }, 60_000);
});

describe('in the workspace itself', () => {
  // the tests of the site need it built, so its documentation is part of the full run
  const targets = ['compile', 'reference', 'docs', 'test'];

  test('after a full run another one is served from the cache', () => {
    // `npm test` says what became of the full run that it made just before. A failure is not cached: asking again would
    // only repeat it, slowly.
    const fullRun = process.env.GROUNDPLAN_FULL_RUN;
    if (fullRun === 'failed') throw new Error('The full run before this one failed: there is nothing to be served.');
    if (fullRun === undefined) runMany(root, ...targets);
    const before = memberOutcomes(root);
    forgetReports(root);

    const names = all.map(({ name }) => name);
    expect(runMany(root, ...targets)).toEqual({ ran: [], cached: tasksOf(names, targets) });
    // what `npm test` adds up comes back as well
    expect(memberOutcomes(root)).toEqual(before);
  }, 1_200_000);
});
