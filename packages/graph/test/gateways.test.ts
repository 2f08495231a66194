import { TemplateJson, att, graphOf, ref } from './assemblies';
import { ways } from './small-network';

const FN = { Fn: { Type: 'AWS::Lambda::Function' } };
const invoke = (name: string) => ({
  'Fn::Sub': [`arn:\${AWS::Partition}:apigateway:x:lambda:path/functions/\${Arn}/invocations`, { Arn: ref(name) }],
});
const resources = (more: Record<string, object>, template: Partial<TemplateJson> = {}) =>
  graphOf({ ...template, Resources: { ...FN, ...more } });

describe('a REST API', () => {
  const api = (properties: object = {}, method: object = {}) =>
    resources({
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: properties },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: { RestApiId: ref('Api'), Integration: { Uri: invoke('Fn') }, ...method },
      },
    });
  const WAY = 'internet (anyone) -> 443/tcp Stack/Api -> Stack/Fn';

  test('leads to the function of a method', () => expect(ways(api(), 'Fn')).toEqual([WAY]));
  test('that is private leads nobody from the internet', () => {
    expect(ways(api({ EndpointConfiguration: { Types: ['PRIVATE'] } }), 'Fn')).toEqual([]);
  });
  test('whose own address is turned off is asked by a domain, if there is one', () => {
    const [line] = ways(api({ DisableExecuteApiEndpoint: true }), 'Fn');
    expect(line).toBe(`${WAY} (unknown: whether a domain leads to Stack/Api is not in this assembly)`);
  });
  test('admits whom its policy admits', () => {
    const policy = (...Statement: object[]) => ways(api({ Policy: { Statement } }), 'Fn');
    const allow = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
    const office = { 'aws:SourceIp': '203.0.113.0/24' };
    expect(policy(allow)).toEqual([WAY]);
    expect(policy({ ...allow, Principal: { AWS: '111122223333' } })).toEqual([]);
    expect(policy({ ...allow, Condition: { IpAddress: office } })).toEqual([WAY.replace('anyone', '203.0.113.0/24')]);
    expect(policy(allow, { ...allow, Effect: 'Deny', Condition: { NotIpAddress: office } })).toEqual([
      WAY.replace('anyone', '203.0.113.0/24'),
    ]);
  });
  test('leads to the alias of a function too', () => {
    const graph = resources({
      Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: ref('Fn') } },
      Api: { Type: 'AWS::ApiGateway::RestApi' },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: { RestApiId: ref('Api'), Integration: { Uri: invoke('Alias') } },
      },
    });
    expect(ways(graph, 'Fn')).toEqual([WAY]);
  });
  test('that is not in the assembly: in doubt', () => {
    const graph = resources({
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: { RestApiId: 'abc123', Integration: { Uri: invoke('Fn') } },
      },
    });
    expect(ways(graph, 'Fn')).toEqual([
      'internet (anyone) -> 443/tcp Stack/Method -> Stack/Fn (unknown: whether the internet reaches abc123 is not in this assembly)',
    ]);
  });
});

describe('a function URL', () => {
  const url = (AuthType: unknown, more: Record<string, object> = {}) =>
    ways(
      resources({
        Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType, TargetFunctionArn: att('Fn', 'Arn') } },
        ...more,
      }),
      'Fn',
    );
  const Permission = {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: att('Fn', 'Arn'),
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    },
  };
  const WAY = 'internet (anyone) -> 443/tcp Stack/Url -> Stack/Fn';

  test('without authentication and with the permission that goes with it', () => {
    expect(url('NONE', { Permission })).toEqual([WAY]);
  });
  test('without that permission: in doubt', () => {
    expect(url('NONE')).toEqual([`${WAY} (unknown: no permission in this assembly admits everybody to Stack/Url)`]);
  });
  test('with signatures it is closed, unless a permission admits every account', () => {
    expect(url('AWS_IAM')).toEqual([]);
    const Open = { ...Permission, Properties: { ...Permission.Properties, FunctionUrlAuthType: 'AWS_IAM' } };
    expect(url('AWS_IAM', { Open })).toEqual(['internet (anyone) -> 443/tcp Stack/Fn']);
  });
  test('with a type that only a parameter knows: in doubt', () => {
    expect(url(ref('P'), { Permission })).toEqual([`${WAY} (unknown: "P" stands in no template of Stack)`]);
  });
});

describe('other doors', () => {
  test.each<[string, object, object]>([
    ['AWS::CloudFront::Distribution', {}, { DistributionConfig: { Enabled: false } }],
    ['AWS::AppSync::GraphQLApi', {}, { Visibility: 'PRIVATE' }],
    [
      'AWS::AppRunner::Service',
      {},
      { NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible: false } } },
    ],
    ['AWS::EKS::Cluster', {}, { ResourcesVpcConfig: { EndpointPublicAccess: false } }],
    ['AWS::GlobalAccelerator::Accelerator', {}, { Enabled: false }],
  ])('%s is open unless it says otherwise', (Type, open, closed) => {
    const lines = (properties: object) =>
      ways(graphOf({ Resources: { Thing: { Type, Properties: properties } } }), 'Thing');
    expect(lines(open)).toEqual(['internet (anyone) -> 443/tcp Stack/Thing']);
    expect(lines(closed)).toEqual([]);
  });

  test('a cluster of EKS is open to the blocks that it names', () => {
    const graph = graphOf({
      Resources: {
        Thing: {
          Type: 'AWS::EKS::Cluster',
          Properties: { ResourcesVpcConfig: { PublicAccessCidrs: ['203.0.113.0/24'] } },
        },
      },
    });
    expect(ways(graph, 'Thing')).toEqual(['internet (203.0.113.0/24) -> 443/tcp Stack/Thing']);
  });
});

test('a data source of a GraphQL API and a data path through a quick HTTP API lead to the function', () => {
  const graph = resources({
    Graph: { Type: 'AWS::AppSync::GraphQLApi' },
    Source: {
      Type: 'AWS::AppSync::DataSource',
      Properties: { ApiId: att('Graph', 'ApiId'), LambdaConfig: { LambdaFunctionArn: att('Fn', 'Arn') } },
    },
    Quick: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Target: att('Fn', 'Arn') } },
  });
  expect(ways(graph, 'Fn')).toEqual([
    'internet (anyone) -> 443/tcp Stack/Quick -> Stack/Fn',
    'internet (anyone) -> 443/tcp Stack/Graph -> Stack/Fn',
  ]);
});
