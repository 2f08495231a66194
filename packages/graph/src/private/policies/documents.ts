import type { TemplateResource } from '../assembly/template';
import { Value, stringOf } from '../evaluation/value';
import type { Model, Related } from '../model';

/** A policy document, and the resource that holds it. */
interface DocumentOn {
  readonly holder: TemplateResource;
  readonly document: Value;
  readonly doubts: readonly string[];
}

/** Where the policy of a resource type stands: within the resource, or in one beside it that names it. */
interface PolicySource {
  readonly of: string;
  readonly within?: string;
  readonly beside?: {
    readonly type: string;
    readonly names: string;
    readonly document: string;
    readonly called?: string;
  };
}

const SOURCES: readonly PolicySource[] = [
  beside('AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket', 'PolicyDocument', 'BucketName'),
  beside('AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues', 'PolicyDocument'),
  beside('AWS::SQS::Queue', 'AWS::SQS::QueueInlinePolicy', 'Queue', 'PolicyDocument'),
  beside('AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics', 'PolicyDocument'),
  beside('AWS::SNS::Topic', 'AWS::SNS::TopicInlinePolicy', 'TopicArn', 'PolicyDocument'),
  beside('AWS::SecretsManager::Secret', 'AWS::SecretsManager::ResourcePolicy', 'SecretId', 'ResourcePolicy'),
  beside('AWS::Events::EventBus', 'AWS::Events::EventBusPolicy', 'EventBusName', 'Statement', 'Name'),
  beside('AWS::Kinesis::Stream', 'AWS::Kinesis::ResourcePolicy', 'ResourceArn', 'ResourcePolicy'),
  within('AWS::KMS::Key', 'KeyPolicy'),
  within('AWS::ECR::Repository', 'RepositoryPolicyText'),
  within('AWS::EFS::FileSystem', 'FileSystemPolicy'),
  within('AWS::OpenSearchService::Domain', 'AccessPolicies'),
  within('AWS::Elasticsearch::Domain', 'AccessPolicies'),
  within('AWS::DynamoDB::Table', 'ResourcePolicy.PolicyDocument'),
  within('AWS::DynamoDB::GlobalTable', 'Replicas.ResourcePolicy.PolicyDocument'),
  within('AWS::Kinesis::Stream', 'ResourcePolicy.PolicyDocument'),
  within('AWS::Backup::BackupVault', 'AccessPolicy'),
  within('AWS::ApiGateway::RestApi', 'Policy'),
  within('AWS::EC2::VPCEndpoint', 'PolicyDocument'),
  within('AWS::IAM::Role', 'AssumeRolePolicyDocument'),
  within('AWS::Events::EventBus', 'Policy'),
];

function beside(of: string, type: string, names: string, document: string, called?: string): PolicySource {
  return { of, beside: { type, names, document, called } };
}

function within(of: string, document: string): PolicySource {
  return { of, within: document };
}

/** Types whose access is decided by a policy that stands on the resource. */
export const TYPES_WITH_POLICY: readonly string[] = [
  ...new Set([...SOURCES.map(({ of }) => of), 'AWS::Lambda::Function']),
];

/** The policy documents on a resource. */
export function documentsOn(model: Model, resource: TemplateResource): DocumentOn[] {
  return SOURCES.filter(({ of }) => of === resource.type).flatMap(({ within: path, beside: other }) => {
    if (path !== undefined) return documentAt(model, { resource, doubts: [] }, path);
    if (!other) return [];
    const holders = [
      ...model.naming(resource, other.type, other.names),
      ...(other.called ? calling(model, resource, other.type, other.names, other.called) : []),
    ];
    return holders.flatMap((holder) => documentAt(model, holder, other.document));
  });
}

function documentAt(model: Model, { resource: holder, doubts }: Related, path: string): DocumentOn[] {
  const document = model.property(holder, path);
  return document ? [{ holder, document, doubts }] : [];
}

/** Policies that give the name of a resource instead of a reference to it. */
function calling(model: Model, resource: TemplateResource, type: string, names: string, called: string): Related[] {
  const name = stringOf(model.property(resource, called));
  if (name === undefined) return [];
  return model
    .ofType(type)
    .filter((holder) => model.items(holder, names).some((said) => stringOf(said) === name))
    .map((holder) => ({ resource: holder, doubts: model.doubtsAbout(holder) }));
}
