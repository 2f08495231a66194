import { Tier } from '@groundplan/core';
import { everyPack, expectClean, flagMatrix } from '@groundplan/testing';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Duration } from 'aws-cdk-lib/core';
import { Capacity, Deployment, DeploymentHook, Prediction, Scaling, WebServiceProps } from '../src';
import { KINDS, groundIn, serviceBehind, serviceIn } from './services';

/** What an app says of references between its stacks; without it CDK warns, of every app. */
const REFERENCES = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

/** Ways of a service that differ in what is made, each with what is special about it. */
const SHAPES: [string, Partial<WebServiceProps>][] = [
  ['that always has as many tasks', { scaling: Scaling.fixed(2) }],
  ['on spare capacity', { capacity: Capacity.spot({ onDemandBase: 2 }) }],
  [
    'that scales in every way there is',
    {
      scaling: Scaling.automatic({
        requestsPerTarget: 1000,
        prediction: Prediction.FORECAST_AND_SCALE,
        schedules: [{ name: 'Night', at: Schedule.cron({ hour: '20', minute: '0' }), min: 1, max: 1 }],
      }),
    },
  ],
  [
    'whose traffic shifts in steps',
    { deployment: Deployment.linear({ hooks: [DeploymentHook.smoke([{ path: '/' }])] }) },
  ],
  [
    'that is asked over HTTPS, stays with its clients and starts slowly',
    {
      port: 8443,
      targets: {
        protocol: ApplicationProtocol.HTTPS,
        stickiness: Duration.hours(1),
        slowStart: Duration.minutes(1),
      },
    },
  ],
];

describe('rules', () => {
  describe.each(flagMatrix)('with $name', ({ context }) => {
    // staging is in between, and part of what cloudformation.test.ts generates
    const tiers = Object.keys(context).length === 0 ? [Tier.DEVELOPMENT, Tier.PRODUCTION] : [Tier.PRODUCTION];
    describe.each(KINDS)('AWS Solutions, NIST 800-53 R5, PCI DSS, HIPAA, Serverless and CloudFormation', (kind) => {
      test.each(tiers)(`find nothing open with ${kind} in %s`, (tier) => {
        expectClean(serviceBehind(kind, tier, context).stack, { packs: everyPack() });
      });
    });

    test.each(SHAPES)('nor in a service %s', (_, props) => {
      const { stack } = serviceIn(Tier.PRODUCTION, props, groundIn(Tier.PRODUCTION, context));
      expectClean(stack, { packs: everyPack() });
    });
  });

  test.each(KINDS)('CDK warns of nothing with %s', (kind) => {
    const { stack } = serviceBehind(kind, Tier.PRODUCTION, REFERENCES);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('a balancer without access logs in production is found', () => {
    const { stack, service } = serviceIn(Tier.PRODUCTION);
    service.loadBalancer!.setAttribute('access_logs.s3.enabled', 'false');
    expect(() => expectClean(stack)).toThrow('ELB2');
  });
});
