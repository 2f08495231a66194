import type { TemplateResource } from '../assembly/template';
import { Value, at, numberOf, referencesIn, stringOf } from '../evaluation/value';
import type { Model, Related } from '../model';
import { ENDPOINT_TYPES } from '../network/endpoint-types';
import { unique } from '../network/openings';
import { Ports, tcp } from '../network/ports';
import { publicAccess } from '../policies/public-access';
import { Statement, namesOfFunction, statementsOn } from '../policies/statements';
import { Forward, Over, serviceForward } from './forward';

const DISTRIBUTION = 'AWS::CloudFront::Distribution';

/** Distributions that have a resource as an origin, in a VPC or not, or that run it at the edge. */
export function fromDistributions(model: Model, to: TemplateResource): Forward[] {
  return [...throughVpcOrigins(model, to), ...origins(model, to), ...atTheEdge(model, to)];
}

function throughVpcOrigins(model: Model, to: TemplateResource): Forward[] {
  const CONFIG = 'VpcOriginEndpointConfig';
  return model.naming(to, 'AWS::CloudFront::VpcOrigin', `${CONFIG}.Arn`).flatMap((origin) =>
    model.naming(origin.resource, DISTRIBUTION, 'DistributionConfig.Origins').map((distribution) => ({
      ...serviceForward(distribution.resource, distribution, origin),
      leaving: originPorts(model.property(origin.resource, CONFIG)),
      over: Over.NETWORK,
      asks: origin.resource,
    })),
  );
}

function origins(model: Model, to: TemplateResource): Forward[] {
  return model.naming(to, DISTRIBUTION, 'DistributionConfig.Origins').map((distribution) => {
    const forward = serviceForward(distribution.resource, distribution);
    if (to.type === 'AWS::S3::Bucket') return { ...forward, ...admittedBy(model, to, distribution.resource) };
    if (to.type === 'AWS::Lambda::Url') return { ...forward, ...urlAccess(model, to, distribution) };
    // a balancer or an instance is asked by its public name
    return to.type in ENDPOINT_TYPES
      ? { ...forward, over: Over.INTERNET, leaving: portsToward(model, distribution.resource, to) }
      : forward;
  });
}

function atTheEdge(model: Model, to: TemplateResource): Forward[] {
  if (to.type !== 'AWS::Lambda::Function') return [];
  return namesOfFunction(model, to).flatMap((name) =>
    ['DefaultCacheBehavior', 'CacheBehaviors'].flatMap((behavior) =>
      model
        .naming(name, DISTRIBUTION, `DistributionConfig.${behavior}.LambdaFunctionAssociations`)
        .map((distribution) => serviceForward(distribution.resource, distribution)),
    ),
  );
}

function portsToward(model: Model, distribution: TemplateResource, to: TemplateResource): Ports[] {
  return model
    .items(distribution, 'DistributionConfig.Origins')
    .filter((origin) => referencesIn(origin).some((found) => found.to === to))
    .flatMap((origin) => originPorts(at(origin, 'CustomOriginConfig')));
}

/** The ports that CloudFront asks an origin on. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-customoriginconfig.html */
function originPorts(config: Value | undefined): Ports[] {
  const [http, https] = [numberOf(at(config, 'HTTPPort')) ?? 80, numberOf(at(config, 'HTTPSPort')) ?? 443];
  switch (stringOf(at(config, 'OriginProtocolPolicy'))) {
    case 'http-only':
      return [tcp(http)];
    case 'https-only':
      return [tcp(https)];
    default:
      return [tcp(http), tcp(https)];
  }
}

/** A bucket answers a distribution that its policy names, and everybody whom it admits anyway. */
function admittedBy(model: Model, bucket: TemplateResource, distribution: TemplateResource): Partial<Forward> {
  const naming = statementsOn(model, bucket).filter(
    (statement) => statement.allows && namesDistribution(statement, distribution),
  );
  const open = [...naming, ...publicAccess(model, bucket)];
  const allowedBy = unique([
    ...naming.map(({ writtenIn }) => writtenIn),
    ...publicAccess(model, bucket).flatMap((opening) => opening.allowedBy),
  ]);
  if (open.length === 0) return { doubts: [`no policy of ${bucket.path} in this assembly admits CloudFront`] };
  return { allowedBy, doubts: open.find(({ doubts }) => doubts.length === 0)?.doubts ?? open[0].doubts };
}

/** A statement for CloudFront, unless it is for another distribution alone. */
function namesDistribution({ principals, conditions }: Statement, distribution: TemplateResource): boolean {
  if (!principals.some((principal) => /cloudfront|^canonicaluser:/i.test(principal))) return false;
  const named = conditions
    .filter(({ key }) => key.toLowerCase() === 'aws:sourcearn')
    .flatMap(({ values }) => values.flatMap(referencesIn))
    .filter(({ to }) => to.type === DISTRIBUTION);
  return named.length === 0 || named.some(({ to }) => to === distribution);
}

/** A URL that asks for signatures answers a distribution that a permission of its function names. */
function urlAccess(model: Model, url: TemplateResource, distribution: Related): Partial<Forward> {
  if (stringOf(model.property(url, 'AuthType')) === 'NONE') return {};
  const fns = model.named(url, 'TargetFunctionArn').map(({ resource }) => resource);
  const admits = fns.some((fn) =>
    statementsOn(model, fn).some(({ principals }) => principals.some((principal) => /cloudfront/i.test(principal))),
  );
  if (admits) return {};
  return { doubts: [...distribution.doubts, `no permission in this assembly admits CloudFront to ${url.path}`] };
}
