import { App, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { TemplateGraph } from '@groundplan/graph';
import { GroundplanRules, RuleSet } from '../../src';
import { Checked, TAGS, acknowledge, said } from '../checked';

const RULE = 'TagCompleteness';

test('a resource without tags is named with every tag that it lacks', () => {
  const checked = new Checked((stack) => new Topic(stack, 'Topic'), { tagged: false });
  expect(checked.said(RULE)).toEqual([
    'Shop/Topic/Resource (AWS::SNS::Topic) lacks the tags Project, Environment, ManagedBy, Owner, CostCenter.',
  ]);
});

test('a tag with an empty value is no tag', () => {
  const checked = new Checked((stack) => Tags.of(new Topic(stack, 'Topic')).add('Owner', ' ', { priority: 300 }));
  expect(checked.said(RULE)).toEqual(['Shop/Topic/Resource (AWS::SNS::Topic) lacks the tag Owner.']);
});

test.each<[string, (stack: Stack) => unknown]>([
  ['a list of keys and values', (stack) => new Topic(stack, 'It')],
  ['an object', (stack) => new StringParameter(stack, 'It', { stringValue: 'x' })],
  ['a property of its own name', (stack) => new UserPool(stack, 'It')],
  ['FileSystemTags', (stack) => new FileSystem(stack, 'It', { vpc: new Vpc(stack, 'Vpc') })],
  [
    'tags that are handed on to instances',
    (stack) =>
      new CfnAutoScalingGroup(stack, 'It', { minSize: '1', maxSize: '1', availabilityZones: ['eu-central-1a'] }),
  ],
])('tags are found in %s', (_what, build) => {
  expect(said(RULE, build)).toEqual([]);
  const untagged = new Checked(build, { tagged: false }).said(RULE);
  expect(untagged.some((message) => message.startsWith('Shop/It'))).toBe(true);
});

test('what AWS cannot tag needs none', () => {
  const checked = new Checked(
    (stack) => new CfnResource(stack, 'Route', { type: 'AWS::EC2::Route', properties: { RouteTableId: 'rtb-1' } }),
    { tagged: false },
  );
  expect(checked.said(RULE)).toEqual([]);
});

test('what CDK makes by itself is held to it too: it makes it without tags', () => {
  const build = (stack: Stack) => new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: true });
  expect(said(RULE, build)).toEqual([
    expect.stringMatching(/^Shop\/Custom::VpcRestrictDefaultSG.*\/Role \(AWS::IAM::Role\) lacks the tags/),
    expect.stringMatching(/^Shop\/Custom::VpcRestrictDefaultSG.*\/Handler \(AWS::Lambda::Function\) lacks the tags/),
  ]);
});

test('the tags of a stack count for everything in it: CloudFormation puts them there', () => {
  const app = new App({ context: { '@aws-cdk/core:explicitStackTags': true } });
  const stack = new Stack(app, 'Shop', { tags: TAGS });
  new Topic(stack, 'Topic');
  expect(RuleSet.check(TemplateGraph.of(stack)).filter(({ ruleId }) => ruleId === RULE)).toEqual([]);
});

describe('which tags are required', () => {
  const untagged = () => {
    const app = new App();
    const stack = new Stack(app, 'Shop');
    new Topic(stack, 'Topic');
    return { app, stack };
  };

  test('is what the app says', () => {
    const { app, stack } = untagged();
    GroundplanRules.addTo(app, { requiredTags: ['Team'] });
    const graph = graphWithoutPlugins(stack);
    expect(tagsSaid(graph)).toEqual([expect.stringContaining('lacks the tag Team.')]);
    expect(graph.metadata('groundplan:rule-settings')).toEqual([{ path: 'Shop', data: { requiredTags: ['Team'] } }]);
  });

  test('is what the reader says, for an app that does not', () => {
    const { stack } = untagged();
    expect(tagsSaid(TemplateGraph.of(stack))).toEqual([expect.stringContaining('lacks the tag Other.')]);
  });

  test('is what the reader says, for an app that has the rules and names no tags', () => {
    const { app, stack } = untagged();
    GroundplanRules.addTo(app);
    expect(tagsSaid(graphWithoutPlugins(stack))).toEqual([expect.stringContaining('lacks the tag Other.')]);
  });

  test('is all that was said about a stack, each once', () => {
    const { app, stack } = untagged();
    GroundplanRules.addTo(app, { requiredTags: ['Team', 'Owner'] });
    GroundplanRules.addTo(stack, { requiredTags: ['Owner', 'Cost'] });
    stack.node.addMetadata('groundplan:rule-settings', {});
    expect(tagsSaid(graphWithoutPlugins(stack))).toEqual([
      expect.stringContaining('lacks the tags Team, Owner, Cost.'),
    ]);
  });

  test('is what each stack says for itself', () => {
    const { app, stack } = untagged();
    const edge = new Stack(app, 'Edge');
    new Topic(edge, 'Topic');
    stack.node.addMetadata('groundplan:rule-settings', { requiredTags: ['Team'] });
    edge.node.addMetadata('groundplan:rule-settings', { requiredTags: ['Owner'] });
    expect(tagsSaid(TemplateGraph.of(stack))).toEqual([
      expect.stringMatching(/^Shop.* lacks the tag Team\.$/),
      expect.stringMatching(/^Edge.* lacks the tag Owner\.$/),
    ]);
  });

  /** Asked by a reader who would require another tag. */
  function tagsSaid(graph: TemplateGraph): string[] {
    return RuleSet.check(graph, { requiredTags: ['Other'] })
      .filter(({ ruleId }) => ruleId === RULE)
      .map(({ message }) => message);
  }

  /** The plugin fails this synth, which is its business: the assembly is written before. */
  function graphWithoutPlugins(stack: Stack): TemplateGraph {
    try {
      return TemplateGraph.of(stack);
    } catch {
      return TemplateGraph.fromAssembly((stack.node.root as App).outdir);
    }
  }
});

test('is acknowledged on the construct or above it, and keeps the reason', () => {
  const checked = new Checked(
    (stack) => acknowledge(new Topic(stack, 'Topic'), 'groundplan::TagCompleteness', 'it lives for a minute'),
    { tagged: false },
  );
  expect(checked.said(RULE)).toEqual([]);
  expect(checked.findings()).toContainEqual(
    expect.objectContaining({ ruleId: RULE, acknowledgedBecause: 'it lives for a minute' }),
  );
});
