import { Mistakes } from '@groundplan/core';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { Token } from 'aws-cdk-lib/core';

/** Notes a cluster that tasks of this network cannot stand in. */
export function checkCluster(cluster: ICluster | undefined, vpc: IVpc, mistakes: Mistakes): void {
  if (!cluster) return;
  const remedy = "import it with Cluster.fromClusterAttributes(this, 'Cluster', { clusterName, vpc })";
  const theirs = vpcOf(cluster);
  if (!theirs)
    return mistakes.add({ prop: 'cluster', mustBe: 'one whose VPC is known', got: 'an imported one without', remedy });
  const [got, wanted] = [theirs, vpc].map(nameOf);
  // One of this app and one that is imported may be the same.
  if (theirs === vpc || got.made !== wanted.made || [got, wanted].some(({ name }) => Token.isUnresolved(name))) return;
  if (got.name !== wanted.name)
    mistakes.add({
      prop: 'cluster',
      mustBe: `in the VPC of the service, ${wanted.name}`,
      got: `one in ${got.name}`,
      remedy: 'pass the vpc of the cluster, or another cluster',
    });
}

/** A VPC of this app by its path, an imported one by its id. */
function nameOf(vpc: IVpc): { readonly made: boolean; readonly name: string } {
  return vpc.node.defaultChild ? { made: true, name: `"${vpc.node.path}"` } : { made: false, name: vpc.vpcId };
}

/** An imported cluster throws when it is asked for a VPC that nobody told it. */
function vpcOf(cluster: ICluster): IVpc | undefined {
  try {
    return cluster.vpc;
  } catch {
    return undefined;
  }
}
