import { LocalAws, followLog, tailOf } from '@groundplan/local';
import { Command, InvalidArgumentError } from 'commander';
import { InstanceOptions, withState } from '../options';

export function logsCommand(): Command {
  return withState(new Command('logs'))
    .description("print the end of the emulator's log: why a custom resource failed, for example")
    .option('--lines <n>', 'how many lines', lineCount, 100)
    .option('--follow', 'go on printing until it stops or Ctrl-C', false)
    .action(async ({ lines, follow, ...options }: InstanceOptions & { lines: number; follow: boolean }) => {
      const aws = new LocalAws(options);
      const { condition, log } = await aws.status();
      const tail = tailOf(log, lines);
      console.log(tail || `no log yet in ${log}: the local AWS is ${condition}; start it with: groundplan local up`);
      if (follow) for await (const text of followLog(log, () => aws.isAlive())) process.stdout.write(text);
    });
}

function lineCount(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 upwards.');
}
