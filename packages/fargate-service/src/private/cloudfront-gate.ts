import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { AaaaRecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { CloudFrontVpcOriginOptions } from '../ingress';
import { acknowledgeDistribution } from './acknowledgements';
import { checkCertificate, checkHostname, checkRegionalCertificate } from './check-hostname';
import { Gate, PUBLIC_INGRESS } from './gate';
import { certificateFor, loadBalancerFor, recordFor } from './load-balancer';

/** CloudFront takes its certificates from there, whatever region the origin is in. */
const CLOUDFRONT_REGION = { region: 'us-east-1', because: 'where CloudFront looks for it' };

/** A distribution in front of an internal balancer. */
export function cloudFrontGate(options: CloudFrontVpcOriginOptions): Gate {
  const { hostname, zone, viewerCertificate, originCertificate, originFacing } = options;
  return {
    hostname,
    check({ scope }, mistakes) {
      checkHostname(hostname, zone, mistakes);
      checkCertificate('viewerCertificate', viewerCertificate, CLOUDFRONT_REGION, mistakes);
      checkRegionalCertificate(scope, 'originCertificate', originCertificate, mistakes);
    },
    build(site, action) {
      const certificate = originCertificate ?? certificateFor(site.scope, hostname, zone);
      const entrance = loadBalancerFor(site, { internetFacing: false, certificate }, action);
      const { loadBalancer } = entrance;
      loadBalancer.connections.allowFrom(Peer.prefixList(originFacing.prefixListId), Port.tcp(443), 'CloudFront');
      const distribution = new Distribution(site.scope, 'Distribution', {
        comment: `In front of ${site.scope.node.path}`,
        domainNames: [hostname],
        certificate: viewerCertificate,
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        httpVersion: HttpVersion.HTTP2_AND_3,
        webAclId: options.webAclArn,
        defaultBehavior: {
          // The balancer's certificate is for the viewer's Host, which is passed on.
          origin: VpcOrigin.withApplicationLoadBalancer(loadBalancer, {
            protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
            originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          }),
          viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER,
          responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
        },
      });
      distribution.node.addMetadata(
        PUBLIC_INGRESS,
        `Ingress.cloudFrontVpcOrigin of "${site.scope.node.path}": clients on the internet ask ${hostname} over HTTPS.`,
      );
      const target = new CloudFrontTarget(distribution);
      recordFor(site.scope, hostname, zone, target);
      // CloudFront answers over IPv6 too, and asks the balancer over IPv4.
      new AaaaRecord(site.scope, 'AliasIpv6', {
        zone,
        recordName: `${hostname}.`,
        target: RecordTarget.fromAlias(target),
      });
      acknowledgeDistribution(distribution, options.webAclArn);
      return { ...entrance, distribution };
    },
  };
}
