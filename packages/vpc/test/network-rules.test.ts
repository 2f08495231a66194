import { Tier } from '@groundplan/core';
import { everyPack, expectClean, flagMatrix } from '@groundplan/testing';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Egress, EndpointSet, FlowLogs, NetworkAcls, NetworkProps } from '../src';
import { networkIn } from './environments';

/** Every way in which a network can be had, each with what is special about it. */
const SHAPES: [string, NetworkProps][] = [
  ['as it is', {}],
  ['with no egress', { egress: Egress.none() }],
  ['with endpoints only', { egress: Egress.endpointsOnly(EndpointSet.FARGATE, EndpointSet.SSM, EndpointSet.DATA) }],
  ['with one NAT gateway per zone', { egress: Egress.perAz() }],
  ['with a regional NAT gateway', { egress: Egress.regional() }],
  ['with a NAT instance', { egress: Egress.instance() }],
  ['in dual stack', { dualStack: true }],
  ['with flow logs in S3', { flowLogs: FlowLogs.toS3() }],
  ['with flow logs in both', { flowLogs: FlowLogs.toBoth() }],
  ['with another tier', { additionalTiers: [{ name: 'Cache', subnetType: SubnetType.PRIVATE_ISOLATED }] }],
  ['behind network ACLs', { networkAcls: NetworkAcls.BY_TIER }],
  ['in dual stack behind network ACLs', { networkAcls: NetworkAcls.BY_TIER, dualStack: true }],
];

describe('rules', () => {
  describe.each(flagMatrix)('with $name', ({ context }) => {
    test.each(SHAPES)(
      'AWS Solutions, NIST 800-53 R5, PCI DSS, HIPAA, Serverless and CloudFormation find nothing open in a network %s',
      (_, props) => {
        expectClean(networkIn(Tier.PRODUCTION, props, context).stack, { packs: everyPack() });
      },
    );
  });

  test.each(SHAPES)('CDK warns of nothing in a network %s', (_, props) => {
    const { stack } = networkIn(Tier.PRODUCTION, props);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('what is acknowledged has a reason, and is this', () => {
    const { acknowledged } = expectClean(networkIn(Tier.PRODUCTION).stack, { packs: everyPack() });
    const rules = ['CloudWatchLogGroupEncrypted', 'VPCDefaultSecurityGroupClosed', 'VPCNoUnrestrictedRouteToIGW'];
    expect(
      new Set(acknowledged.filter(({ source }) => source !== 'CloudFormation Validate').map(({ rule }) => rule)),
    ).toEqual(
      new Set(
        ['NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security'].flatMap((pack) => rules.map((rule) => `${pack}-${rule}`)),
      ),
    );
  });

  test('a network without flow logs is found', () => {
    expect(() => expectClean(networkIn(Tier.PRODUCTION, { flowLogs: FlowLogs.none() }).stack)).toThrow('VPC7');
  });
});
