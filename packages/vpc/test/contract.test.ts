import { join } from 'node:path';
import { contractOf, expectContract, expectDefaults } from '@groundplan/testing';
import { DEFAULTS } from '../src/private/defaults';
import { TIERS, networkIn } from './environments';

const GOLDEN = join(__dirname, 'contract.json');

describe('contract', () => {
  test.each(TIERS)(
    'logical ids, deletion policies and create-only values in %s are those that are deployed',
    (tier) => {
      expectContract(contractOf(networkIn(tier).stack), GOLDEN, tier);
    },
  );

  test('defaults are those that consumers rely on', () => {
    expectDefaults(DEFAULTS, GOLDEN);
  });
});
