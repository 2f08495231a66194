import { join } from 'node:path';
import { contractOf, expectContract, expectDefaults } from '@groundplan/testing';
import { FargateTask, Image, OneOffTask } from '../src';
import { DEFAULTS } from '../src/private/defaults';
import { TIERS, groundIn, scheduledIn } from './environments';

const GOLDEN = join(__dirname, 'contract.json');

describe('contract', () => {
  test.each(TIERS)(
    'logical ids, deletion policies and create-only values in %s are those that are deployed',
    (tier) => {
      const ground = groundIn(tier);
      const { stack, vpc } = scheduledIn(tier, {}, ground);
      new FargateTask(stack, 'Definition', { vpc, image: Image.placeholder(), port: 8080 });
      new OneOffTask(stack, 'Migration', { vpc, image: Image.placeholder() });
      expectContract(contractOf(stack), GOLDEN, tier);
    },
  );

  test('defaults are those that consumers rely on', () => {
    expectDefaults(DEFAULTS, GOLDEN);
  });
});
