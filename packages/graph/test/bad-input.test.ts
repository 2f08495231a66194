import { Construct } from 'constructs';
import { TemplateGraph } from '../src';
import { assemblyOf, att, folderOf, graphOf, ref } from './assemblies';
import { group, inNetwork, ofGroup, rule } from './small-network';

const manifest = (templateFile: string) => ({
  version: '55.0.0',
  artifacts: { Stack: { type: 'aws:cloudformation:stack', properties: { templateFile } } },
});

describe('a folder that is no cloud assembly', () => {
  test.each<[string, () => string, RegExp]>([
    [
      'that is not there',
      () => '/no/such/folder',
      /"\/no\/such\/folder" is no cloud assembly: it has no manifest\.json\. Give the folder that "cdk synth" wrote/,
    ],
    ['without a manifest', () => folderOf({}), /is no cloud assembly: it has no manifest\.json/],
    [
      'with the manifest of something else',
      () => folderOf({ 'manifest.json': { name: 'app' } }),
      /is no manifest of a cloud assembly: it names no artifacts/,
    ],
    ['with artifacts that are a list', () => folderOf({ 'manifest.json': { artifacts: [] } }), /names no artifacts/],
    ['with a manifest that is null', () => folderOf({ 'manifest.json': 'null' }), /names no artifacts/],
    [
      'with broken JSON',
      () => folderOf({ 'manifest.json': '{"artifacts": {' }),
      /manifest\.json" cannot be read as JSON: .+\. Synthesize the app again/,
    ],
    [
      'without a template',
      () => folderOf({ 'manifest.json': manifest('gone.json') }),
      /"gone\.json" of stack "Stack" is missing in ".+"\. Synthesize the app again/,
    ],
    [
      'with a broken template',
      () => folderOf({ 'manifest.json': manifest('a.json'), 'a.json': '{' }),
      /a\.json" cannot be read as JSON/,
    ],
    [
      'with a template that is a list',
      () => folderOf({ 'manifest.json': manifest('a.json'), 'a.json': '[]' }),
      /"a\.json" of stack "Stack" is no template: it is not a JSON object/,
    ],
  ])('%s', (_, folder, message) => expect(() => TemplateGraph.fromAssembly(folder())).toThrow(message));
});

describe('a template that CloudFormation refuses', () => {
  test('two security groups that admit each other: the circle is named, and what to do', () => {
    const build = () => inNetwork({ A: group([rule(ofGroup('B'), 1)]), B: group([rule(ofGroup('A'), 1)]) });
    expect(build).toThrow(
      /"Stack\.template\.json" of stack "Stack" has a circular dependency: A -> B -> A\. .* by a rule that stands beside/,
    );
  });

  test('a group that admits itself', () => {
    expect(() => inNetwork({ A: group([rule(ofGroup('A'), 1)]) })).toThrow(/circular dependency: A -> A/);
  });

  test.each<[string, object, object]>([
    ['DependsOn', { Type: 'AWS::SNS::Topic', DependsOn: 'B' }, { Type: 'AWS::SNS::Topic', DependsOn: ['A'] }],
    [
      'Fn::Sub',
      { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::Sub': 'x-${B.TopicName}' } } },
      { Type: 'AWS::SQS::Queue', DependsOn: 'A' },
    ],
  ])('a circle through %s', (_, A, B) => expect(() => graphOf({ Resources: { A, B } })).toThrow(/circular dependency/));

  test('a circle that no deployment closes is none: one side is left out, or a condition decides', () => {
    const named = (name: string) => ({ TopicName: { 'Fn::If': ['Is', ref(name), 'x'] } });
    const topics = {
      A: { Type: 'AWS::SNS::Topic', Properties: named('B') },
      B: { Type: 'AWS::SNS::Topic', Properties: { TopicName: att('A', 'TopicName') } },
    };
    const conditions = (Default?: string) => ({
      Parameters: { P: { Type: 'String', ...(Default && { Default }) } },
      Conditions: { Is: { 'Fn::Equals': [ref('P'), 'yes'] } },
      Resources: topics,
    });
    expect(graphOf(conditions()).resources()).toHaveLength(2);
    expect(graphOf(conditions('no')).resources()).toHaveLength(2);
    expect(() => graphOf(conditions('yes'))).toThrow(/circular dependency/);
  });

  test('a name in Fn::Sub that is a variable of its own is no circle', () => {
    const Properties = { TopicName: { 'Fn::Sub': ['${A}', { A: 'x' }] } };
    expect(graphOf({ Resources: { A: { Type: 'AWS::SNS::Topic', Properties } } }).resources()).toHaveLength(1);
  });

  test('a condition that depends on itself', () => {
    const template = {
      Conditions: { Is: { 'Fn::Not': [{ Condition: 'Is' }] } },
      Resources: { A: { Type: 'AWS::SNS::Topic', Condition: 'Is' } },
    };
    expect(() => graphOf(template)).toThrow(/Condition "Is" of "Stack\.template\.json" depends on itself/);
  });

  test('outputs of stacks that ask for each other are unknown', () => {
    const stack = (own: string, other: string) => ({
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::ImportValue': other } } } },
      Outputs: { Out: { Value: { 'Fn::ImportValue': other }, Export: { Name: own } } },
    });
    const graph = TemplateGraph.fromAssembly(assemblyOf({ One: stack('one', 'two'), Two: stack('two', 'one') }));
    expect(graph.propertiesOf(graph.at('One/Topic')).DisplayName).toBe('the output "Out" of Two is defined by itself');
  });
});

describe('a question about nothing', () => {
  const graph = graphOf({
    Resources: {
      Database: { Type: 'AWS::RDS::DBCluster', Metadata: { 'aws:cdk:path': 'Shop/Data/Database/Resource' } },
      Replica: { Type: 'AWS::RDS::DBCluster', Metadata: { 'aws:cdk:path': 'Shop/Data/Replica/Resource' } },
      Topic: { Type: 'AWS::SNS::Topic' },
    },
  });

  test('a path that nothing has, with those that are near', () => {
    expect(() => graph.at('Shop/Data/Databse')).toThrow(
      'No resource of this assembly stands at "Shop/Data/Databse". Did you mean "Shop/Data/Database/Resource" (AWS::RDS::DBCluster)',
    );
    expect(() => graph.at('Queue')).toThrow(/stands at "Queue"\. An imported resource stands in no template/);
  });
  test('a path that stands for several resources', () => {
    expect(() => graph.at('Shop/Data')).toThrow(
      '"Shop/Data" stands for 2 resources: "Shop/Data/Database/Resource" (AWS::RDS::DBCluster), "Shop/Data/Replica/Resource" (AWS::RDS::DBCluster). Give one of them.',
    );
  });
  test('a logical id that two stacks use', () => {
    const both = TemplateGraph.fromAssembly(
      assemblyOf({
        One: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
        Two: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
      }),
    );
    expect(() => both.at('Topic')).toThrow(
      /"Topic" is the logical id of 2 resources: "One\/Topic".*Give one of these paths/,
    );
    expect(both.at('Two/Topic').stackPath).toBe('Two');
  });
  test('routes of what is no subnet', () => {
    expect(() => graph.routesOf(graph.at('Stack/Topic'))).toThrow(
      '"Stack/Topic" is an AWS::SNS::Topic, and this question is about an AWS::EC2::Subnet: ask it about one.',
    );
  });
  test('ports of what has no address', () => {
    const database = graph.at('Shop/Data/Database');
    expect(() => graph.openPorts(graph.at('Stack/Topic'), database)).toThrow(
      /"Stack\/Topic" \(AWS::SNS::Topic\) has no address in a network: ask for the ports between an instance, a service/,
    );
  });
  test('a construct that stands in no app', () => {
    expect(() => TemplateGraph.of(new Construct(undefined as unknown as Construct, 'Alone'))).toThrow(
      '"Alone" stands in no App and no Stage: it cannot be synthesized. Make its stack below "new App()".',
    );
  });
});
