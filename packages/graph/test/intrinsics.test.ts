import { TemplateJson, att, graphOf, ref } from './assemblies';

/** What a property of a resource comes to. */
function worked(value: unknown, template: Partial<TemplateJson> = {}): unknown {
  const graph = graphOf({
    ...template,
    Resources: { ...template.Resources, Thing: { Type: 'AWS::SSM::Parameter', Properties: { Value: value } } },
  });
  return graph.propertiesOf(graph.at('Stack/Thing')).Value;
}

const VPC = { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } };

describe('what a template says is worked out', () => {
  test.each<[string, unknown, unknown]>([
    ['Fn::Join', { 'Fn::Join': ['-', ['a', 1, true]] }, 'a-1-true'],
    ['Fn::Join over a list that is worked out', { 'Fn::Join': ['+', { 'Fn::Split': [',', 'a,b'] }] }, 'a+b'],
    ['Fn::Split', { 'Fn::Split': ['.', 'a.b.c'] }, ['a', 'b', 'c']],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Fn::Sub with its own variables', { 'Fn::Sub': ['${Name}.${!Kept}', { Name: 'x' }] }, 'x.${Kept}'],
    ['Fn::Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
    ['Fn::Length', { 'Fn::Length': ['a', 'b'] }, 2],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { A: [1] } }, { A: [1] }],
    ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['Fn::Cidr of a VPC', { 'Fn::Select': [1, { 'Fn::Cidr': [att('Vpc', 'CidrBlock'), 2, 8] }] }, '10.0.1.0/24'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Vpc.CidrBlock' }, '10.0.0.0/16'],
    ['Fn::GetAtt of what repeats a property', att('Vpc', 'CidrBlock'), '10.0.0.0/16'],
    ['AWS::StackName', ref('AWS::StackName'), 'Stack'],
    ['AWS::NoValue in a list', ['a', ref('AWS::NoValue')], ['a']],
  ])('%s', (_, value, expected) => expect(worked(value, { Resources: VPC })).toEqual(expected));

  test('AWS::NoValue takes a property away', () => expect(worked(ref('AWS::NoValue'))).toBeUndefined());

  test('Fn::FindInMap, with keys that are worked out and with a default', () => {
    const template = {
      Mappings: { Sizes: { dev: { size: 'small' }, prod: { size: 'large' } } },
      Parameters: { Stage: { Type: 'String', Default: 'prod' } },
    };
    expect(worked({ 'Fn::FindInMap': ['Sizes', ref('Stage'), 'size'] }, { ...template, Resources: {} })).toBe('large');
    const otherwise = { 'Fn::FindInMap': ['Sizes', 'test', 'size', { DefaultValue: 'none' }] };
    expect(worked(otherwise, { ...template, Resources: {} })).toBe('none');
  });

  test.each<[string, unknown, unknown]>([
    ['a text', { Type: 'String', Default: 'x' }, 'x'],
    ['a number', { Type: 'Number', Default: 5 }, 5],
    ['a list', { Type: 'CommaDelimitedList', Default: 'a, b' }, ['a', 'b']],
    ['an empty list', { Type: 'CommaDelimitedList', Default: '' }, []],
  ])('a parameter counts with its default: %s', (_, declared, expected) =>
    expect(worked(ref('P'), { Parameters: { P: declared }, Resources: {} })).toEqual(expected),
  );
});

describe('what is known only when it is deployed', () => {
  test.each<[string, unknown, string]>([
    ['the id of a resource', ref('Vpc'), '${Stack/Vpc}'],
    ['an attribute', att('Vpc', 'Ipv6CidrBlocks'), '${Stack/Vpc.Ipv6CidrBlocks}'],
    [
      'an item of an attribute keeps the resource',
      { 'Fn::Select': [0, att('Vpc', 'Ipv6CidrBlocks')] },
      '${Stack/Vpc.Ipv6CidrBlocks}',
    ],
    ['a text with one', { 'Fn::Sub': 'vpc/${Vpc}' }, 'vpc/${Stack/Vpc}'],
    ['a part of a URL', { 'Fn::Select': [2, { 'Fn::Split': ['/', att('Vpc', 'Url')] }] }, '${Stack/Vpc.Url}'],
    ['the account', { 'Fn::Sub': 'arn:${AWS::Partition}:x' }, 'arn:${AWS::Partition}:x'],
    [
      'the zones of a region',
      { 'Fn::Select': [0, { 'Fn::GetAZs': 'eu-west-1' }] },
      '${item 0 of ${zones of eu-west-1}}',
    ],
    ['a parameter without a default', ref('P'), '${Stack/P}'],
    ['a parameter of Systems Manager', ref('S'), '${Stack/S}'],
    ['a dynamic reference', '{{resolve:ssm:/a}}', '{{resolve:ssm:/a}}'],
    ['an import of a stack that is not here', { 'Fn::ImportValue': 'other' }, '${import other}'],
    ['a macro', { 'Fn::Transform': { Name: 'M', Parameters: {} } }, 'Fn::Transform({Name: M, Parameters: {}})'],
    ['a name that nothing has', ref('Nowhere'), '${Stack/Nowhere}'],
  ])('%s is one line', (_, value, expected) => {
    const Parameters = { P: { Type: 'String' }, S: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/path' } };
    expect(worked(value, { Parameters, Resources: VPC })).toBe(expected);
  });

  test('what CloudFormation works out still names the resources in it', () => {
    const graph = graphOf({
      Resources: {
        ...VPC,
        Instance: {
          Type: 'AWS::EC2::Instance',
          Properties: { UserData: { 'Fn::Base64': { 'Fn::Sub': 'run ${Vpc}' } } },
        },
        Made: { Type: 'Custom::Made', Properties: { 'Fn::Transform': { Name: 'M', Parameters: { Vpc: ref('Vpc') } } } },
      },
    });
    expect(graph.referencesTo(graph.at('Stack/Vpc')).map(({ source, property }) => `${source} ${property}`)).toEqual([
      'Stack/Instance UserData',
      'Stack/Made Parameters.Vpc',
    ]);
  });
});

describe('conditions', () => {
  const resources = (condition: object, parameters: object = {}) =>
    graphOf({
      Parameters: parameters,
      Conditions: { Is: condition },
      Resources: { Always: { Type: 'AWS::SNS::Topic' }, Sometimes: { Type: 'AWS::SQS::Queue', Condition: 'Is' } },
    }).resources().length;
  const P = { P: { Type: 'String', Default: 'yes' } };

  test.each<[string, object, number]>([
    ['Fn::Equals that holds', { 'Fn::Equals': [ref('P'), 'yes'] }, 2],
    ['Fn::Equals that does not', { 'Fn::Equals': [ref('P'), 'no'] }, 1],
    ['Fn::Not', { 'Fn::Not': [{ 'Fn::Equals': [ref('P'), 'yes'] }] }, 1],
    ['Fn::And', { 'Fn::And': [{ 'Fn::Equals': [1, 1] }, { 'Fn::Equals': [1, 2] }] }, 1],
    ['Fn::Or', { 'Fn::Or': [{ 'Fn::Equals': [1, 2] }, { 'Fn::Equals': [2, 2] }] }, 2],
  ])('a resource is left out when its condition certainly does not hold: %s', (_, condition, expected) =>
    expect(resources(condition, P)).toBe(expected),
  );

  test('a resource stays in when its condition is open, also for a part of it', () => {
    const open = { 'Fn::Equals': [ref('P'), 'yes'] };
    expect(resources(open, { P: { Type: 'String' } })).toBe(2);
    expect(resources({ 'Fn::Or': [open, { 'Fn::Equals': [1, 2] }] }, { P: { Type: 'String' } })).toBe(2);
    expect(resources({ 'Fn::And': [open, { 'Fn::Equals': [1, 2] }] }, { P: { Type: 'String' } })).toBe(1);
  });

  test('a value with an open condition shows both sides, and names the resources of both', () => {
    const template = {
      Parameters: { P: { Type: 'String' } },
      Conditions: { Is: { 'Fn::Equals': [ref('P'), 'yes'] } },
      Resources: {
        ...VPC,
        Topic: { Type: 'AWS::SNS::Topic' },
        Thing: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::If': ['Is', ref('Vpc'), ref('Topic')] } } },
      },
    };
    const graph = graphOf(template);
    expect(graph.propertiesOf(graph.at('Stack/Thing')).Value).toBe('${Stack/Vpc} or ${Stack/Topic}');
    expect(graph.referencesFrom(graph.at('Stack/Thing')).map(({ target }) => target)).toEqual([
      'Stack/Vpc',
      'Stack/Topic',
    ]);
  });
});

describe('loops of the language extensions', () => {
  const loop = (collection: unknown) => ({
    Parameters: {
      Names: { Type: 'CommaDelimitedList', Default: 'red,dark-blue' },
      Others: { Type: 'CommaDelimitedList' },
    },
    Resources: {
      'Fn::ForEach::Topics': [
        'Name',
        collection,
        {
          'Topic&{Name}': {
            Type: 'AWS::SNS::Topic',
            Properties: { DisplayName: { 'Fn::Sub': 'is-${Name}' }, TopicName: ref('Name') },
          },
        },
      ],
    },
  });

  test.each<[string, unknown]>([
    ['a list', ['red', 'dark-blue']],
    ['a parameter with a default', ref('Names')],
  ])('Fn::ForEach over %s is written out', (_, collection) => {
    const graph = graphOf(loop(collection));
    const topics = graph.resources().map((topic) => [topic.logicalId, graph.propertiesOf(topic)]);
    expect(topics).toEqual([
      ['Topicred', { DisplayName: 'is-red', TopicName: 'red' }],
      ['Topicdarkblue', { DisplayName: 'is-dark-blue', TopicName: 'dark-blue' }],
    ]);
  });

  test('Fn::ForEach over what is known only when it is deployed makes no resource up', () => {
    expect(graphOf(loop(ref('Others'))).resources()).toEqual([]);
  });
});
