import { join } from 'node:path';
import { Tier } from '@groundplan/core';
import { contractOf, expectContract, expectDefaults } from '@groundplan/testing';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { AuroraCapacity } from '../src';
import { DEFAULTS } from '../src/private/defaults';
import { TIERS, clusterIn } from './clusters';

const GOLDEN = join(__dirname, 'contract.json');

describe('contract', () => {
  test.each(TIERS)(
    'logical ids, deletion policies and create-only values in %s are those that are deployed',
    (tier) => {
      expectContract(contractOf(clusterIn(tier).stack), GOLDEN, tier);
    },
  );

  test('and with instances of one size', () => {
    const capacity = AuroraCapacity.provisioned(InstanceType.of(InstanceClass.R8G, InstanceSize.LARGE));
    expectContract(contractOf(clusterIn(Tier.PRODUCTION, { capacity }).stack), GOLDEN, 'provisioned');
  });

  test('defaults are those that consumers rely on', () => {
    expectDefaults(DEFAULTS, GOLDEN);
  });
});
