import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Environment, EnvironmentProps, Tier } from '../src';
import { props } from './environment-of-shop';

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
    expect([environment.project, environment.name]).toEqual(['undefined', 'undefined']);
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

test('the zones are told to whoever asks for them, in their order, and CDK looks nothing up', () => {
  const app = new App();
  expect(Environment.define(app, props).zones).toEqual(['eu-central-1a', 'eu-central-1b']);
  const stack = new Stack(app, 'S', { env: { account: '111111111111', region: 'eu-central-1' } });
  expect(stack.availabilityZones).toEqual(['eu-central-1a', 'eu-central-1b']);
  expect(app.synth().manifest.missing).toBeUndefined();
});

test.each<[string, Partial<EnvironmentProps>]>([
  ['zones', { zones: undefined }],
  ['an account', { account: undefined }],
  ['a region', { region: undefined }],
])('without %s there is nothing to tell CDK', (_what, change) => {
  const app = new App();
  Environment.define(app, { ...props, ...change });
  expect(Object.keys(app.node.getAllContext()).filter((key) => key.startsWith('availability-zones'))).toEqual([]);
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

  test('which keys are required is noted in every stack of the environment, for whoever reads the assembly', () => {
    const app = new App();
    Environment.define(app, withoutTarget);
    const [shop, edge] = ['Shop', 'Edge'].map((id) => new Stack(app, id));
    Environment.define(edge, { ...withoutTarget, requiredTags: ['Owner'] });
    new CfnResource(shop, 'Topic', { type: 'AWS::SNS::Topic' });
    const assembly = app.synth();
    const noted = (stack: Stack) =>
      assembly.getStackByName(stack.stackName).findMetadataByType('groundplan:rule-settings');
    expect(noted(shop).map(({ data }) => data)).toEqual([
      { requiredTags: ['Project', 'Environment', 'ManagedBy', 'Owner', 'CostCenter'] },
    ]);
    expect(noted(edge).map(({ data }) => data)).toEqual([{ requiredTags: ['Owner'] }]);
  });
});
