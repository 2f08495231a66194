import type { Mistakes } from '@groundplan/core';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type {
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  IApplicationListener,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ServiceDefaults } from './defaults';

/** Where an entrance is built. */
export interface Site {
  readonly scope: Construct;
  readonly vpc: IVpc;
  readonly defaults: ServiceDefaults;
}

/** What an entrance is made of. Every one ends in a rule of a listener that sends requests to the tasks. */
export interface Entrance {
  readonly listener: IApplicationListener;
  readonly rule: ApplicationListenerRule;
  /** What a request has to fulfil, and the place of the rule. */
  readonly conditions: ListenerCondition[];
  readonly priority: number;
  /** What this service made itself. */
  readonly loadBalancer?: ApplicationLoadBalancer;
  /** That balancer, where clients reach it from within the network only. */
  readonly internal?: ApplicationLoadBalancer;
  readonly accessLogs?: IBucket;
  readonly distribution?: Distribution;
  readonly httpApi?: HttpApi;
}

/** One way in. */
export interface Gate {
  /** Notes every mistake in its options. */
  check(site: Site, mistakes: Mistakes): void;
  /** Notes a place of the test rule that is none, where traffic is shifted; by default there is always one. */
  checkTestRule?(site: Site, testPriority: number | undefined, mistakes: Mistakes): void;
  /** Builds it, so that requests end in an action that sends them to the tasks. */
  build(site: Site, action: ListenerAction): Entrance;
  /** The name that clients ask for, where it is known. */
  readonly hostname?: string;
}

/** The note by which rules know that somebody meant an entry to be public. They know nothing of this package. */
export const PUBLIC_INGRESS = 'groundplan:public-ingress';
