import { join } from 'node:path';
import { Tier } from '@groundplan/core';
import { type Contract, contractOf, expectContract, expectDefaults } from '@groundplan/testing';
import { Stack } from 'aws-cdk-lib/core';
import { DEFAULTS } from '../src/private/defaults';
import { KINDS, TIERS, serviceBehind, serviceIn } from './services';

const GOLDEN = join(__dirname, 'contract.json');

/** The contract of a service. */
function contractOfService(stack: Stack): Contract {
  return Object.fromEntries(Object.entries(contractOf(stack)).filter(([logicalId]) => logicalId.startsWith('Api')));
}

describe('contract', () => {
  test.each(TIERS)(
    'logical ids, deletion policies and create-only values in %s are those that are deployed',
    (tier) => {
      expectContract(contractOfService(serviceIn(tier).stack), GOLDEN, tier);
    },
  );

  test.each(KINDS.filter((kind) => kind !== 'a public load balancer'))('and with %s', (kind) => {
    expectContract(contractOfService(serviceBehind(kind, Tier.DEVELOPMENT).stack), GOLDEN, kind);
  });

  test('defaults are those that consumers rely on', () => {
    expectDefaults(DEFAULTS, GOLDEN);
  });
});
