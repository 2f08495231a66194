import { LocalAws } from '@groundplan/local';
import { Command } from 'commander';
import { runSteps } from '../../steps';
import { InstanceOptions, withState } from '../options';

export function resetCommand(): Command {
  return withState(new Command('reset'))
    .description('forget everything that was deployed; the local AWS runs again afterwards if it ran before')
    .action(async (options: InstanceOptions) => {
      const aws = new LocalAws(options);
      await runSteps([
        {
          title: 'Local AWS',
          work: async (say) =>
            (await aws.reset({ progress: say })).started ? 'empty, and running' : 'empty, not running',
        },
      ]);
    });
}
