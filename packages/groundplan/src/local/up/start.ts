import { LocalAws, bringLocalImages, endpointOf } from '@groundplan/local';
import { Step } from '../../steps';

/** Starts the local AWS unless it runs. */
export function startStep(aws: LocalAws): Step {
  return {
    title: 'Local AWS',
    work: async (say) => {
      const { started, port, account, region, addressBlock } = await aws.up({ progress: say });
      bringLocalImages(aws.files, process.cwd());
      const where = `${endpointOf(port)}, account ${account}, ${region}, addresses ${addressBlock}`;
      return `${started ? 'started' : 'was running'} on ${where}`;
    },
  };
}
