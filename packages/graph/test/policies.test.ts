import { att, graphOf, ref } from './assemblies';
import { ways } from './small-network';

const ANYBODY = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
const OPEN_BLOCK = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  },
};

/** A bucket with a policy; its public access block lets policies be public unless a test says otherwise. */
function bucket(statements: readonly object[], properties: object = OPEN_BLOCK, template: object = {}) {
  return graphOf({
    ...template,
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: properties },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: ref('Bucket'), PolicyDocument: { Statement: statements } },
      },
    },
  });
}

const when = (Condition: object) => ({ ...ANYBODY, Condition });
const deny = (Condition: object, more: object = {}) => ({
  ...ANYBODY,
  Effect: 'Deny',
  Action: 's3:*',
  Condition,
  ...more,
});
const PUBLIC = ['internet (anyone) -> 443/tcp Stack/Bucket'];

describe('a statement admits everybody', () => {
  const isPublic = (statement: object) => {
    const graph = bucket([statement]);
    return graph.policyOn(graph.at('Stack/Bucket'))[0].isPublic;
  };

  test.each<[string, object]>([
    ['the principal is *', ANYBODY],
    ['the principal is * of AWS', { ...ANYBODY, Principal: { AWS: '*' } }],
    ['everybody but one', { ...ANYBODY, Principal: undefined, NotPrincipal: { AWS: '111122223333' } }],
    ['under a condition that names nobody', when({ Bool: { 'aws:SecureTransport': 'true' } })],
    ['a condition excludes somebody', when({ StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } })],
    ['a condition also holds without its key', when({ StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } })],
    [
      'a condition over a set that may be empty',
      when({ 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-1' } }),
    ],
    ['any account', when({ StringLike: { 'aws:PrincipalAccount': '*' } })],
    ['any ARN', when({ ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/*' } })],
    ['half of the internet', when({ IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } })],
  ])('when %s', (_, statement) => expect(isPublic(statement)).toBe(true));

  test.each<[string, object]>([
    ['an account', { ...ANYBODY, Principal: { AWS: '111122223333' } }],
    ['a service', { ...ANYBODY, Principal: { Service: 'logging.s3.amazonaws.com' } }],
    ['an organization', when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })],
    ['a VPC endpoint', when({ StringEquals: { 'aws:SourceVpce': ref('Bucket') } })],
    ['a block of addresses', when({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
    ['roles of one account', when({ ArnLike: { 'aws:PrincipalArn': 'arn:x:iam::111122223333:role/*' } })],
  ])('not when it names %s', (_, statement) => expect(isPublic(statement)).toBe(false));
});

describe('a public bucket', () => {
  test('is open to anyone, by its policy', () => {
    const graph = bucket([ANYBODY]);
    expect(ways(graph, 'Bucket')).toEqual(PUBLIC);
    expect(graph.pathsFromInternetTo(graph.at('Stack/Bucket'))[0].hops[0].allowedBy).toEqual(['Stack/Policy']);
  });

  test('is closed by its public access block, which a bucket has unless it says otherwise', () => {
    expect(ways(bucket([ANYBODY], {}), 'Bucket')).toEqual([]);
    const settings = OPEN_BLOCK.PublicAccessBlockConfiguration;
    for (const setting of ['BlockPublicPolicy', 'RestrictPublicBuckets'])
      expect(
        ways(bucket([ANYBODY], { PublicAccessBlockConfiguration: { ...settings, [setting]: true } }), 'Bucket'),
      ).toEqual([]);
    expect(ways(bucket([ANYBODY], { PublicAccessBlockConfiguration: { BlockPublicAcls: true } }), 'Bucket')).toEqual(
      PUBLIC,
    );
  });

  test('a setting of the block that only a parameter knows: in doubt', () => {
    const block = { ...OPEN_BLOCK.PublicAccessBlockConfiguration, BlockPublicPolicy: ref('P') };
    const graph = bucket(
      [ANYBODY],
      { PublicAccessBlockConfiguration: block },
      { Parameters: { P: { Type: 'String' } } },
    );
    expect(ways(graph, 'Bucket')).toEqual([`${PUBLIC} (unknown: the parameter "P" of Stack has no default)`]);
  });

  test('for a block of addresses: a path from there, which the public access block does not close', () => {
    const office = when({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '10.0.0.0/8'] } });
    const expected = ['internet (203.0.113.0/24) -> 443/tcp Stack/Bucket'];
    expect(ways(bucket([office]), 'Bucket')).toEqual(expected);
    expect(ways(bucket([office], {}), 'Bucket')).toEqual(expected);
  });

  test('by an ACL, where its owner lets ACLs count', () => {
    const AccessControl = 'PublicRead';
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' }] };
    expect(ways(bucket([], { ...OPEN_BLOCK, AccessControl, OwnershipControls }), 'Bucket')).toEqual(PUBLIC);
    expect(ways(bucket([], { ...OPEN_BLOCK, AccessControl }), 'Bucket')).toEqual([]);
    expect(ways(bucket([], { AccessControl, OwnershipControls }), 'Bucket')).toEqual([]);
  });

  test('that a condition may open: in doubt', () => {
    const graph = bucket([{ 'Fn::If': ['Is', ANYBODY, ref('AWS::NoValue')] }], OPEN_BLOCK, {
      Parameters: { P: { Type: 'String' } },
      Conditions: { Is: { 'Fn::Equals': [ref('P'), 'yes'] } },
    });
    expect(ways(graph, 'Bucket')).toEqual([
      `${PUBLIC} (unknown: the condition "Is" of Stack is known when it is deployed)`,
    ]);
  });
});

describe('what another statement denies', () => {
  const denied = (denial: object) => ways(bucket([ANYBODY, denial]), 'Bucket');

  test('everybody without TLS: strangers use TLS', () => {
    expect(denied(deny({ Bool: { 'aws:SecureTransport': 'false' } }))).toEqual(PUBLIC);
  });
  test('everybody outside of a VPC endpoint, or of an organization', () => {
    expect(denied(deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }))).toEqual([]);
    expect(denied(deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } }))).toEqual([]);
  });
  test('everybody outside of a block', () => {
    expect(denied(deny({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }))).toEqual([
      'internet (203.0.113.0/24) -> 443/tcp Stack/Bucket',
    ]);
  });
  test('another action or another object: the rest stays open', () => {
    expect(denied(deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, { Action: 's3:PutObject' }))).toEqual(
      PUBLIC,
    );
    expect(denied(deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, { Resource: 'private/*' }))).toEqual(
      PUBLIC,
    );
  });
});

describe('other resources with a policy', () => {
  test.each<[string, object]>([
    [
      'AWS::SNS::Topic',
      { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [ref('Thing')], PolicyDocument: { Statement: ANYBODY } } },
    ],
    [
      'AWS::SQS::Queue',
      {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [ref('Thing')], PolicyDocument: { Statement: [ANYBODY] } },
      },
    ],
    [
      'AWS::SecretsManager::Secret',
      {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: { SecretId: ref('Thing'), ResourcePolicy: { Statement: [ANYBODY] } },
      },
    ],
    [
      'AWS::Lambda::Function',
      {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: ref('Thing'), Principal: '*', Action: 'lambda:*' },
      },
    ],
  ])('%s with a policy beside it', (type, Policy) => {
    const graph = graphOf({ Resources: { Thing: { Type: type }, Policy } });
    expect(ways(graph, 'Thing')).toEqual(['internet (anyone) -> 443/tcp Stack/Thing']);
  });

  test.each<[string, string]>([
    ['AWS::ECR::Repository', 'RepositoryPolicyText'],
    ['AWS::OpenSearchService::Domain', 'AccessPolicies'],
    ['AWS::Backup::BackupVault', 'AccessPolicy'],
  ])('%s with a policy of its own', (Type, property) => {
    const graph = graphOf({ Resources: { Thing: { Type, Properties: { [property]: { Statement: [ANYBODY] } } } } });
    expect(ways(graph, 'Thing')).toEqual(['internet (anyone) -> 443/tcp Stack/Thing']);
  });

  test('a role, a key and a VPC endpoint are no doors, whatever their policy says', () => {
    const Statement = [ANYBODY];
    const graph = graphOf({
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement } } },
        Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement } } },
        Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { PolicyDocument: { Statement } } },
      },
    });
    for (const name of ['Role', 'Key', 'Endpoint']) expect(ways(graph, name)).toEqual([]);
    expect(graph.policyOn(graph.at('Stack/Endpoint'))[0].isPublic).toBe(false);
  });

  test('a permission for one source admits that service only', () => {
    const graph = graphOf({
      Resources: {
        Fn: { Type: 'AWS::Lambda::Function' },
        Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: ref('Fn') } },
        Permission: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            FunctionName: ref('Alias'),
            Principal: 's3.amazonaws.com',
            Action: 'lambda:InvokeFunction',
            SourceArn: att('B', 'Arn'),
          },
        },
      },
    });
    expect(graph.policyOn(graph.at('Stack/Fn'))).toMatchObject([
      {
        principals: ['service:s3.amazonaws.com'],
        actions: ['lambda:InvokeFunction'],
        conditions: ['aws:SourceArn'],
        isPublic: false,
      },
    ]);
  });
});
