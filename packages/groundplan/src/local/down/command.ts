import { LocalAws } from '@groundplan/local';
import { Command } from 'commander';
import { runSteps } from '../../steps';
import { InstanceOptions, withState } from '../options';

export function downCommand(): Command {
  return withState(new Command('down'))
    .description('stop the local AWS and everything it started; what was deployed is gone')
    .action(async (options: InstanceOptions) => {
      const aws = new LocalAws(options);
      await runSteps([
        { title: 'Local AWS', work: async (say) => ((await aws.down(say)) ? 'stopped' : 'was not running') },
      ]);
    });
}
