import type { Mistakes } from '@groundplan/core';
import type { PostgresInstanceProps } from '../postgres-instance';
import { MasterUser } from '../master-user';
import type { DatabaseDefaults } from './defaults';
import { checkStorage } from './storage';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html */
const MOST_REPLICAS = 15;

/** Notes every mistake in what only an instance has, and creates nothing. */
export function checkInstance(props: PostgresInstanceProps, defaults: DatabaseDefaults, mistakes: Mistakes): void {
  checkStorage(props, defaults, mistakes);
  const { readReplicas = 0, master = MasterUser.managed() } = props;
  if (!mistakes.requireLiteral('readReplicas', readReplicas, 'write the number: it decides what is made')) return;
  if (!(Number.isInteger(readReplicas) && readReplicas >= 0 && readReplicas <= MOST_REPLICAS))
    mistakes.add({
      prop: 'readReplicas',
      mustBe: `a whole number from 0 to ${MOST_REPLICAS}`,
      got: `${readReplicas}`,
      remedy: 'RDS makes no more of one instance; cache what many read',
    });
  if (readReplicas > 0 && master._isManaged)
    mistakes.add({
      prop: 'readReplicas',
      mustBe: '0 where RDS manages the master password',
      got: `${readReplicas}`,
      remedy: 'RDS refuses replicas of such an instance: pass master: MasterUser.generated(), or take PostgresCluster',
    });
}
