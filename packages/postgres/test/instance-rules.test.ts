import { Tier } from '@groundplan/core';
import { cloudFormationFindings, everyPack, expectClean, flagMatrix, renderAlarms } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnDBInstance, StorageType } from 'aws-cdk-lib/aws-rds';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { MasterUser, Pooling, PostgresClusterProps, PostgresInstanceProps } from '../src';
import { clusterPlans, instancePlans, madeCluster, madeInstance } from './plans';
import { TIERS, clusterIn, groundIn, instanceIn, instanceOn } from './standing';

// All questions to packs of rules stand in this file: each file that asks loads them anew, which takes longer than the answer.

const packs = () => ({ packs: everyPack() });

/** Every way in which an instance differs in what is made. */
const INSTANCES: [string, Partial<PostgresInstanceProps>][] = [
  ['in one zone', { multiAz: false }],
  ['with a replica', { readReplicas: 1, master: MasterUser.generated() }],
  ['whose storage does not grow', { storageGiB: 100, maxStorageGiB: 100 }],
  ['that may take another version', { majorVersion: 18, allowMajorUpgrade: true }],
  ['that may be deleted, and leaves a snapshot', { deletionProtection: false, removalPolicy: RemovalPolicy.SNAPSHOT }],
  ['with another master user', { master: MasterUser.managed({ username: 'chief', rotateEvery: Duration.days(7) }) }],
  ['behind a proxy', { pooling: Pooling.rdsProxy() }],
  ['in subnets that reach the internet', { subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } }],
];

/** Every way in which a Multi-AZ cluster does. */
const CLUSTERS: [string, Partial<PostgresClusterProps>][] = [
  ['behind a proxy', { pooling: Pooling.rdsProxy() }],
  ['on io2', { storageType: StorageType.IO2, storageGiB: 200, iops: 5000 }],
  ['of another class', { instanceType: new InstanceType('r6gd.large') }],
  ['whose password RDS does not manage', { master: MasterUser.generated({ username: 'chief' }) }],
  ['that may be deleted', { deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY }],
];

describe('AWS Solutions, NIST 800-53 R5, PCI DSS, HIPAA, Serverless and CloudFormation find nothing open', () => {
  describe.each(flagMatrix)('with $name', ({ context }) => {
    test.each(TIERS)('in an instance and in a Multi-AZ cluster, without a pool and behind PgBouncer, in %s', (tier) => {
      for (const pooling of [Pooling.none(), Pooling.pgBouncer()]) {
        expectClean(instanceIn(tier, { pooling }, context).stack, packs());
        expectClean(clusterIn(tier, { pooling }, context).stack, packs());
      }
    });
  });

  test.each(INSTANCES)('in an instance %s', (_, props) => {
    expectClean(instanceIn(Tier.PRODUCTION, props).stack, packs());
  });

  test.each(CLUSTERS)('in a Multi-AZ cluster %s', (_, props) => {
    expectClean(clusterIn(Tier.PRODUCTION, props).stack, packs());
  });

  test('in one with a key of yours', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    instanceOn(ground, { encryptionKey: new Key(ground.stack, 'Central', { enableKeyRotation: true }) });
    expectClean(ground.stack, packs());
  });

  test('in whatever else is legal', () => {
    fc.assert(
      fc.property(instancePlans, clusterPlans, (instance, cluster) => {
        expectClean(madeInstance(instance).stack, packs());
        expectClean(madeCluster(cluster).stack, packs());
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  test('an instance that is not encrypted is found', () => {
    const { stack, database } = instanceIn(Tier.PRODUCTION);
    (database.instance.node.defaultChild as CfnDBInstance).storageEncrypted = false;
    expect(() => expectClean(stack)).toThrow('RDS2');
  });
});

test.each(TIERS)(
  'a renderer that knows only the contract turns the signs into what CloudFormation takes, in %s',
  (tier) => {
    const pooling = Pooling.pgBouncer();
    const { stack, database } = instanceIn(tier, { readReplicas: 2, master: MasterUser.generated(), pooling });
    expect(renderAlarms(stack, database)).toHaveLength(database.vitalSigns().flatMap(({ alarms }) => alarms).length);
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 3);
    expect(cloudFormationFindings(stack).findings).toEqual([]);
    const cluster = clusterIn(tier);
    renderAlarms(cluster.stack, cluster.database);
    Template.fromStack(cluster.stack).resourceCountIs('AWS::Events::Rule', 2);
    expect(cloudFormationFindings(cluster.stack).findings).toEqual([]);
  },
);
