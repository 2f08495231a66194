import type { ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IConnectable, IPrefixList } from 'aws-cdk-lib/aws-ec2';
import type { IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Duration } from 'aws-cdk-lib/core';
import { apiGatewayGate } from './private/api-gateway-gate';
import { cloudFrontGate } from './private/cloudfront-gate';
import type { Gate } from './private/gate';
import { listenerGate } from './private/listener-gate';
import { internalGate, publicGate } from './private/load-balancer-gates';

/** What every load balancer says. */
export interface LoadBalancerOptions {
  /**
   * The name under which clients ask, such as `api.example.com`. Requests for any other name get 404.
   *
   * @default whatever name they ask for
   */
  readonly hostname?: string;
  /**
   * The zone of `hostname`: the record and, without `certificate`, the certificate are made in it (IP-033).
   *
   * @default no record is made
   */
  readonly zone?: IHostedZone;
  /**
   * A certificate for `hostname`, of the region of the service.
   *
   * @default one is made and validated in `zone`
   */
  readonly certificate?: ICertificate;
  /**
   * How long a connection may be silent, 1 to 4000 seconds. For WebSockets, more than the pause between two pings.
   *
   * @default 60 seconds
   */
  readonly idleTimeout?: Duration;
}

/** What an internal load balancer says. */
export interface InternalLoadBalancerOptions extends LoadBalancerOptions {
  /**
   * Who may ask it.
   *
   * @default nobody, until `service.loadBalancer.connections` says otherwise
   */
  readonly clients?: IConnectable[];
}

/** Which requests of a listener that stands are for this service. All that is given has to fit. */
export interface ListenerOptions {
  /** The place among the listener's rules, 1 to 50000; the lowest that fits wins. No two services may share one. */
  readonly priority: number;
  /**
   * The names that clients ask for; `*` stands for any characters, `?` for one.
   *
   * @default any
   */
  readonly hosts?: string[];
  /**
   * The paths, such as `/orders/*`.
   *
   * @default any
   */
  readonly paths?: string[];
  /**
   * Headers by name, with the values of which one has to fit.
   *
   * @default any
   */
  readonly headers?: { [name: string]: string[] };
}

/** What a service behind CloudFront says. */
export interface CloudFrontVpcOriginOptions {
  /** The name under which clients ask. */
  readonly hostname: string;
  /** Its zone: the record and the load balancer's certificate are made in it. */
  readonly zone: IHostedZone;
  /** A certificate for `hostname` in us-east-1, where CloudFront looks for it. */
  readonly viewerCertificate: ICertificate;
  /**
   * The list of the addresses from which CloudFront asks origins, `com.amazonaws.global.cloudfront.origin-facing`. Its id
   * differs between regions: `aws ec2 describe-managed-prefix-lists` tells it, or `PrefixList.fromLookup`.
   */
  readonly originFacing: IPrefixList;
  /**
   * A certificate for `hostname`, of the region of the service, for the load balancer.
   *
   * @default one is made and validated in `zone`
   */
  readonly originCertificate?: ICertificate;
  /**
   * The ARN of a web ACL of WAF for CloudFront.
   *
   * @default none
   */
  readonly webAclArn?: string;
}

/** What a service behind API Gateway says. */
export interface ApiGatewayVpcLinkOptions {
  /** The name under which clients ask. */
  readonly hostname: string;
  /** Its zone: the record and, without `certificate`, the certificate are made in it. */
  readonly zone: IHostedZone;
  /**
   * A certificate for `hostname`, of the region of the service. API Gateway and the load balancer both use it.
   *
   * @default one is made and validated in `zone`
   */
  readonly certificate?: ICertificate;
  /**
   * How many requests a second are let through.
   *
   * @default 1000, in bursts of 500: a tenth of the quota that all APIs of an account share
   */
  readonly throttle?: ThrottleSettings;
}

/** How requests reach a service (C10). */
export class Ingress {
  /**
   * A load balancer in the public subnets that speaks HTTPS to the world and answers HTTP by a redirect. It needs a
   * certificate, or a zone to make one in.
   */
  public static publicLoadBalancer(options: LoadBalancerOptions): Ingress {
    return new Ingress('a public load balancer', publicGate(options));
  }

  /** A load balancer in the private subnets that speaks HTTPS to whoever is let in. */
  public static internalLoadBalancer(options: InternalLoadBalancerOptions): Ingress {
    return new Ingress('an internal load balancer', internalGate(options));
  }

  /**
   * A listener that stands, of this app or imported: many services on one balancer. An imported one has to be told its
   * security group.
   */
  public static listener(listener: IApplicationListener, options: ListenerOptions): Ingress {
    return new Ingress('a listener that stands', listenerGate(listener, options));
  }

  /** CloudFront, which reaches an internal load balancer through a VPC origin: nothing of the network is public. */
  public static cloudFrontVpcOrigin(options: CloudFrontVpcOriginOptions): Ingress {
    return new Ingress('CloudFront with a VPC origin', cloudFrontGate(options));
  }

  /** An HTTP API of API Gateway, which reaches an internal load balancer through a VPC link (BB-092). */
  public static apiGatewayVpcLink(options: ApiGatewayVpcLinkOptions): Ingress {
    return new Ingress('API Gateway with a VPC link', apiGatewayGate(options));
  }

  /** Not at all: the service listens, and who may reach it is said by `connections` and `connectTo`. */
  public static none(): Ingress {
    return new Ingress('none');
  }

  private constructor(
    /** What messages and reports call it. */
    public readonly description: string,
    /** @internal */
    public readonly _gate?: Gate,
  ) {}
}
