import { att, ref } from './assemblies';
import { ANYBODY, group, inNetwork, instance, ofGroup, rule } from './small-network';

const rows = (ingress: readonly object[], more: Record<string, object> = {}) => {
  const graph = inNetwork({
    Server: instance(ref('Public'), [att('Group', 'GroupId')], true),
    Group: group(ingress),
    Empty: group(),
    ...more,
  });
  return graph
    .whoReaches(graph.at('Stack/Server'))
    .map(({ kind, source, ports, certainty }) => [kind, source, ...ports, certainty].join(' | '));
};

test('the internet, and the block that admits it', () => {
  expect(rows([rule(ANYBODY, 443)])).toEqual([
    'internet | 0.0.0.0/0 | 443/tcp | certain',
    'network | 0.0.0.0/0 | 443/tcp | certain',
  ]);
});

test('a block of the network, without a resource behind it', () => {
  expect(rows([rule({ CidrIp: '10.0.0.0/8' }, 22)])).toEqual(['network | 10.0.0.0/8 | 22/tcp | certain']);
});

test('a security group that nothing is in, of the assembly or not', () => {
  expect(rows([rule(ofGroup('Empty'), 443), rule({ SourceSecurityGroupId: 'sg-1' }, 443)])).toEqual([
    'security group | Stack/Empty | 443/tcp | certain',
    'security group | sg-1 | 443/tcp | certain',
  ]);
});

test('of a group that something is in, whatever is in it', () => {
  const Client = instance(ref('Private'), [att('Empty', 'GroupId')]);
  expect(rows([rule(ofGroup('Empty'), 443)], { Client })).toEqual(['resource | Stack/Client | 443/tcp | certain']);
});

test('principals of a policy, and not those that a public access block keeps out', () => {
  const allow = (Principal: unknown) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Principal });
  const graph = inNetwork({
    Bucket: { Type: 'AWS::S3::Bucket' },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: ref('Bucket'),
        PolicyDocument: { Statement: [allow('*'), allow({ AWS: '111122223333' })] },
      },
    },
  });
  const found = graph
    .reach()
    .map(({ target, kind, source, ports, allowedBy }) => [target, kind, source, ...ports, ...allowedBy]);
  expect(found).toEqual([['Stack/Bucket', 'policy', '111122223333', 's3:GetObject', 'Stack/Policy']]);
});
