import { Stack } from 'aws-cdk-lib';
import { CfnDomainName } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Distribution, OriginProtocolPolicy, ViewerProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancing';
import {
  ApplicationListenerProps,
  ApplicationLoadBalancer,
  ListenerAction,
  ListenerCondition,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnDomain } from 'aws-cdk-lib/aws-opensearchservice';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Checked, acknowledge, said } from '../checked';

const RULE = 'HttpsOnly';
const certificate = (stack: Stack, region = 'eu-central-1') =>
  Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws-x:acm:${region}:1:certificate/x`);
const toHttps = ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true });
const answer = ListenerAction.fixedResponse(200);

function listener(stack: Stack, props: Partial<ApplicationListenerProps>) {
  const alb = new ApplicationLoadBalancer(stack, 'Balancer', { vpc: new Vpc(stack, 'Vpc') });
  return alb.addListener('Listener', { defaultAction: answer, ...props } as ApplicationListenerProps);
}

describe('a listener', () => {
  test('that answers plain HTTP is found', () => {
    expect(said(RULE, (stack) => listener(stack, { port: 80 }))).toEqual([
      'Shop/Balancer/Listener/Resource answers plain HTTP.',
    ]);
  });

  test('that redirects to HTTPS is not', () => {
    expect(said(RULE, (stack) => listener(stack, { port: 80, defaultAction: toHttps }))).toEqual([]);
  });

  test('that redirects, with a rule that answers, is found by the rule', () => {
    const messages = said(RULE, (stack) =>
      listener(stack, { port: 80, defaultAction: toHttps }).addAction('Answer', {
        priority: 1,
        conditions: [ListenerCondition.pathPatterns(['/health'])],
        action: answer,
      }),
    );
    expect(messages).toEqual(['Shop/Balancer/Listener/AnswerRule/Resource answers plain HTTP.']);
  });

  test.each([
    [SslPolicy.RECOMMENDED_TLS, []],
    [SslPolicy.TLS12, []],
    [SslPolicy.TLS13_13, []],
    [SslPolicy.TLS13_10, [expect.stringContaining('ELBSecurityPolicy-TLS13-1-0-2021-06')]],
    [SslPolicy.LEGACY, [expect.stringContaining('admits clients below TLS 1.2')]],
  ])('with the policy %s', (sslPolicy, expected) => {
    expect(
      said(RULE, (stack) => listener(stack, { port: 443, sslPolicy, certificates: [certificate(stack)] })),
    ).toEqual(expected);
  });
});

test('a classic balancer that answers plain HTTP is found', () => {
  const listeners = [{ loadBalancerPort: '80', instancePort: '80', protocol: 'http' }];
  expect(said(RULE, (stack) => new CfnLoadBalancer(stack, 'Classic', { listeners }))).toEqual([
    'Shop/Classic answers plain HTTP.',
  ]);
});

describe('a distribution', () => {
  test('is found for viewers over HTTP, for old TLS and for an origin over HTTP', () => {
    const origin = new HttpOrigin('shop.example', { protocolPolicy: OriginProtocolPolicy.HTTP_ONLY });
    const behaviour = { origin, viewerProtocolPolicy: ViewerProtocolPolicy.ALLOW_ALL };
    expect(said(RULE, (stack) => new Distribution(stack, 'Cdn', { defaultBehavior: behaviour }))).toEqual([
      'Shop/Cdn/Resource serves viewers over plain HTTP (viewer protocol policy "allow-all").',
      'Shop/Cdn/Resource admits viewers below TLS 1.2: its minimum is TLSv1, as always with the certificate of *.cloudfront.net.',
      'Shop/Cdn/Resource asks an origin over plain HTTP.',
    ]);
  });

  test('that redirects, with a certificate of its own, is not', () => {
    const origin = new HttpOrigin('shop.example');
    const behaviour = { origin, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS };
    const env = { region: 'us-east-1' }; // where CloudFront wants its certificates
    const checked = new Checked(
      (stack) =>
        new Distribution(stack, 'Cdn', {
          defaultBehavior: behaviour,
          domainNames: ['shop.example'],
          certificate: certificate(stack, 'us-east-1'),
        }),
      { env },
    );
    expect(checked.said(RULE)).toEqual([]);
  });
});

test('a bucket has to deny what comes without TLS', () => {
  expect(said(RULE, (stack) => new Bucket(stack, 'Bucket'))).toEqual([
    'Shop/Bucket/Resource answers requests without TLS: no policy denies them.',
  ]);
  expect(said(RULE, (stack) => new Bucket(stack, 'Bucket', { enforceSSL: true }))).toEqual([]);
});

test.each([
  ['TLS_1_0', ['Shop/Domain admits clients below TLS 1.2 (security policy TLS_1_0).']],
  ['TLS_1_2', []],
])('a domain of API Gateway with %s', (securityPolicy, expected) => {
  expect(said(RULE, (stack) => new CfnDomainName(stack, 'Domain', { securityPolicy }))).toEqual(expected);
});

test('search has to enforce HTTPS', () => {
  const of = (enforceHttps?: boolean) => (stack: Stack) =>
    new CfnDomain(stack, 'Search', { domainEndpointOptions: { enforceHttps } });
  expect(said(RULE, of())).toEqual(['Shop/Search answers plain HTTP.']);
  expect(said(RULE, of(true))).toEqual([]);
});

test('is acknowledged like every rule', () => {
  const checked = new Checked((stack) => acknowledge(new Bucket(stack, 'Bucket'), 'groundplan::HttpsOnly'));
  expect(checked.said(RULE)).toEqual([]);
});
