import { Tier } from '@groundplan/core';
import { ContainerLogs, ContainerOptions, ContainerSecret, Image, Tag, Telemetry } from '@groundplan/task';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Repository as EcrRepository } from 'aws-cdk-lib/aws-ecr';
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
} from '../src';
import { Ground, INGRESSES, KINDS, TIERS, groundIn, serviceOn } from './services';

/** One service out of the space of all that may be written. What stands in a stack is made by its name, when the plan is. */
export interface Plan {
  readonly tier: Tier;
  readonly kind: string;
  readonly image: keyof typeof IMAGES;
  readonly discovery: keyof typeof DISCOVERIES;
  readonly shift?: keyof typeof SHIFTS;
  readonly hasSmokeHook: boolean;
  readonly hasSecret: boolean;
  readonly telemetry: boolean;
  readonly routed: boolean;
  readonly props: Partial<WebServiceProps>;
}

/** Where an image comes from. */
const IMAGES = {
  placeholder: () => Image.placeholder(),
  registry: () => Image.fromRegistry('registry.example.com/api:1.4.2'),
  'private registry': ({ stack }: Ground) =>
    Image.fromRegistry('registry.example.com/api:1.4.2', { credentials: Secret.fromSecretNameV2(stack, 'Login', 'r') }),
  'imported repository': ({ stack }: Ground) =>
    Image.fromRepository(EcrRepository.fromRepositoryName(stack, 'Images', 'shop/api'), {
      tag: Tag.fromParameter('/shop/api/image-tag'),
    }),
  repository: ({ stack }: Ground) => new Repository(stack, 'Images').image(Tag.of('1.4.2')),
};

/** How others find it. */
const DISCOVERIES = {
  none: () => undefined,
  'Service Connect': ({ stack }: Ground) =>
    Discovery.serviceConnect(new HttpNamespace(stack, 'Names', { name: 'shop' }), 'api'),
  registry: ({ stack, network }: Ground) =>
    Discovery.registry(new PrivateDnsNamespace(stack, 'Names', { name: 'shop.internal', vpc: network.vpc }), 'api'),
};

/** The deployments that shift traffic. */
export const SHIFTS = {
  blueGreen: Deployment.blueGreen,
  canary: Deployment.canary,
  linear: Deployment.linear,
};
const SMOKE = DeploymentHook.smoke([{ path: '/health' }, { path: '/', status: 302, within: Duration.seconds(1) }]);

export const wholeSeconds = (min: number, max: number) =>
  fc.integer({ min, max }).map((value) => Duration.seconds(value));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const namesOf = <T extends object>(table: T) => fc.constantFrom(...(Object.keys(table) as (keyof T)[]));

const healthChecks = fc
  .record({
    path: maybe(fc.constantFrom('/', '/health', '/up?deep=1')),
    codes: maybe(fc.constantFrom('200', '200,204', '200-299', '200-204,301')),
    timeout: fc.integer({ min: 2, max: 120 }),
    pause: fc.integer({ min: 1, max: 180 }),
    healthyThreshold: maybe(fc.integer({ min: 2, max: 10 })),
    unhealthyThreshold: maybe(fc.integer({ min: 2, max: 10 })),
    gracePeriod: maybe(wholeSeconds(0, 600)),
  })
  .map(({ timeout, pause, ...rest }) => ({
    ...rest,
    timeout: Duration.seconds(timeout),
    interval: Duration.seconds(Math.max(5, timeout + pause)),
  }));

const targets = fc.record({
  protocol: maybe(fc.constantFrom(ApplicationProtocol.HTTP, ApplicationProtocol.HTTPS)),
  deregistrationDelay: maybe(wholeSeconds(0, 3600)),
  slowStart: maybe(wholeSeconds(30, 900)),
  stickiness: maybe(wholeSeconds(1, 7 * 86400)),
});

const capacities = fc.oneof(
  fc.constant(Capacity.onDemand()),
  fc.integer({ min: 0, max: 5 }).map((onDemandBase) => Capacity.spot({ onDemandBase })),
);

const minutes = (min: number, max: number) => fc.integer({ min, max }).map((value) => Duration.minutes(value));
const shiftOptions = fc.record({ percent: maybe(fc.integer({ min: 3, max: 100 })), bakeTime: maybe(minutes(0, 1440)) });

/** Every way to scale; requests decide only where a balancer counts them. */
const scalings = (counted: boolean) =>
  fc.oneof(
    fc.nat({ max: 20 }).map((tasks) => Scaling.fixed(tasks)),
    fc
      .record({
        min: fc.integer({ min: 1, max: 10 }),
        more: fc.nat({ max: 20 }),
        night: maybe(fc.nat({ max: 1 })),
        cpuPercent: maybe(fc.integer({ min: 1, max: 100 })),
        memoryPercent: maybe(fc.integer({ min: 1, max: 100 })),
        requestsPerTarget: counted ? maybe(fc.integer({ min: 1, max: 10_000 })) : fc.constant(undefined),
        scaleOutCooldown: maybe(wholeSeconds(0, 3600)),
        prediction: maybe(fc.constantFrom(...Object.values(Prediction))),
      })
      .map(({ min, more, night, ...rest }) => {
        const schedules = [{ name: 'Night', at: Schedule.cron({ hour: '20', minute: '0' }), min: night }];
        return Scaling.automatic({ ...rest, min, max: min + more, schedules: night === undefined ? [] : schedules });
      }),
  );

/** Ports but for those that a collector or a router takes. */
const ports = fc.integer({ min: 1, max: 65535 }).filter((port) => ![4317, 4318, 8877, 24224].includes(port));

export const plans: fc.Arbitrary<Plan> = fc
  .record({ kind: fc.constantFrom(...KINDS), tier: fc.constantFrom(...TIERS), shift: maybe(namesOf(SHIFTS)) })
  .chain(({ kind, tier, shift: wanted }) => {
    const shift = kind === 'none' ? undefined : wanted;
    return fc
      .record({
        image: namesOf(IMAGES),
        discovery: namesOf(DISCOVERIES).map((name) => (shift && name === 'registry' ? 'Service Connect' : name)),
        hasSmokeHook: fc.boolean(),
        hasSecret: fc.boolean(),
        telemetry: fc.boolean(),
        routed: fc.boolean(),
        options: shiftOptions,
        props: fc.record({
          port: ports,
          exec: maybe(fc.boolean()),
          restartOnRotation: maybe(fc.boolean()),
          scaling: maybe(scalings(kind !== 'none' && !shift)),
          capacity: maybe(capacities),
          healthCheck: maybe(healthChecks),
          targets: maybe(targets),
        }),
      })
      .map(({ props, options, ...rest }) => {
        const hooks = rest.hasSmokeHook ? [SMOKE] : [];
        const deployment = shift && SHIFTS[shift]({ ...options, hooks });
        return { kind, tier, shift, ...rest, props: { ...props, deployment } };
      });
  });

/** A service as a plan has it, on a ground of its own. */
export function made(plan: Plan, props: Partial<WebServiceProps> = {}) {
  const ground = groundIn(plan.tier);
  const service = serviceOn(ground, {
    ...plan.props,
    image: IMAGES[plan.image](ground),
    discovery: DISCOVERIES[plan.discovery](ground),
    ingress: INGRESSES[plan.kind](ground),
    ...(plan.hasSecret ? { secrets: { KEY: ContainerSecret.fromSecret(secretIn(ground, 'Key')) } } : {}),
    container: containerOf(plan, ground),
    ...props,
  });
  return { ...ground, service };
}

const secretIn = ({ stack }: Ground, id: string) => Secret.fromSecretNameV2(stack, id, `shop/${id}`);

function containerOf({ telemetry, routed, hasSecret }: Plan, ground: Ground): ContainerOptions {
  const header = ContainerSecret.fromSecret(secretIn(ground, 'Logs'), 'header');
  return {
    telemetry: telemetry ? Telemetry.openTelemetry() : undefined,
    logs: routed
      ? ContainerLogs.toFireLens({
          options: { Name: 'http', Host: 'logs.example.com', tls: 'on' },
          secretOptions: hasSecret ? { Header: header } : undefined,
        })
      : undefined,
  };
}
