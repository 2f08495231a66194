import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Environment, EnvironmentProps, Tier } from '../src';

const props: EnvironmentProps = {
  project: 'shop',
  name: 'dev',
  tier: Tier.DEVELOPMENT,
  account: '111111111111',
  region: 'eu-central-1',
  zones: ['eu-central-1a', 'eu-central-1b'],
  tags: { Owner: 'team-shop', CostCenter: '4711' },
};
const withoutTarget: EnvironmentProps = { ...props, account: undefined, region: undefined, zones: undefined };

describe('the nearest definition wins', () => {
  test('an environment defined on the app holds for every construct below', () => {
    const app = new App();
    Environment.define(app, props);
    const deep = new Construct(new Construct(new Stack(app, 'S', { env: props }), 'A'), 'B');
    expect(Environment.of(deep)).toMatchObject({ project: 'shop', name: 'dev', tier: 'development', isDefined: true });
  });

  test('a stage or a stack may have an environment of its own, so that one app holds several (C3)', () => {
    const app = new App();
    Environment.define(app, props);
    const stage = new Stage(app, 'Production');
    Environment.define(stage, { ...withoutTarget, name: 'prod', tier: Tier.PRODUCTION });
    const stack = new Stack(stage, 'Edge');
    Environment.define(stack, { ...withoutTarget, name: 'edge', tier: Tier.STAGING });
    expect(Environment.of(stack).name).toBe('edge');
    expect(Environment.of(new Stack(stage, 'S')).name).toBe('prod');
    expect(Environment.of(new Stack(app, 'S')).name).toBe('dev');
  });

  test('the name is free text and rules see only the tier (RU-003, C2)', () => {
    const app = new App();
    const stage = Environment.define(app, { ...withoutTarget, project: 'rastup', name: 'stage', tier: Tier.STAGING });
    expect(stage.resourceName('api')).toBe('rastup-stage-api');
    expect(stage.tier).toBe(Tier.STAGING);
  });

  test('a construct with no environment above it behaves as in production', () => {
    const environment = Environment.of(new Stack());
    expect(environment.tier).toBe(Tier.PRODUCTION);
    expect(environment.isDefined).toBe(false);
    expect(environment.requiredTags).toEqual([]);
  });

  test('two copies of this library in one tree agree', () => {
    const app = new App();
    Environment.define(app, props);
    let copy: typeof Environment | undefined;
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      copy = (require('../src') as { Environment: typeof Environment }).Environment;
    });
    expect(copy).not.toBe(Environment);
    expect(copy!.of(new Stack(app, 'S'))).toMatchObject({ name: 'dev', tier: 'development', account: '111111111111' });
    expect(() => copy!.define(app, props)).toThrow('already "dev"');
  });
});

describe('a stack belongs to the account and region of its environment', () => {
  const synth = (env: { account?: string; region?: string }, environment = props) => {
    const app = new App();
    Environment.define(app, environment);
    new CfnResource(new Stack(app, 'Network', { env }), 'Topic', { type: 'AWS::SNS::Topic' });
    return () => app.synth();
  };

  test('a stack that takes the target of its environment synthesizes', () => {
    const app = new App();
    const environment = Environment.define(app, props);
    new CfnResource(new Stack(app, 'S', { env: environment.target }), 'Topic', { type: 'AWS::SNS::Topic' });
    expect(app.synth().stacks[0].environment).toMatchObject({ account: '111111111111', region: 'eu-central-1' });
  });

  test('another account is an error that names both', () => {
    expect(synth({ account: '222222222222', region: 'eu-central-1' })).toThrow(
      /Stack "Network": env\.account must be 111111111111.*got 222222222222/,
    );
  });

  test('another region is an error, and both are reported together', () => {
    expect(synth({ account: '222222222222', region: 'us-east-1' })).toThrow(/env\.account[^]*env\.region/);
  });

  test('a stack that names neither is an error: it would go to whoever deploys', () => {
    expect(synth({})).toThrow(
      /got none, which means that of whoever deploys; pass env: Environment\.of\(this\)\.target/,
    );
  });

  test('an environment without an account leaves its stacks free', () => {
    expect(synth({}, withoutTarget)).not.toThrow();
    expect(synth({ account: '222222222222', region: 'us-east-1' }, withoutTarget)).not.toThrow();
  });

  test('a stack with an environment of its own answers to that one', () => {
    const app = new App();
    Environment.define(app, props);
    const edge = new Stack(app, 'Edge', { env: { account: '111111111111', region: 'us-east-1' } });
    Environment.define(edge, { ...props, name: 'edge', region: 'us-east-1', zones: undefined });
    expect(() => app.synth()).not.toThrow();
  });
});

describe('tags', () => {
  test('every taggable resource carries the five standard tags with their values (C5, IP-060, CA-007…012)', () => {
    const app = new App();
    Environment.define(app, { ...withoutTarget, tags: { ...props.tags, Confidentiality: 'internal' } });
    const stack = new Stack(app, 'S');
    new Bucket(stack, 'Bucket');
    const [bucket] = Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
    expect(bucket.Properties.Tags).toEqual([
      { Key: 'Confidentiality', Value: 'internal' },
      { Key: 'CostCenter', Value: '4711' },
      { Key: 'Environment', Value: 'dev' },
      { Key: 'ManagedBy', Value: 'groundplan' },
      { Key: 'Owner', Value: 'team-shop' },
      { Key: 'Project', Value: 'shop' },
    ]);
  });

  test('an estate may require other keys and override a derived value (CA-009, IP-060)', () => {
    const environment = Environment.define(new App(), {
      ...withoutTarget,
      tags: { Application: 'shop', ManagedBy: 'terraform' },
      requiredTags: ['Application', 'ManagedBy'],
    });
    expect(environment.tags.ManagedBy).toBe('terraform');
    expect(environment.requiredTags).toEqual(['Application', 'ManagedBy']);
  });
});

describe('bad input', () => {
  const mistake = (change: Partial<EnvironmentProps>) => () =>
    Environment.define(new App(), { ...props, ...change } as EnvironmentProps);

  test.each<[string, Partial<EnvironmentProps>, RegExp]>([
    [
      'an unknown tier',
      { tier: 'prod' as Tier },
      /tier must be one of sandbox, development, staging, production, got "prod"; use Tier\./,
    ],
    [
      'an account that is not twelve digits',
      { account: '1234' },
      /account must be twelve digits, got "1234"; write it as a string/,
    ],
    [
      'a zone for a region',
      { region: 'eu-central-1a' },
      /region must be an AWS region such as eu-central-1, got "eu-central-1a"/,
    ],
    ['a project in capitals', { project: 'Shop' }, /project must be lower-case letters/],
    [
      'zones of another region',
      { zones: ['us-east-1a'] },
      /zones must be different zones of eu-central-1, got \[us-east-1a\]/,
    ],
    ['a zone twice', { zones: ['eu-central-1a', 'eu-central-1a'] }, /zones must be different/],
    ['no zone', { zones: [] }, /zones must be different zones/],
    ['a missing tag', { tags: { Owner: 'x' } }, /tags\.CostCenter must be present, it is a required tag, got nothing/],
    ['a reserved tag', { tags: { ...props.tags, 'aws:x': 'y' } }, /tags\.aws:x must be .* not beginning with aws:/],
    ['a tag that AWS refuses', { tags: { ...props.tags, Owner: 'a<b' } }, /tags\.Owner must be/],
    [
      'a pattern without its component',
      { namePattern: '{project}' },
      /namePattern must be a pattern with \{component\}/,
    ],
  ])('%s is refused', (_, change, message) => {
    expect(mistake(change)).toThrow(message);
  });

  test('an unresolved token where a literal is needed is refused', () => {
    expect(mistake({ account: new Stack().account })).toThrow(/account must be a literal, got a token/);
  });

  test('all mistakes are reported together', () => {
    expect(mistake({ account: '1', tags: {}, tier: 'x' as Tier })).toThrow(
      /^Environment of "App" has 4 mistakes:\n {2}- tier[^]*- account[^]*- tags\.Owner[^]*- tags\.CostCenter/,
    );
  });

  test('an environment is defined once on a scope, and only on an app, a stage or a stack', () => {
    const app = new App();
    Environment.define(app, props);
    expect(() => Environment.define(app, props)).toThrow('one that is already "dev"');
    expect(() => Environment.define(new Construct(new Stack(), 'C'), props)).toThrow(
      'scope must be an App, a Stage or a Stack, got Construct',
    );
  });

  test('zones are named before the first stack', () => {
    const app = new App();
    new Stack(app, 'S');
    expect(() => Environment.define(app, props)).toThrow('call Environment.define before the first stack');
  });

  test('a refused definition leaves nothing behind', () => {
    const app = new App();
    expect(() => Environment.define(app, { ...props, account: '1' })).toThrow();
    expect(() => Environment.define(app, props)).not.toThrow();
  });
});
