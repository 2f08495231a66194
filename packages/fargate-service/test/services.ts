import { Environment, EnvironmentProps, Tier } from '@groundplan/core';
import { Image } from '@groundplan/task';
import { Network } from '@groundplan/vpc';
import { Certificate, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { PrefixList } from 'aws-cdk-lib/aws-ec2';
import { HostedZone, IHostedZone } from 'aws-cdk-lib/aws-route53';
import { App, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Ingress, WebService, WebServiceProps } from '../src';

export const TIERS = Object.values(Tier);

/** An environment of a tier that names its account, its region and its zones. */
export function environmentOf(tier: Tier): EnvironmentProps {
  return {
    project: 'shop',
    name: tier,
    tier,
    account: '111111111111',
    region: 'eu-central-1',
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    tags: { Owner: 'team-shop', CostCenter: '4711' },
  };
}

/** What a service stands on: a stack with a network, and the zone of its name. */
export interface Ground {
  readonly app: App;
  readonly stack: Stack;
  readonly network: Network;
  readonly zone: IHostedZone;
}

export function groundIn(tier: Tier, context: Record<string, unknown> = {}): Ground {
  const app = new App({ context });
  const { target } = Environment.define(app, environmentOf(tier));
  const network = new Network(new Stack(app, 'Network', { env: target }), 'Network');
  const stack = new Stack(app, 'Services', { env: target });
  const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    zoneName: 'example.com',
  });
  return { app, stack, network, zone };
}

/** What AWS calls something, as its user copies it from there. */
export function arnOf(service: string, region: string, resource: string): string {
  return ['arn', 'aws', service, region, '111111111111', resource].join(':');
}

/** A certificate that stands in a region. */
export function certificateIn(scope: Construct, region: string): ICertificate {
  const arn = arnOf('acm', region, 'certificate/12345678-1234-1234-1234-123456789012');
  return Certificate.fromCertificateArn(scope, `Certificate-${region}`, arn);
}

const hostname = 'api.example.com';

/** Every way in, as its user would write it. */
export const INGRESSES: Readonly<Record<string, (ground: Ground) => Ingress>> = {
  'a public load balancer': ({ zone }) => Ingress.publicLoadBalancer({ hostname, zone }),
  'an internal load balancer': ({ zone }) => Ingress.internalLoadBalancer({ hostname, zone }),
  'a listener that stands': (ground) =>
    Ingress.listener(serviceOn(ground, { ingress: INGRESSES['a public load balancer'](ground) }, 'Edge').listener!, {
      priority: 100,
      hosts: ['orders.example.com'],
    }),
  'CloudFront with a VPC origin': ({ stack, zone }) =>
    Ingress.cloudFrontVpcOrigin({
      hostname,
      zone,
      viewerCertificate: certificateIn(stack, 'us-east-1'),
      originFacing: PrefixList.fromPrefixListId(stack, 'CloudFront', 'pl-a3a144ca'),
    }),
  'API Gateway with a VPC link': ({ zone }) => Ingress.apiGatewayVpcLink({ hostname, zone }),
  none: () => Ingress.none(),
};

export const KINDS = Object.keys(INGRESSES);

/** A service on a ground that stands, with no ingress unless one is given. */
export function serviceOn({ stack, network }: Ground, props: Partial<WebServiceProps> = {}, id = 'Api'): WebService {
  return new WebService(stack, id, { vpc: network.vpc, image: Image.placeholder(), ...props });
}

/** A service of a kind of ingress, on a ground of its own. */
export function serviceBehind(kind: string, tier: Tier, context?: Record<string, unknown>) {
  const ground = groundIn(tier, context);
  return { ...ground, service: serviceOn(ground, { ingress: INGRESSES[kind](ground) }) };
}

/** A service with a public balancer, as its user would write it. */
export function serviceIn(tier: Tier, props: Partial<WebServiceProps> = {}, ground = groundIn(tier)) {
  const ingress = INGRESSES['a public load balancer'](ground);
  return { ...ground, service: serviceOn(ground, { ingress, ...props }) };
}
