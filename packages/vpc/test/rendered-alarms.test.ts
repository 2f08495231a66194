import { Tier } from '@groundplan/core';
import { cloudFormationFindings, renderAlarms } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { Egress, EndpointSet } from '../src';
import { networkIn } from './environments';

test('a renderer that knows only the contract turns them into alarms that CloudFormation takes', () => {
  for (const egress of [Egress.perAz(), Egress.instance()]) {
    const { stack, network } = networkIn(Tier.PRODUCTION, { egress, endpoints: [EndpointSet.SSM] });
    const rendered = renderAlarms(stack, network);
    expect(rendered).toHaveLength(6);
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 6);
    expect(cloudFormationFindings(stack).findings).toEqual([]);
  }
});
