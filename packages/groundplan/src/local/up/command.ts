import { LocalAws } from '@groundplan/local';
import { Command } from 'commander';
import { runSteps } from '../../steps';
import { InstanceOptions, withInstance } from '../options';
import { startStep } from './start';

export function upCommand(): Command {
  return withInstance(new Command('up'))
    .description('start the local AWS; the first time, install it')
    .action(async (options: InstanceOptions) => {
      await runSteps([startStep(new LocalAws(options))]);
    });
}
