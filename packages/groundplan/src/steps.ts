import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { shownCursor } from './interrupt';

/** One thing that takes a while. */
export interface Step {
  readonly title: string;
  /** Answers what came of it, to stand behind the title. */
  readonly work: (say: (text: string) => void) => Promise<string | void>;
}

/**
 * Does steps, one after the other or all at once, and shows them: on a terminal a spinner with the seconds so far, elsewhere plain lines.
 * All of it goes to stderr: stdout belongs to what a command answers.
 */
export async function runSteps(steps: Step[], { concurrent = false } = {}): Promise<void> {
  // A pseudo-terminal without a width is one that nobody looks at: a spinner would be cut into columns of one character.
  const isTerminal = Boolean(process.stdout.isTTY && process.stderr.isTTY && process.stderr.columns);
  const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(process.stderr, process.stderr) });
  let failure: unknown;
  const tasks = steps.map(({ title, work }) => ({
    title,
    task: async (_context: unknown, task: { title?: string; output?: string }) => {
      const begun = Date.now();
      const elapsed = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
      const tick = setInterval(() => isTerminal && (task.title = `${title} (${elapsed()})`), 1000);
      try {
        const outcome = await work((text) => (task.output = text));
        task.title = `${title}${outcome ? `: ${outcome}` : ''} (${elapsed()})`;
      } catch (error) {
        failure ??= error;
        throw new Error(`after ${elapsed()}`, { cause: error }); // what failed is said once, by who called
      } finally {
        clearInterval(tick);
      }
    },
  }));
  const listr = new Listr(tasks, {
    concurrent,
    renderer: 'default',
    fallbackRenderer: 'simple',
    fallbackRendererCondition: !isTerminal,
    rendererOptions: { logger, collapseErrors: false },
    fallbackRendererOptions: { logger },
    registerSignalListeners: false,
  });
  await shownCursor(() =>
    listr.run().catch((error: unknown) => {
      throw failure ?? error;
    }),
  );
}
