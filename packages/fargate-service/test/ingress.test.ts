import { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { PrefixList, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Duration } from 'aws-cdk-lib/core';
import { Ingress } from '../src';
import { INGRESSES, KINDS, arnOf, certificateIn, groundIn, serviceBehind, serviceIn, serviceOn } from './services';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const hostname = 'api.example.com';

/** What a rule asks for: `host-header api.example.com`. */
function conditionsOf(template: Template): string[] {
  return Object.values(template.findResources(RULE)).flatMap(({ Properties }) =>
    Properties.Conditions.map(({ Field, HostHeaderConfig, PathPatternConfig, HttpHeaderConfig }: never) =>
      [Field, HttpHeaderConfig && `${(HttpHeaderConfig as { HttpHeaderName: string }).HttpHeaderName}:`]
        .concat(((HostHeaderConfig ?? PathPatternConfig ?? HttpHeaderConfig) as { Values: never[] }).Values)
        .filter(Boolean)
        .join(' '),
    ),
  );
}

test.each(KINDS)('%s is what messages and reports call it', (kind) => {
  expect(INGRESSES[kind](groundIn(Tier.SANDBOX)).description).toBe(kind);
});

describe('a public load balancer', () => {
  test('answers to its name only, with a certificate and a record that are made in its zone (IP-033)', () => {
    const { stack, service } = serviceIn(Tier.DEVELOPMENT);
    const template = Template.fromStack(stack);
    expect(conditionsOf(template)).toEqual(['host-header api.example.com']);
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: hostname,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: hostname, HostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: `${hostname}.`,
      Type: 'A',
      AliasTarget: {
        DNSName: { 'Fn::Join': ['', ['dualstack.', stack.resolve(service.loadBalancer!.loadBalancerDnsName)]] },
      },
    });
  });

  test('takes a certificate of yours, and then makes none', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const certificate = certificateIn(ground.stack, 'eu-central-1');
    serviceOn(ground, { ingress: Ingress.publicLoadBalancer({ hostname, zone: ground.zone, certificate }) });
    const template = Template.fromStack(ground.stack);
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.resourceCountIs('AWS::Route53::RecordSet', 1);
    template.hasResourceProperties(LISTENER, { Certificates: [{ CertificateArn: certificate.certificateArn }] });
  });

  test('answers to any name where none is given, and makes no record', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const certificate = certificateIn(ground.stack, 'eu-central-1');
    serviceOn(ground, { ingress: Ingress.publicLoadBalancer({ certificate }) });
    const template = Template.fromStack(ground.stack);
    expect(conditionsOf(template)).toEqual(['path-pattern /*']);
    template.resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test('keeps silent connections for as long as is said: WebSockets live longer than a minute', () => {
    const { zone, ...ground } = groundIn(Tier.DEVELOPMENT);
    const ingress = Ingress.publicLoadBalancer({ hostname, zone, idleTimeout: Duration.hours(1) });
    const { loadBalancer } = serviceOn({ zone, ...ground }, { ingress });
    const [{ Properties }] = Object.values(
      Template.fromStack(ground.stack).findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'),
    );
    expect(loadBalancer).toBeDefined();
    expect(Properties.LoadBalancerAttributes).toContainEqual({ Key: 'idle_timeout.timeout_seconds', Value: '3600' });
  });

  test('stands in the public subnets', () => {
    const { stack, network } = serviceIn(Tier.DEVELOPMENT);
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      Subnets: stack.resolve(network.vpc.selectSubnets(network.subnets('Public')).subnetIds),
    });
  });
});

describe('an internal load balancer', () => {
  test('stands in the private subnets, and nothing listens for plain HTTP', () => {
    const { stack, network } = serviceBehind('an internal load balancer', Tier.DEVELOPMENT);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internal',
      Subnets: stack.resolve(network.vpc.selectSubnets(network.subnets('Private')).subnetIds),
    });
    const ports = Object.values(template.findResources(LISTENER)).map(({ Properties }) => Properties.Port);
    expect(ports).toEqual([443]);
  });

  test('lets in whoever is named, on 443', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const client = new SecurityGroup(ground.stack, 'Client', { vpc: ground.network.vpc, allowAllOutbound: false });
    const { loadBalancer } = serviceOn(ground, {
      ingress: Ingress.internalLoadBalancer({ hostname, zone: ground.zone, clients: [client] }),
    });
    Template.fromStack(ground.stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: ground.stack.resolve(loadBalancer!.connections.securityGroups[0].securityGroupId),
      SourceSecurityGroupId: ground.stack.resolve(client.securityGroupId),
      FromPort: 443,
      ToPort: 443,
    });
  });
});

describe('a listener that stands', () => {
  test('has one more rule, with all that a request has to fulfil', () => {
    const { listener, stack, ...ground } = edge();
    const ingress = Ingress.listener(listener, {
      priority: 7,
      hosts: ['orders.example.com'],
      paths: ['/orders/*'],
      headers: { 'X-Version': ['2', '3'] },
    });
    serviceOn({ stack, ...ground }, { ingress }, 'Orders');
    const rules = Template.fromStack(stack).findResources(RULE, { Properties: { Priority: 7 } });
    expect(Object.values(rules)).toHaveLength(1);
    expect(Object.values(rules)[0].Properties.ListenerArn).toEqual(stack.resolve(listener.listenerArn));
    expect(conditionsOf(Template.fromStack(stack))).toEqual([
      'host-header api.example.com',
      'host-header orders.example.com',
      'path-pattern /orders/*',
      'http-header X-Version: 2 3',
    ]);
  });

  test('many services stand behind one balancer, before the service that made it', () => {
    const { listener, stack, ...ground } = edge();
    const names = Array.from({ length: 12 }, (_, i) => `Service${i + 1}`);
    for (const [i, name] of names.entries())
      serviceOn(
        { stack, ...ground },
        { ingress: Ingress.listener(listener, { priority: 100 * (i + 1), paths: [`/${name}/*`] }) },
        name,
      );
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    const priorities = Object.values(template.findResources(RULE)).map(({ Properties }) => Properties.Priority);
    expect(Math.max(...priorities)).toBe(50000);
    expect(new Set(priorities).size).toBe(13);
  });

  function edge() {
    const { service, ...ground } = serviceIn(Tier.DEVELOPMENT);
    return { ...ground, listener: service.listener! };
  }
});

describe('CloudFront with a VPC origin', () => {
  const kind = 'CloudFront with a VPC origin';

  test('asks the internal balancer over HTTPS by the name of the viewer, and caches nothing', () => {
    const { stack, service } = serviceBehind(kind, Tier.DEVELOPMENT);
    const template = Template.fromStack(stack);
    const [{ Properties }] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
    expect(Properties.DistributionConfig).toMatchObject({
      Aliases: [hostname],
      HttpVersion: 'http2and3',
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      DefaultCacheBehavior: {
        ViewerProtocolPolicy: 'redirect-to-https',
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: '216adef6-5c7f-47e4-b989-5492eafa07d3',
      },
    });
    template.hasResourceProperties('AWS::CloudFront::VpcOrigin', {
      VpcOriginEndpointConfig: {
        Arn: stack.resolve(service.loadBalancer!.loadBalancerArn),
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      },
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: `${hostname}.`,
      AliasTarget: { DNSName: stack.resolve(service.distribution!.distributionDomainName) },
    });
  });

  test('takes a certificate for the balancer and a web ACL of yours', () => {
    const { zone, stack, ...ground } = groundIn(Tier.DEVELOPMENT);
    const webAclArn = arnOf('wafv2', 'us-east-1', 'global/webacl/shop/12345678-1234-1234-1234-123456789012');
    const originCertificate = certificateIn(stack, 'eu-central-1');
    const ingress = Ingress.cloudFrontVpcOrigin({
      hostname,
      zone,
      webAclArn,
      originCertificate,
      viewerCertificate: certificateIn(stack, 'us-east-1'),
      originFacing: PrefixList.fromPrefixListId(stack, 'CloudFront', 'pl-a3a144ca'),
    });
    serviceOn({ zone, stack, ...ground }, { ingress });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: webAclArn } });
    template.hasResourceProperties(LISTENER, { Certificates: [{ CertificateArn: originCertificate.certificateArn }] });
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
  });
});

describe('API Gateway with a VPC link', () => {
  const kind = 'API Gateway with a VPC link';

  test('asks the internal balancer over HTTPS, and answers to no other name (BB-092)', () => {
    const { stack, service } = serviceBehind(kind, Tier.DEVELOPMENT);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', DisableExecuteApiEndpoint: true });
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      ConnectionType: 'VPC_LINK',
      IntegrationUri: stack.resolve(service.listener!.listenerArn),
      TlsConfig: { ServerNameToVerify: hostname },
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: hostname,
      DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' }],
    });
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
  });

  test.each<[Tier, number, string]>([
    [Tier.DEVELOPMENT, 30, 'Delete'],
    [Tier.STAGING, 60, 'Delete'],
    [Tier.PRODUCTION, 90, 'Retain'],
  ])('in %s its access log is kept for %d days (C27)', (tier, RetentionInDays, DeletionPolicy) => {
    const { stack } = serviceBehind(kind, tier);
    const logs = Object.entries(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    const [, log] = logs.find(([id]) => id.startsWith('ApiApiLogs'))!;
    expect(log).toMatchObject({ DeletionPolicy, Properties: { RetentionInDays } });
  });

  test('lets 1000 requests a second through, or as many as are said', () => {
    const routeSettings = (throttle?: { rateLimit: number; burstLimit: number }) => {
      const ground = groundIn(Tier.DEVELOPMENT);
      serviceOn(ground, { ingress: Ingress.apiGatewayVpcLink({ hostname, zone: ground.zone, throttle }) });
      const [{ Properties }] = Object.values(
        Template.fromStack(ground.stack).findResources('AWS::ApiGatewayV2::Stage'),
      );
      return Properties.DefaultRouteSettings;
    };
    expect(routeSettings()).toMatchObject({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500 });
    expect(routeSettings({ rateLimit: 5, burstLimit: 2 })).toMatchObject({
      ThrottlingRateLimit: 5,
      ThrottlingBurstLimit: 2,
    });
  });
});

test('none: the service listens, and nothing is made in front of it', () => {
  const { stack } = serviceBehind('none', Tier.PRODUCTION);
  const template = Template.fromStack(stack);
  for (const type of ['LoadBalancer', 'Listener', 'TargetGroup'])
    template.resourceCountIs(`AWS::ElasticLoadBalancingV2::${type}`, 0);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
});
