import type { Mistakes } from '@groundplan/core';
import { SelectedSubnets, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import type { PostgresClusterProps } from '../postgres-cluster';
import { checkClusterStorage } from './cluster-storage';

/**
 * Classes with a disk of their own, which RDS makes Multi-AZ clusters of; which of them a region has, it says itself:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html#multi-az-db-clusters-concepts.InstanceAvailability
 */
const CLASSES = ['c6gd', 'm5d', 'm6gd', 'm6id', 'm6idn', 'm8gd', 'r5d', 'r6gd', 'r6id', 'r6idn', 'r8gd', 'x2iedn'];
const SIZE = /^(\d*x)?large$/;
/** The one that is smaller than large. */
const SMALLEST = 'c6gd.medium';
const ZONES = 3;

/** Notes every mistake in what only a Multi-AZ cluster has, and creates nothing. */
export function checkCluster(props: PostgresClusterProps, mistakes: Mistakes): void {
  checkZones(props, mistakes);
  const name = props.instanceType?.toString() ?? SMALLEST;
  const [family, size] = name.split('.');
  if (!Token.isUnresolved(name) && name !== SMALLEST && !(CLASSES.includes(family) && SIZE.test(size)))
    mistakes.add({
      prop: 'instanceType',
      mustBe: `${SMALLEST}, or large and larger of ${CLASSES.join(', ')}`,
      got: name,
      remedy: 'RDS makes Multi-AZ clusters of no other class; take PostgresInstance for a smaller one',
    });
  checkClusterStorage(props, mistakes);
}

/** Of no subnets, and of fewer than two zones, every database tells. */
function checkZones({ vpc, subnets }: PostgresClusterProps, mistakes: Mistakes): void {
  let selected: SelectedSubnets;
  try {
    selected = vpc.selectSubnets(subnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED });
  } catch {
    return;
  }
  const zones = new Set(selected.availabilityZones).size;
  if (selected.isPendingLookup || zones < 2 || zones >= ZONES) return;
  mistakes.add({
    prop: subnets ? 'subnets' : 'vpc',
    mustBe: 'subnets of three zones at least',
    got: `${zones}`,
    remedy:
      'each of the three instances stands in a zone of its own: give the network a third, or take PostgresInstance',
  });
}
