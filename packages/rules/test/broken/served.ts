import { OPEN, Resources } from './resources';

const redirect = (Protocol: string, Type = 'redirect') => ({ Type, RedirectConfig: { Protocol } });
const answer = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } };
const listener = (Protocol: string, properties: object = {}) =>
  ['AWS::ElasticLoadBalancingV2::Listener', { Protocol, DefaultActions: [answer], ...properties }] as const;
const rule = (on: string, ...Actions: object[]) =>
  ['AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: { Ref: on }, Actions }] as const;
const classic = (...protocols: string[]) =>
  [
    'AWS::ElasticLoadBalancing::LoadBalancer',
    { Scheme: 'internal', Listeners: protocols.map((Protocol) => ({ Protocol })) },
  ] as const;
const distribution = (DistributionConfig: object) => ['AWS::CloudFront::Distribution', { DistributionConfig }] as const;
const viewers = (ViewerProtocolPolicy: string) => ({ ViewerProtocolPolicy });
const minimum = (MinimumProtocolVersion: unknown) => ({ ViewerCertificate: { MinimumProtocolVersion } });
const asking = (...policies: string[]) => ({
  ...minimum('TLSv1.2_2021'),
  Origins: policies.map((OriginProtocolPolicy) => ({ CustomOriginConfig: { OriginProtocolPolicy } })),
});
const statement = (bucket: string, Effect: string, Bool: object) =>
  [
    'AWS::S3::BucketPolicy',
    {
      Bucket: { Ref: bucket },
      PolicyDocument: {
        Statement: [{ Effect, Principal: { AWS: '111111111111' }, Action: 's3:*', Resource: '*', Condition: { Bool } }],
      },
    },
  ] as const;

/** What answers on a network: over plain HTTP, over old TLS, and as it should be. */
export const served: Resources = {
  Http: listener('HTTP'),
  HttpToHttp: listener('HTTP', { DefaultActions: [redirect('#{protocol}')] }),
  HttpForwards: listener('HTTP', { DefaultActions: [redirect('HTTPS', 'forward')] }),
  HttpAnswersToo: listener('HTTP', { DefaultActions: [redirect('HTTPS'), answer] }),
  SoundRedirect: listener('HTTP', { DefaultActions: [redirect('HTTPS')] }),
  HttpsByDefault: listener('HTTPS'),
  HttpsOld: listener('HTTPS', { SslPolicy: 'ELBSecurityPolicy-TLS13-1-0-2021-06' }),
  HttpsOfNoText: listener('HTTPS', { SslPolicy: { Name: 'ELBSecurityPolicy-TLS13-1-3-2021-06' } }),
  TlsOld: listener('TLS', { SslPolicy: 'ELBSecurityPolicy-FS-1-1-2019-08' }),
  SoundTcp: listener('TCP'),
  SoundTls13: listener('HTTPS', { SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }),
  SoundTls12: listener('HTTPS', { SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' }),
  SoundOnly12: listener('TLS', { SslPolicy: 'ELBSecurityPolicy-TLS-1-2-Ext-2018-06' }),
  SoundForward: listener('TLS', { SslPolicy: 'ELBSecurityPolicy-FS-1-2-Res-2020-10' }),
  SoundOpen: listener('HTTPS', { SslPolicy: OPEN }),
  Rule: rule('SoundRedirect', answer),
  RuleAnswersToo: rule('SoundRedirect', redirect('HTTPS'), answer),
  SoundRuleElsewhere: ['AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: 'listener/1', Actions: [answer] }],
  SoundRuleRedirects: rule('SoundRedirect', redirect('HTTPS')),
  SoundRule: rule('SoundTls13', { Type: 'forward', TargetGroupArn: { Ref: 'SoundTargets' } }),
  SoundTargets: ['AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTP' }],
  Classic: classic('https', 'http'),
  SoundClassic: classic('HTTPS', 'ssl', 'tcp'),

  Distribution: distribution({ DefaultCacheBehavior: viewers('allow-all') }),
  DistributionOfAFolder: distribution({
    ...minimum('TLSv1.1_2016'),
    DefaultCacheBehavior: viewers('https-only'),
    CacheBehaviors: [viewers('redirect-to-https'), viewers('allow-all')],
  }),
  DistributionAsks: distribution(asking('https-only', 'http-only')),
  SoundDistribution: distribution({
    ...asking('https-only', 'match-viewer'),
    DefaultCacheBehavior: viewers('redirect-to-https'),
    CacheBehaviors: [viewers('https-only')],
  }),
  SoundTls13Distribution: distribution(minimum('TLSv1.3_2025')),
  SoundOpenDistribution: distribution(minimum(OPEN)),

  Bucket: ['AWS::S3::Bucket'],
  BucketAllows: ['AWS::S3::Bucket'],
  BucketAllowsPolicy: statement('BucketAllows', 'Allow', { 'aws:SecureTransport': 'true' }),
  BucketDeniesOthers: ['AWS::S3::Bucket'],
  BucketDeniesOthersPolicy: statement('BucketDeniesOthers', 'Deny', { 'aws:PrincipalIsAWSService': 'false' }),
  SoundBucket: ['AWS::S3::Bucket'],
  SoundBucketPolicy: statement('SoundBucket', 'Deny', { 'aws:SecureTransport': 'false' }),

  Domain: ['AWS::ApiGateway::DomainName', { SecurityPolicy: 'TLS_1_0' }],
  SoundDomain: ['AWS::ApiGateway::DomainName', { SecurityPolicy: 'TLS_1_2' }],
  HttpDomain: [
    'AWS::ApiGatewayV2::DomainName',
    { DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2' }, { SecurityPolicy: 'TLS_1_0' }] },
  ],
  SoundHttpDomain: ['AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2' }] }],
  Search: ['AWS::OpenSearchService::Domain', { DomainEndpointOptions: { EnforceHTTPS: false } }],
  SoundSearch: ['AWS::OpenSearchService::Domain', { DomainEndpointOptions: { EnforceHTTPS: true } }],
};
