import { TemplateGraph } from '../src';
import { assemblyOf, att, ref } from './assemblies';
import { NETWORK, ANYBODY, group, ofGroup, rule } from './small-network';

type Resources = Record<string, object>;

/** A public service behind a balancer, with a database, a queue, functions and roles of its own: 50 resources. */
function service(name: string, previous: string): Resources {
  const id = (what: string) => `${name}${what}`;
  const groupOf = (what: string) => [att(id(what), 'GroupId')];
  const extras = Array.from({ length: 19 }, (_, index): [string, object][] => [
    [id(`Role${index}`), { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } }],
    [
      id(`Fn${index}`),
      {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: att(id(`Role${index}`), 'Arn'),
          VpcConfig: { SubnetIds: [ref('Private'), ref('Public')], SecurityGroupIds: groupOf('Group') },
        },
      },
    ],
  ]).flat();
  return {
    ...Object.fromEntries(extras),
    [id('Front')]: group([rule(ANYBODY, 443)]),
    [id('Group')]: group([
      rule(ofGroup(id('Front')), 8080),
      rule({ SourceSecurityGroupId: att(`${previous}Group`, 'GroupId') }, 8080),
    ]),
    [id('Db')]: {
      Type: 'AWS::RDS::DBCluster',
      Properties: {
        DBSubnetGroupName: ref('Subnets'),
        VpcSecurityGroupIds: groupOf('DbGroup'),
        Engine: 'aurora-postgresql',
      },
    },
    [id('DbGroup')]: group([rule(ofGroup(id('Group')), 5432)]),
    [id('DbRule')]: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { GroupId: att(id('DbGroup'), 'GroupId'), ...rule(ofGroup(id('Group')), 5433) },
    },
    [id('Balancer')]: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Scheme: 'internet-facing', Subnets: [ref('Public')], SecurityGroups: groupOf('Front') },
    },
    [id('Targets')]: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Port: 8080, TargetType: 'ip' } },
    [id('Listener')]: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: ref(id('Balancer')),
        Port: 443,
        DefaultActions: [{ TargetGroupArn: ref(id('Targets')) }],
      },
    },
    [id('Service')]: {
      Type: 'AWS::ECS::Service',
      Properties: {
        LoadBalancers: [{ TargetGroupArn: ref(id('Targets')), ContainerPort: 8080 }],
        NetworkConfiguration: {
          AwsvpcConfiguration: { Subnets: [ref('Private'), ref('Public')], SecurityGroups: groupOf('Group') },
        },
      },
    },
    [id('Queue')]: { Type: 'AWS::SQS::Queue' },
    [id('Policy')]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref(id('Queue'))],
        PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sqs:*' }] },
      },
    },
  };
}

test('ten services with 500 resources, each of which may ask the next: every question is answered', () => {
  const names = Array.from({ length: 10 }, (_, index) => `S${index}`);
  const Resources = {
    ...NETWORK,
    Subnets: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [ref('Private')] } },
    RootGroup: group(),
    ...Object.assign({}, ...names.map((name, index) => service(name, index === 0 ? 'Root' : names[index - 1]))),
  };
  expect(Object.keys(Resources).length).toBeGreaterThan(490);
  const directory = assemblyOf({ Stack: { Resources } });
  const graph = TemplateGraph.fromAssembly(directory);
  const rows = graph.reach();
  const chains = names.map((name) => graph.chainsFromInternetTo(graph.at(`Stack/${name}Db`)).length);
  expect(rows.length).toBeGreaterThan(1000);
  expect(Math.min(...chains)).toBeGreaterThan(0);
});
