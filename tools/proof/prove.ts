import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Listr } from 'listr2';
import { Display, inPlainLines, onTerminal } from './display';
import { Outcome, check, closingLine, total } from './outcome';
import { Phase, Step } from './steps';

/** Runs every step to its end, whatever fails on the way, and returns everything that was proved or not. */
export async function prove(
  root: string,
  phases: readonly Phase[],
  plain = !process.stdout.columns,
): Promise<Outcome[]> {
  // A report that an earlier run left must not be counted.
  rmSync(join(root, '.groundplan', 'proof'), { recursive: true, force: true });
  const outcomes: Outcome[] = [];
  for (const { steps, atOnce } of phases) {
    const tasks = steps.map((step) => ({
      title: step.title,
      task: async (_: unknown, task: Parameters<typeof onTerminal>[1]) => {
        const found = await run(step, plain ? inPlainLines(step.title) : onTerminal(step.title, task));
        outcomes.push(...found);
        // Listr marks a step as failed when it throws. What failed is printed at the end.
        if (total(found).failed > 0) throw new Error(closingLine(total(found)));
      },
    }));
    await new Listr(tasks, {
      concurrent: atOnce,
      exitOnError: false,
      renderer: plain ? 'silent' : 'default',
      rendererOptions: { showErrorMessage: false },
    }).run();
  }
  return outcomes;
}

async function run(step: Step, display: Display): Promise<Outcome[]> {
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const clock = setInterval(() => display.stillRunning(seconds()), 1000);
  let outcomes: Outcome[];
  try {
    outcomes = await step.run((line) => display.say(line));
  } catch (error) {
    outcomes = [check(step.title, false, error instanceof Error ? (error.stack ?? error.message) : String(error))];
  } finally {
    clearInterval(clock);
  }
  display.ended(total(outcomes), seconds());
  return outcomes;
}
