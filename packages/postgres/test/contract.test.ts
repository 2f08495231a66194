import { join } from 'node:path';
import { Tier } from '@groundplan/core';
import { contractOf, expectContract, expectDefaults } from '@groundplan/testing';
import { Grants, MasterUser, Pooling } from '../src';
import { DEFAULTS } from '../src/private/defaults';
import { PRESET } from '../src/private/parameters';
import { TIERS, clusterIn, instanceIn } from './standing';

const GOLDEN = join(__dirname, 'contract.json');

describe('contract', () => {
  test('defaults are those that consumers rely on', () => {
    expectDefaults({ ...DEFAULTS, parameters: PRESET }, GOLDEN);
  });

  test.each(TIERS)(
    'logical ids, deletion policies and create-only values of an instance in %s are those that are deployed',
    (tier) => {
      expectContract(contractOf(instanceIn(tier).stack), GOLDEN, `instance ${tier}`);
    },
  );

  test('and of one with replicas', () => {
    const { stack } = instanceIn(Tier.PRODUCTION, { readReplicas: 2, master: MasterUser.generated() });
    expectContract(contractOf(stack), GOLDEN, 'instance with replicas');
  });

  test('and of one with a proxy, users and migrations', () => {
    const { stack, database } = instanceIn(Tier.PRODUCTION, { pooling: Pooling.rdsProxy() });
    database.addUser('web', { grants: Grants.readWrite() });
    database.addUser('reports', { grants: Grants.readOnly(), iam: true });
    database.migrate({ directory: join(__dirname, 'fixtures/guestbook') });
    expectContract(contractOf(stack), GOLDEN, 'instance with proxy, users and migrations');
  });

  test('and of one behind PgBouncer', () => {
    const { stack, database } = instanceIn(Tier.PRODUCTION, { pooling: Pooling.pgBouncer() });
    database.addUser('web', { grants: Grants.readWrite() });
    expectContract(contractOf(stack), GOLDEN, 'instance behind PgBouncer');
  });

  test.each(TIERS)('and of a Multi-AZ cluster in %s', (tier) => {
    expectContract(contractOf(clusterIn(tier).stack), GOLDEN, `Multi-AZ cluster ${tier}`);
  });
});
