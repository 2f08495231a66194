import { join } from 'node:path';
import { checkEnvironment } from '../check/python';
import { appChecks, forgetChecks } from './app-checks';
import { runCommand } from './command';
import { drift } from './drift';
import { jestOutcome } from './jest-report';
import { junitOutcome } from './junit-report';
import { buildPython } from '../pack/python';
import { forgetReports, memberOutcomes } from './members';
import { Outcome, check, withFailure } from './outcome';
import { pythonAtTheFloor, pythonForTests, runPython } from './python-suite';
import { REHEARSED_VARIABLE, rehearsedRelease } from './rehearsed-release';

/** Something that is proved: one gate, or suites of tests. */
export interface Step {
  readonly title: string;
  /** @param say is told what is going on */
  run(say: (line: string) => void): Promise<Outcome[]>;
}

/** Steps that need nothing of each other; they begin in their order. */
export interface Phase {
  readonly steps: readonly Step[];
  /** How many of them run at a time. */
  readonly atOnce: number;
}

/** What is proved, in order, on two cores. */
export function phases(root: string): Phase[] {
  const logs = join(root, '.groundplan', 'proof');
  const gate = (title: string, command: string, ...args: string[]): Step => ({
    title,
    run: async () => {
      const { code, output } = await runCommand(command, args, { cwd: root, log: join(logs, `${title}.log`) });
      return [check(title, code === 0, output)];
    },
  });
  const pythonGate = (title: string, tool: string, ...args: string[]): Step => ({
    title,
    run: async () => {
      const { code, output } = await runPython(root, tool, args);
      return [check(title, code === 0, output)];
    },
  });

  // What a run of all tasks came to: the tests of the workspace begin where it ended.
  const fullRun: FullRun = { failed: false };

  return [
    {
      atOnce: 3, // the first two wait for downloads
      steps: [
        {
          title: 'python environments',
          run: async () => {
            const made = [await pythonForTests(root), await buildPython()];
            return [check('python environments', made.every(Boolean))];
          },
        },
        {
          title: 'check environment',
          run: async () => [check('check environment', Boolean(await checkEnvironment()))],
        },
        generatedFiles(root),
        compile(root, logs, fullRun),
        gate('lint', 'npm', 'run', '--silent', 'lint'),
        gate('types', 'npm', 'run', '--silent', 'check'),
        gate('unused code', 'knip'),
      ],
    },
    {
      // Nx runs two tasks at a time by itself; what deploys to a local AWS waits for half of its time.
      atOnce: 2,
      steps: [
        packagesAndApps(root, logs, fullRun),
        pythonTests(root, logs),
        pythonGate('python lint', 'ruff', 'check', '.'),
        pythonGate('python format', 'ruff', 'format', '--check', '.'),
        pythonGate('python types', 'mypy'),
        {
          title: 'python of a consumer',
          run: async () => [check('python of a consumer', Boolean(await pythonAtTheFloor(root)))],
        },
        release(fullRun),
      ],
    },
    { atOnce: 1, steps: [workspaceTests(root, logs, fullRun)] },
  ];
}

interface FullRun {
  failed: boolean;
  /** Whether there is no release that could be installed. */
  releaseFailed?: boolean;
}

function generatedFiles(root: string): Step {
  return {
    title: 'generated files',
    run: async () => {
      const found = await drift(root);
      const output = found.map(({ file, what }) => `${file}: ${what}`).join('\n');
      return [
        check('generated files', found.length === 0, `${output}\nRun "npm run default" and commit what it writes.`),
      ];
    },
  };
}

function compile(root: string, logs: string, fullRun: FullRun): Step {
  return {
    title: 'compile',
    run: async (say) => {
      const { code, output } = await nx(root, logs, ['compile'], say);
      fullRun.failed ||= code !== 0;
      return [check('compile', code === 0, output)];
    },
  };
}

/** The tests of every member, and every validator over every app. */
function packagesAndApps(root: string, logs: string, fullRun: FullRun): Step {
  return {
    title: 'packages and apps',
    run: async (say) => {
      forgetReports(root);
      forgetChecks(root);
      const { code, output } = await nx(root, logs, ['test', 'check'], say);
      fullRun.failed ||= code !== 0;
      const outcomes = [...memberOutcomes(root), ...appChecks(root)];
      if (code === 0 || outcomes.some(({ failed }) => failed > 0)) return outcomes;
      return [...outcomes, check('nx run-many -t test check', false, output)];
    },
  };
}

/** Makes the release that the tests of the workspace install: everything but publishing it. */
function release(fullRun: FullRun): Step {
  return {
    title: 'release',
    run: async () => {
      fullRun.releaseFailed = true;
      await rehearsedRelease({ NX_PARALLEL: '1' }); // tests run beside it
      fullRun.releaseFailed = false;
      return [check('release', true)];
    },
  };
}

function workspaceTests(root: string, logs: string, fullRun: FullRun): Step {
  return {
    title: 'workspace',
    run: async () => {
      const report = join(logs, 'jest.json');
      const { code, output } = await runCommand(
        'jest',
        // Two at a time: nothing else runs beside them, and they wait for what they start.
        ['--config', 'jest.config.json', '--ci', '--maxWorkers=2', '--json', `--outputFile=${report}`],
        {
          cwd: root,
          log: join(logs, 'workspace.log'),
          env: {
            GROUNDPLAN_FULL_RUN: fullRun.failed ? 'failed' : 'passed',
            ...(fullRun.releaseFailed && { [REHEARSED_VARIABLE]: 'failed' }),
            AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
          },
        },
      );
      return [endedWith(code, output, jestOutcome('workspace', report))];
    },
  };
}

function pythonTests(root: string, logs: string): Step {
  return {
    title: 'provider pack',
    run: async () => {
      const report = join(logs, 'pytest.xml');
      const { code, output } = await runPython(root, 'pytest', ['tests', `--junitxml=${report}`]);
      return [endedWith(code, output, junitOutcome('provider pack', report))];
    },
  };
}

/** A runner that failed although its report shows no failure is a failure. */
function endedWith(code: number, output: string, outcome: Outcome): Outcome {
  return code === 0 || outcome.failed > 0 ? outcome : withFailure(outcome, outcome.name, output);
}

/** Runs targets of every member, and says which task is done. */
function nx(root: string, logs: string, targets: string[], say: (line: string) => void) {
  return runCommand('nx', ['run-many', '-t', ...targets, '--outputStyle=static'], {
    cwd: root,
    log: join(logs, `nx-${targets[0]}.log`),
    onLine: (line) => {
      const task = /nx run (\S+)(.*)$/.exec(line);
      if (task) say(`${task[1]}${task[2].replace(/\s+/g, ' ')}`);
    },
  });
}
