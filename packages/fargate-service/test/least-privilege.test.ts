import { Environment, Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Image, Tag } from '@groundplan/task';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Stack } from 'aws-cdk-lib/core';
import { KINDS, groundIn, serviceBehind, serviceIn, serviceOn } from './services';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The statements of all policies of identities in a stack. */
function statementsIn(stack: Stack): Statement[] {
  const template = Template.fromStack(stack);
  return ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy']
    .flatMap((type) => Object.values(template.findResources(type)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
}

describe('roles', () => {
  test.each(KINDS)('no action and no resource is a wildcard with %s', (kind) => {
    for (const { Action, Resource } of statementsIn(serviceBehind(kind, Tier.PRODUCTION).stack)) {
      for (const action of [Action].flat()) expect(action).not.toContain('*');
      expect(JSON.stringify(Resource)).not.toContain('*');
    }
  });

  test('pulling an image asks for a token, which AWS gives for no narrower resource; all else is exact', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const repository = new Repository(ground.stack, 'Repository');
    serviceOn(ground, { image: Image.fromRepository(repository, { tag: Tag.of('1.0.0') }) });
    const wide = statementsIn(ground.stack).filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    expect(wide).toEqual([{ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }]);
  });

  test('the application may do nothing until somebody grants it', () => {
    const { stack } = serviceIn(Tier.PRODUCTION);
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
    const roles = policies.flatMap(({ Properties }) => Properties.Roles.map(({ Ref }: { Ref: string }) => Ref));
    expect(roles.filter((role) => role.includes('TaskTaskRole'))).toEqual([]);
  });

  test('ECS may write the logs of this task', () => {
    expect(statementsIn(serviceIn(Tier.PRODUCTION).stack)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ApiTaskLogs/), 'Arn'] },
      },
    ]);
  });

  test.each(KINDS)('only services of AWS take a role with %s', (kind) => {
    const roles = Object.values(
      Template.fromStack(serviceBehind(kind, Tier.PRODUCTION).stack).findResources('AWS::IAM::Role'),
    );
    for (const { Properties } of roles)
      for (const { Principal } of Properties.AssumeRolePolicyDocument.Statement)
        expect(Principal).toEqual({ Service: 'ecs-tasks.amazonaws.com' });
  });
});

describe('tags', () => {
  test.each(KINDS)('everything that can be tagged is, with %s', (kind) => {
    const { stack } = serviceBehind(kind, Tier.PRODUCTION);
    const graph = TemplateGraph.of(stack);
    const { requiredTags, tags } = Environment.of(stack);
    const tagged = graph.resources().filter((resource) => graph.propertiesOf(resource).Tags !== undefined);
    expect(tagged.length).toBeGreaterThan(5);
    for (const resource of tagged) {
      const { Tags } = graph.propertiesOf(resource);
      const found = Array.isArray(Tags)
        ? Object.fromEntries(Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]))
        : Tags;
      for (const key of requiredTags) expect([resource.path, found[key]]).toEqual([resource.path, tags[key]]);
    }
  });

  test('tasks carry the tags of the service, and those of ECS: their bill has an owner', () => {
    Template.fromStack(serviceIn(Tier.DEVELOPMENT).stack).hasResourceProperties('AWS::ECS::Service', {
      PropagateTags: 'SERVICE',
      EnableECSManagedTags: true,
      Tags: Match.arrayWith([{ Key: 'CostCenter', Value: '4711' }]),
    });
  });
});
