import type { GraphResource } from '@groundplan/graph';
import { CheckedAssembly, Json, Objection, Rule, dig, isOpen, isTrue } from '../rule';

export const httpsOnly: Rule = {
  id: 'HttpsOnly',
  demands: 'Nothing is served without TLS 1.2 or later; plain HTTP is answered by a redirect at most.',
  because: 'What travels in the clear can be read and changed on its way.',
  check: (assembly) => [
    ...assembly.ofType('AWS::ElasticLoadBalancingV2::Listener').flatMap((it) => listener(assembly, it)),
    ...assembly.ofType('AWS::ElasticLoadBalancingV2::ListenerRule').flatMap((it) => listenerRule(assembly, it)),
    ...assembly.ofType('AWS::ElasticLoadBalancing::LoadBalancer').flatMap((it) => classicBalancer(assembly, it)),
    ...assembly.ofType('AWS::CloudFront::Distribution').flatMap((it) => distribution(assembly, it)),
    ...assembly.ofType('AWS::S3::Bucket').flatMap((it) => bucket(assembly, it)),
    ...assembly
      .ofType('AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName')
      .flatMap((it) => domain(assembly, it)),
    ...assembly.ofType('AWS::OpenSearchService::Domain').flatMap((it) => search(assembly, it)),
  ],
};

/** Policies of balancers that admit nothing below TLS 1.2. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const MODERN_POLICY = /TLS13-1-[23]|TLS-1-2|FS-1-2/;

function listener(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const protocol = assembly.text(resource, 'Protocol');
  if (protocol === 'HTTP' && !assembly.list(resource, 'DefaultActions').every(redirectsToHttps))
    return [plainHttp(resource, 'Properties/DefaultActions')];
  if (protocol !== 'HTTPS' && protocol !== 'TLS') return [];
  const policy = assembly.text(resource, 'SslPolicy');
  if (isOpen(policy) || MODERN_POLICY.test(policy)) return [];
  return [
    {
      resource,
      location: 'Properties/SslPolicy',
      message: `${resource.path} admits clients below TLS 1.2: its policy is ${policy || 'the default, ELBSecurityPolicy-2016-08'}.`,
      fix: 'Set sslPolicy: SslPolicy.RECOMMENDED_TLS.',
    },
  ];
}

/** A rule of an HTTP listener that does anything but redirect. */
function listenerRule(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const asked = assembly.graph
    .referencesFrom(resource)
    .filter(({ property }) => property === 'ListenerArn')
    .map(({ target }) => assembly.graph.at(target));
  const isHttp = asked.some((listening) => assembly.text(listening, 'Protocol') === 'HTTP');
  const redirects = assembly.list(resource, 'Actions').every(redirectsToHttps);
  return isHttp && !redirects ? [plainHttp(resource, 'Properties/Actions')] : [];
}

function plainHttp(resource: GraphResource, location: string): Objection {
  return {
    resource,
    location,
    message: `${resource.path} answers plain HTTP.`,
    fix: "Serve HTTPS with a certificate, and redirect here: ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }).",
  };
}

function redirectsToHttps(action: Json): boolean {
  return dig(action, ['Type']) === 'redirect' && dig(action, ['RedirectConfig', 'Protocol']) === 'HTTPS';
}

function classicBalancer(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const isHttp = assembly
    .list(resource, 'Listeners.Protocol')
    .some((protocol) => String(protocol).toLowerCase() === 'http');
  return isHttp ? [plainHttp(resource, 'Properties/Listeners')] : [];
}

function distribution(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const config = 'DistributionConfig';
  const location = (property: string) => `Properties/${config}/${property}`;
  const found: Objection[] = [];
  const policies = ['DefaultCacheBehavior', 'CacheBehaviors'].flatMap((behaviours) =>
    assembly.list(resource, `${config}.${behaviours}.ViewerProtocolPolicy`),
  );
  if (policies.includes('allow-all'))
    found.push({
      resource,
      location: location('DefaultCacheBehavior'),
      message: `${resource.path} serves viewers over plain HTTP (viewer protocol policy "allow-all").`,
      fix: 'Set viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS on every behaviour.',
    });
  const minimum = assembly.text(resource, `${config}.ViewerCertificate.MinimumProtocolVersion`);
  if (!isOpen(minimum) && !/^TLSv1\.[23]/.test(minimum))
    found.push({
      resource,
      location: location('ViewerCertificate'),
      message: `${resource.path} admits viewers below TLS 1.2: its minimum is ${minimum || 'TLSv1, as always with the certificate of *.cloudfront.net'}.`,
      fix: 'Give it a certificate and domain names, and minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021.',
    });
  if (assembly.list(resource, `${config}.Origins.CustomOriginConfig.OriginProtocolPolicy`).includes('http-only'))
    found.push({
      resource,
      location: location('Origins'),
      message: `${resource.path} asks an origin over plain HTTP.`,
      fix: 'Set protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY, or use a VPC origin or an S3 origin with origin access control.',
    });
  return found;
}

function bucket(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const denies = assembly.graph
    .policyOn(resource)
    .some(({ effect, conditions }) => effect === 'Deny' && conditions.includes('aws:SecureTransport'));
  if (denies) return [];
  return [
    {
      resource,
      message: `${resource.path} answers requests without TLS: no policy denies them.`,
      fix: 'Set enforceSSL: true.',
    },
  ];
}

function domain(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const policies = ['SecurityPolicy', 'DomainNameConfigurations.SecurityPolicy'].flatMap((path) =>
    assembly.list(resource, path),
  );
  if (!policies.includes('TLS_1_0')) return [];
  return [
    {
      resource,
      location: 'Properties/SecurityPolicy',
      message: `${resource.path} admits clients below TLS 1.2 (security policy TLS_1_0).`,
      fix: 'Set securityPolicy: SecurityPolicy.TLS_1_2.',
    },
  ];
}

function search(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  if (isTrue(assembly.at(resource, 'DomainEndpointOptions.EnforceHTTPS'))) return [];
  return [
    {
      resource,
      location: 'Properties/DomainEndpointOptions',
      message: `${resource.path} answers plain HTTP.`,
      fix: 'Set enforceHttps: true.',
    },
  ];
}
