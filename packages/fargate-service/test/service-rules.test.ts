import { IConnectTarget, Tier } from '@groundplan/core';
import { ContainerSecret, FargateCluster, Image } from '@groundplan/task';
import { cloudFormationFindings, everyPack, expectClean, flagMatrix, renderAlarms } from '@groundplan/testing';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpNamespace, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Duration } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import {
  Capacity,
  Deployment,
  DeploymentHook,
  Discovery,
  Prediction,
  Repository,
  Scaling,
  WebServiceProps,
  WorkerService,
} from '../src';
import { made, plans } from './plans';
import { Ground, INGRESSES, KINDS, TIERS, groundIn, serviceBehind, serviceIn, serviceOn } from './services';

// All questions to packs of rules stand in this file: each file that asks loads them anew, which takes longer than the answer.

/** What an app says of references between its stacks; without it CDK warns, of every app. */
const REFERENCES = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

const hooks = [DeploymentHook.smoke([{ path: '/' }])];
const web = (props: Partial<WebServiceProps>) => (ground: Ground) => void serviceIn(Tier.PRODUCTION, props, ground);
const behind = (kind: string, props: Partial<WebServiceProps>) => (ground: Ground) =>
  void serviceOn(ground, { ...props, ingress: INGRESSES[kind](ground) });

/** What brings a secret, as a database does. */
const database = ({ stack }: Ground, id: string): IConnectTarget => ({
  connectionFor: () => ({
    environment: {},
    secrets: { PGPASSWORD: { secret: Secret.fromSecretNameV2(stack, id, `shop/${id}`), field: 'password' } },
  }),
});

const worker = (ground: Ground) =>
  new WorkerService(ground.stack, 'Mailer', { vpc: ground.network.vpc, image: Image.placeholder() });

/** Ways of a service that differ in what is made, each with what is special about it. */
const SHAPES: Readonly<Record<string, (ground: Ground) => void>> = {
  'that always has as many tasks': web({ scaling: Scaling.fixed(2) }),
  'on spare capacity': web({ capacity: Capacity.spot({ onDemandBase: 2 }) }),
  'that scales in every way there is': web({
    scaling: Scaling.automatic({
      requestsPerTarget: 1000,
      prediction: Prediction.FORECAST_AND_SCALE,
      schedules: [{ name: 'Night', at: Schedule.cron({ hour: '20', minute: '0' }), min: 1, max: 1 }],
    }),
  }),
  'that is asked over HTTPS, stays with its clients and starts slowly': web({
    port: 8443,
    targets: {
      protocol: ApplicationProtocol.HTTPS,
      stickiness: Duration.hours(1),
      slowStart: Duration.minutes(1),
    },
  }),
  'whose traffic shifts in steps': web({ deployment: Deployment.linear({ hooks }) }),
  'whose traffic shifts at once, within the network': behind('an internal load balancer', {
    deployment: Deployment.blueGreen({ hooks }),
  }),
  'whose traffic shifts on a listener of another': behind('a listener that stands', {
    deployment: Deployment.canary({ hooks }),
  }),
  'that is found by Service Connect, with traffic that shifts': (ground) => {
    const namespace = new HttpNamespace(ground.stack, 'Names', { name: 'shop' });
    web({ discovery: Discovery.serviceConnect(namespace, 'api'), deployment: Deployment.blueGreen() })(ground);
  },
  'that is found by a registry': (ground) => {
    const namespace = new PrivateDnsNamespace(ground.stack, 'Names', { name: 'a.internal', vpc: ground.network.vpc });
    serviceOn(ground, { discovery: Discovery.registry(namespace, 'api') });
  },
  'that starts anew after a rotation, a worker too': (ground) => {
    const secrets = { KEY: ContainerSecret.fromSecret(Secret.fromSecretNameV2(ground.stack, 'Key', 'shop/key')) };
    serviceOn(ground, { secrets }).connectTo(database(ground, 'web'));
    worker(ground).connectTo(database(ground, 'worker'));
  },
  'that is open to shells': (ground) => void serviceOn(ground, { exec: true }),
  'that is open to shells, in a cluster of several': (ground) => {
    const cluster = new FargateCluster(ground.stack, 'Cluster', { vpc: ground.network.vpc });
    for (const id of ['Api', 'Shop']) serviceOn(ground, { exec: true, cluster }, id);
  },
  'that is open to shells, in a cluster that is imported': (ground) => {
    const { vpc } = ground.network;
    const cluster = Cluster.fromClusterAttributes(ground.stack, 'Imported', { clusterName: 'shared', vpc });
    serviceOn(ground, { exec: true, cluster });
  },
};

describe('rules', () => {
  describe.each(flagMatrix)('with $name', ({ context }) => {
    // staging is in between, and part of what is generated below
    const tiers = Object.keys(context).length === 0 ? [Tier.DEVELOPMENT, Tier.PRODUCTION] : [Tier.PRODUCTION];
    describe.each(KINDS)('AWS Solutions, NIST 800-53 R5, PCI DSS, HIPAA, Serverless and CloudFormation', (kind) => {
      test.each(tiers)(`find nothing open with ${kind} in %s`, (tier) => {
        expectClean(serviceBehind(kind, tier, context).stack, { packs: everyPack() });
      });
    });

    test.each(Object.keys(SHAPES))('nor in a service %s', (shape) => {
      const ground = groundIn(Tier.PRODUCTION, context);
      SHAPES[shape](ground);
      expectClean(ground.stack, { packs: everyPack() });
    });

    test.each(tiers)('nor in a worker and a repository in %s', (tier) => {
      const ground = groundIn(tier, context);
      worker(ground);
      new Repository(ground.stack, 'Images');
      expectClean(ground.stack, { packs: everyPack() });
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

  test.each(TIERS.slice(0, 3))('nor in a repository in %s', (tier) => {
    const { stack } = groundIn(tier);
    new Repository(stack, 'Images');
    expectClean(stack, { packs: everyPack() });
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
