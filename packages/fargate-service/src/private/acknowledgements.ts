import { Findings } from '@groundplan/core';
import { CfnApiMapping, CfnRoute, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ServiceDefaults } from './defaults';

/** Acknowledges what rules find in every balancer and cannot be otherwise. */
export function acknowledgeLoadBalancer(loadBalancer: ApplicationLoadBalancer, defaults: ServiceDefaults): void {
  const resource = loadBalancer.node.defaultChild!;
  Findings.acknowledge(
    resource,
    ['NIST.800.53.R5-ALBWAFEnabled', 'PCI.DSS.321-ALBWAFEnabled'],
    'Which rules a web firewall has depends on the application (C22). Associate one with service.loadBalancer.loadBalancerArn.',
  );
  if (defaults.accessLogDays === 0)
    Findings.acknowledge(
      resource,
      [
        'AwsSolutions-ELB2',
        ...Findings.standards('ELBLoggingEnabled'),
        'cdk-validator-cfnguard::elbv2_logging_enabled_check',
        'checkov::CKV_AWS_91',
      ],
      'Access logs are kept in staging and production; here they would leave a bucket behind for every balancer that comes and goes. loadBalancer.logAccessLogs(bucket) keeps them.',
    );
  if (!defaults.deletionProtection)
    Findings.acknowledge(
      resource,
      [
        'NIST.800.53.R5-ELBDeletionProtectionEnabled',
        'HIPAA.Security-ELBDeletionProtectionEnabled',
        'cdk-validator-cfnguard::elbv2_deletion_protection_enabled_check',
      ],
      'Only in production a balancer has to be unlocked before it can be deleted: elsewhere environments come and go.',
    );
}

/** Acknowledges what rules find where the internet may come, which somebody asked for. */
export function acknowledgePublicEntry(loadBalancer: ApplicationLoadBalancer, redirect: ApplicationListener): void {
  for (const securityGroup of loadBalancer.connections.securityGroups)
    Findings.acknowledge(
      securityGroup.node.defaultChild!,
      ['AwsSolutions-EC23', 'checkov::CKV_AWS_260'],
      'Ingress.publicLoadBalancer says that the internet may come: on 443, and on 80 to be sent there. Ingress.internalLoadBalancer does not.',
    );
  Findings.acknowledge(
    redirect.node.defaultChild!,
    Findings.standards('ELBv2ACMCertificateRequired'),
    'This listener answers HTTP with a redirect to HTTPS and nothing else.',
  );
}

/** Acknowledges what rules find in a distribution in front of a service. */
export function acknowledgeDistribution(distribution: Distribution, webAclArn: string | undefined): void {
  const resource = distribution.node.defaultChild!;
  Findings.acknowledge(
    resource,
    ['AwsSolutions-CFR1'],
    'An API is asked from wherever its clients are. A rule of the web ACL or of the application knows more than a list of countries.',
  );
  Findings.acknowledge(
    resource,
    ['AwsSolutions-CFR3', 'cdk-validator-cfnguard::cloudfront_access_logs_enabled_check', 'checkov::CKV_AWS_86'],
    'Nothing is cached: every request reaches the load balancer behind it, which keeps access logs in staging and production.',
  );
  Findings.acknowledge(
    resource,
    ['cdk-validator-cfnguard::cloudfront_default_root_object_configured_check'],
    'Behind it is a service that answers / itself, and no bucket.',
  );
  Findings.acknowledge(
    resource,
    ['cdk-validator-cfnguard::cloudfront_origin_failover_enabled_check'],
    'The origin is a load balancer over several zones. A second origin would be a second region, which is a decision of its own.',
  );
  if (webAclArn === undefined)
    Findings.acknowledge(
      resource,
      ['AwsSolutions-CFR2', 'checkov::CKV_AWS_68'],
      'Which rules a web firewall has depends on the application (C22). Pass webAclArn for one.',
    );
}

/** Acknowledges what rules find in an HTTP API in front of a service. */
export function acknowledgeHttpApi(httpApi: HttpApi): void {
  const below = httpApi.node.findAll();
  for (const route of below.filter((construct) => CfnRoute.isCfnRoute(construct)))
    Findings.acknowledge(
      route,
      ['AwsSolutions-APIG4', 'cdk-validator-cfnguard::api_gw_v2_authorization_type_configured_check'],
      'Who may do what is decided by the service, which sees every request. An authorizer of API Gateway can be added to httpApi.',
    );
  for (const mapping of below.filter((construct) => CfnApiMapping.isCfnApiMapping(construct)))
    Findings.acknowledge(
      mapping,
      ['cfn-lint::W3005'],
      'CDK makes a mapping wait for its domain name, which it names as well.',
    );
}
