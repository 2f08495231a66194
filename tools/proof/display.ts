import type { ListrTaskWrapper, ListrRenderer } from 'listr2';
import { Outcome, closingLine } from './outcome';

/** How one step is shown while it runs. */
export interface Display {
  say(line: string): void;
  /** Called every second. */
  stillRunning(seconds: number): void;
  ended(outcome: Outcome, seconds: number): void;
}

type ListrTask = ListrTaskWrapper<unknown, typeof ListrRenderer, typeof ListrRenderer>;

/** On a terminal: one line per step, whose seconds run. */
export function onTerminal(title: string, task: ListrTask): Display {
  return {
    say: (line) => (task.output = line),
    stillRunning: (seconds) => (task.title = `${title} (${seconds.toFixed()} s)`),
    ended: (outcome, seconds) => (task.title = `${title}: ${closingLine(outcome)} (${seconds.toFixed(1)} s)`),
  };
}

const QUIET_FOR = 60;

/** Elsewhere: a line for what begins, happens and ends, and one a minute when nothing else is said. */
export function inPlainLines(title: string): Display {
  const print = (line: string) => process.stdout.write(`  ${line}\n`);
  print(`… ${title}`);
  let spoke = 0;
  let now = 0;
  return {
    say: (line) => {
      spoke = now;
      print(`  ${title}: ${line}`);
    },
    stillRunning: (seconds) => {
      now = seconds;
      if (now - spoke < QUIET_FOR) return;
      spoke = now;
      print(`  ${title}: ${seconds.toFixed()} s`);
    },
    ended: (outcome, seconds) =>
      print(`${outcome.failed ? '✖' : '✔'} ${title}: ${closingLine(outcome)} (${seconds.toFixed(1)} s)`),
  };
}
