import { Tier } from '@groundplan/core';
import { cloudFormationFindings, everyPack, expectClean, renderAlarms } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { made, plans } from './plans';
import { KINDS, serviceBehind } from './services';

test('whatever is legal: no pack of rules and no CloudFormation has anything to say against it', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expectClean(made(plan).stack, { packs: everyPack() });
    }),
    { numRuns: 10 },
  );
}, 60_000);

test.each(KINDS)(
  'a renderer that knows only the contract turns the signs into what CloudFormation takes, with %s',
  (kind) => {
    const { stack, service } = serviceBehind(kind, Tier.PRODUCTION);
    const before = stack.node.findAll().length;
    const rendered = renderAlarms(stack, service);
    expect(rendered).toHaveLength(service.vitalSigns().flatMap(({ alarms }) => alarms).length);
    expect(stack.node.findAll().length).toBeGreaterThan(before);
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 2);
    expect(cloudFormationFindings(stack).findings).toEqual([]);
  },
);
