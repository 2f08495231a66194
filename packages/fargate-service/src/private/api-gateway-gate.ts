import { CfnStage, DomainName, EndpointType, HttpApi, SecurityPolicy, VpcLink } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpAlbIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import type { ApiGatewayVpcLinkOptions } from '../ingress';
import { acknowledgeHttpApi } from './acknowledgements';
import { checkHostname, checkRegionalCertificate } from './check-hostname';
import { closeOutbound } from './closed-outbound';
import { FIXED } from './defaults';
import { Gate, PUBLIC_INGRESS, Site } from './gate';
import { ownLogGroup } from './own-log-group';
import { certificateFor, loadBalancerFor, recordFor } from './load-balancer';

/** What is recorded of each request: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const LOGGED = {
  time: '$context.requestTime',
  id: '$context.requestId',
  client: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
};

/** An HTTP API in front of an internal balancer. */
export function apiGatewayGate(options: ApiGatewayVpcLinkOptions): Gate {
  const { hostname, zone } = options;
  return {
    hostname,
    check({ scope }, mistakes) {
      checkHostname(hostname, zone, mistakes);
      checkRegionalCertificate(scope, 'certificate', options.certificate, mistakes);
    },
    build(site, action) {
      const { scope } = site;
      const certificate = options.certificate ?? certificateFor(scope, hostname, zone);
      const entrance = loadBalancerFor(site, { internetFacing: false, certificate }, action);
      const domainName = new DomainName(scope, 'DomainName', {
        domainName: hostname,
        certificate,
        endpointType: EndpointType.REGIONAL,
        securityPolicy: SecurityPolicy.TLS_1_2,
      });
      const httpApi = new HttpApi(scope, 'HttpApi', {
        description: `In front of ${scope.node.path}`,
        // Nobody comes by the name that AWS gives, past whatever guards the name of one's own.
        disableExecuteApiEndpoint: true,
        createDefaultStage: false,
        defaultIntegration: new HttpAlbIntegration('LoadBalancer', entrance.listener, {
          vpcLink: linkFor(site, entrance.loadBalancer.connections.securityGroups[0] as SecurityGroup),
          secureServerName: hostname,
        }),
      });
      const stage = httpApi.addStage('Stage', {
        stageName: '$default',
        autoDeploy: true,
        throttle: options.throttle ?? { rateLimit: FIXED.requestsPerSecond, burstLimit: FIXED.requestBurst },
        detailedMetricsEnabled: true,
        domainMapping: { domainName },
      });
      const logGroup = ownLogGroup(scope, 'ApiLogs', site.defaults, 'addresses and paths, no content');
      (stage.node.defaultChild as CfnStage).accessLogSettings = {
        destinationArn: logGroup.logGroupArn,
        format: JSON.stringify(LOGGED),
      };
      httpApi.node.addMetadata(
        PUBLIC_INGRESS,
        `Ingress.apiGatewayVpcLink of "${scope.node.path}": clients on the internet ask ${hostname} over HTTPS.`,
      );
      const target = new ApiGatewayv2DomainProperties(domainName.regionalDomainName, domainName.regionalHostedZoneId);
      recordFor(scope, hostname, zone, target);
      acknowledgeHttpApi(httpApi);
      return { ...entrance, httpApi };
    },
  };
}

/** The link, with a security group that reaches the balancer and nothing else. */
function linkFor({ scope, vpc }: Site, balancer: SecurityGroup): VpcLink {
  const securityGroup = new SecurityGroup(scope, 'VpcLinkSecurityGroup', {
    vpc,
    description: `VPC link of ${scope.node.path}`,
    allowAllOutbound: false,
  });
  closeOutbound(securityGroup);
  securityGroup.connections.allowTo(balancer, Port.tcp(443), 'HTTPS to the load balancer');
  return new VpcLink(scope, 'VpcLink', {
    vpc,
    subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
  });
}
