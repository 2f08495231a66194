import type { TemplateResource } from '../assembly/template';
import { booleanOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model } from '../model';
import { Opening, unique } from '../network/openings';
import { tcp } from '../network/ports';
import { ANYONE, isBlocked, publicAccess } from '../policies/public-access';
import { statementsOn } from '../policies/statements';
import { standsFor } from './owners';

/** Whether a managed service listens on the internet by itself: why it may, or undefined when it does not. */
type Listens = (model: Model, resource: TemplateResource) => readonly string[] | undefined;

const DOORS: Readonly<Record<string, Listens>> = {
  'AWS::CloudFront::Distribution': unless('DistributionConfig.Enabled', 'false'),
  'AWS::ApiGateway::RestApi': (model, it) => {
    const closed = unless('EndpointConfiguration.Types', 'PRIVATE')(model, it);
    return closed && [...closed, ...(ownName(model, it) ?? [])];
  },
  'AWS::ApiGatewayV2::Api': (model, it) => ownName(model, it) ?? [],
  'AWS::AppSync::GraphQLApi': unless('Visibility', 'PRIVATE'),
  'AWS::AppRunner::Service': unless('NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible', 'false'),
  'AWS::GlobalAccelerator::Accelerator': unless('Enabled', 'false'),
  'AWS::EKS::Cluster': unless('ResourcesVpcConfig.EndpointPublicAccess', 'false'),
  'AWS::Lambda::Url': urlDoubts,
};

/** Types that listen on the internet by themselves. */
export const DOOR_TYPES: readonly string[] = Object.keys(DOORS);

/** Open, unless a property has a value. */
function unless(property: string, closing: string): Listens {
  return (model, resource) => {
    const said = model.items(resource, property);
    const open = said.flatMap((value) => unknownIn(value)?.why ?? []);
    return said.some((value) => stringOf(value) === closing) ? undefined : open;
  };
}

/** An API whose own address is turned off is asked by the name of a domain, if one is mapped to it. */
function ownName(model: Model, api: TemplateResource): string[] | undefined {
  if (booleanOf(model.property(api, 'DisableExecuteApiEndpoint')) !== true) return undefined;
  const isMapped = ['AWS::ApiGatewayV2::ApiMapping', 'AWS::ApiGateway::BasePathMapping'].some((type) =>
    ['ApiId', 'RestApiId'].some((property) => model.naming(api, type, property).length > 0),
  );
  return isMapped ? undefined : [`whether a domain leads to ${api.path} is not in this assembly`];
}

/** A URL without authentication answers those whom a permission of its function admits. https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
function urlDoubts(model: Model, url: TemplateResource): string[] | undefined {
  const type = model.property(url, 'AuthType');
  const open = unknownIn(type);
  if (!open && stringOf(type) !== 'NONE') return undefined;
  const [fn] = model.named(url, 'TargetFunctionArn');
  const names = fn ? [fn.resource, ...model.named(fn.resource, 'FunctionName').map(({ resource }) => resource)] : [];
  const admitted = names.some((name) =>
    model
      .naming(name, 'AWS::Lambda::Permission', 'FunctionName')
      .some(({ resource }) => stringOf(model.property(resource, 'FunctionUrlAuthType')) === 'NONE'),
  );
  const permission = admitted ? [] : [`no permission in this assembly admits everybody to ${url.path}`];
  return [...(open ? [open.why] : []), ...permission];
}

/** The openings of a resource that stands in no network of ours. */
export function openDoors(model: Model, resource: TemplateResource): Opening[] {
  const doors = [...serviceDoor(model, resource), ...policyDoors(model, resource), ...publicAcl(model, resource)];
  return doors.map((door) => ({ ...door, doubts: unique([...door.doubts, ...model.doubtsAbout(resource)]) }));
}

function serviceDoor(model: Model, resource: TemplateResource): Opening[] {
  const outside = standsFor(model, resource);
  if (outside !== undefined)
    return [opening(ANYONE, resource, [`whether the internet reaches ${outside} is not in this assembly`])];
  const doubts = DOORS[resource.type]?.(model, resource);
  if (!doubts) return [];
  const whole = opening(ANYONE, resource, doubts);
  // the policy of an API decides who may ask at its door
  if (resource.type === 'AWS::ApiGateway::RestApi' && statementsOn(model, resource).length > 0)
    return publicAccess(model, resource).map((open) => ({ ...open, doubts: [...doubts, ...open.doubts] }));
  if (resource.type !== 'AWS::EKS::Cluster') return [whole];
  const blocks = model.items(resource, 'ResourcesVpcConfig.PublicAccessCidrs');
  if (blocks.length === 0) return [whole];
  return blocks.map((block) =>
    opening(textOf(block), resource, [...doubts, ...(unknownIn(block) ? [unknownIn(block)?.why ?? ''] : [])]),
  );
}

function opening(source: string, resource: TemplateResource, doubts: readonly string[]): Opening {
  return { source, ports: tcp(443), allowedBy: [resource.path], doubts };
}

/** Types whose policy is no door: a role is taken, a key opens nothing by itself, the others are reached otherwise. */
const NO_DOOR = new Set([
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::EFS::FileSystem',
  'AWS::EC2::VPCEndpoint',
  'AWS::ApiGateway::RestApi',
]);

/** What a policy opens to everybody: the API of AWS is on the internet. */
function policyDoors(model: Model, resource: TemplateResource): Opening[] {
  const isInVpc = resource.type.endsWith('::Domain') && model.property(resource, 'VPCOptions') !== undefined;
  return NO_DOOR.has(resource.type) || isInVpc ? [] : publicAccess(model, resource);
}

const PUBLIC_ACLS = new Set(['PublicRead', 'PublicReadWrite']);

function publicAcl(model: Model, bucket: TemplateResource): Opening[] {
  if (bucket.type !== 'AWS::S3::Bucket' || !PUBLIC_ACLS.has(textOf(model.property(bucket, 'AccessControl')))) return [];
  const ignored = isBlocked(model, bucket, 'IgnorePublicAcls');
  if (ignored === true) return [];
  const ownership = model.items(bucket, 'OwnershipControls.Rules.ObjectOwnership').map(textOf);
  if (ownership.length === 0 || ownership.includes('BucketOwnerEnforced')) return [];
  return [opening(ANYONE, bucket, typeof ignored === 'string' ? [ignored] : [])];
}
