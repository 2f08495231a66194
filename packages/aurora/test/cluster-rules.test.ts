import { Tier } from '@groundplan/core';
import { MasterUser } from '@groundplan/postgres';
import { cloudFormationFindings, everyPack, expectClean, flagMatrix, renderAlarms } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CfnDBCluster, DBClusterStorageType } from 'aws-cdk-lib/aws-rds';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { AuroraCapacity, AuroraClusterProps } from '../src';
import { TIERS, clusterIn } from './clusters';
import { made, plans } from './plans';

// All questions to packs of rules stand in this file: each file that asks loads them anew, which takes longer than the answer.

/** Every way in which a cluster differs in what is made, each with what is special about it. */
const SHAPES: [string, Partial<AuroraClusterProps>][] = [
  [
    'with instances of one size',
    { capacity: AuroraCapacity.provisioned(InstanceType.of(InstanceClass.R8G, InstanceSize.LARGE)) },
  ],
  ['without a reader', { readers: 0 }],
  ['with three readers', { readers: 3 }],
  ['that sleeps', { capacity: AuroraCapacity.serverless({ minAcu: 0 }) }],
  ['with I/O-optimised storage', { storage: DBClusterStorageType.AURORA_IOPT1 }],
  ['that may be deleted, and leaves a snapshot', { deletionProtection: false, removalPolicy: RemovalPolicy.SNAPSHOT }],
  [
    'with another master user, whose password RDS changes as it does',
    { master: MasterUser.managed({ username: 'chief', rotateEvery: Duration.days(7) }) },
  ],
  ['in subnets that reach the internet', { subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } }],
];

describe('rules', () => {
  describe.each(flagMatrix)('with $name', ({ context }) => {
    test.each(TIERS)(
      'AWS Solutions, NIST 800-53 R5, PCI DSS, HIPAA, Serverless and CloudFormation find nothing open in %s',
      (tier) => {
        expectClean(clusterIn(tier, {}, context).stack, { packs: everyPack() });
      },
    );

    test.each(SHAPES)('nor in a cluster %s', (_, props) => {
      expectClean(clusterIn(Tier.PRODUCTION, props, context).stack, { packs: everyPack() });
    });
  });

  test('nor in whatever else is legal', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expectClean(made(plan).stack, { packs: everyPack() });
      }),
      { numRuns: 10 },
    );
  }, 60_000);

  test('a cluster that is not encrypted is found', () => {
    const { stack, database } = clusterIn(Tier.PRODUCTION);
    (database.cluster.node.defaultChild as CfnDBCluster).storageEncrypted = false;
    expect(() => expectClean(stack)).toThrow('RDS2');
  });
});

test.each(TIERS)(
  'a renderer that knows only the contract turns the signs into what CloudFormation takes, in %s',
  (tier) => {
    const { stack, database } = clusterIn(tier);
    const rendered = renderAlarms(stack, database);
    expect(rendered).toHaveLength(database.vitalSigns().flatMap(({ alarms }) => alarms).length);
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 2);
    expect(cloudFormationFindings(stack).findings).toEqual([]);
  },
);
