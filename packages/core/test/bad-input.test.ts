import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Environment, EnvironmentProps, Mistakes, Tier } from '../src';
import { props } from './environment-of-shop';

/** What is said about these props; empty when they are accepted. */
function said(change: Partial<EnvironmentProps>, scope: Construct = new App()): string {
  try {
    Environment.define(scope, { ...props, ...change } as EnvironmentProps);
    return '';
  } catch (error) {
    return (error as Error).message.replace(/^Environment of "App": /, '');
  }
}

const A_TAG =
  'at most 128 characters of key and 256 of value, of letters, digits, spaces and _.:/=+-@, not beginning with aws:';
const WHICH_ZONES = 'name them in the order in which they are taken into use, such as eu-central-1a';

describe('a mistake names the prop, what is allowed, the value and what to do', () => {
  test.each<[string, Partial<EnvironmentProps>, string]>([
    [
      'an unknown tier',
      { tier: 'prod' as Tier },
      'tier must be one of sandbox, development, staging, production, got "prod"; use Tier.SANDBOX, Tier.DEVELOPMENT, Tier.STAGING or Tier.PRODUCTION; `name` is free text',
    ],
    [
      'an account that is too short',
      { account: '1234' },
      'account must be twelve digits, got "1234"; write it as a string, with its leading zeros, or leave it out for the account of the credentials',
    ],
    [
      'a zone for a region',
      { region: 'eu-central-1a', zones: undefined },
      'region must be an AWS region such as eu-central-1, got "eu-central-1a"; name the region, not a zone, or leave it out for the region of the credentials',
    ],
    [
      'a project in capitals',
      { project: 'Shop' },
      'project must be lower-case letters, digits and inner hyphens, got "Shop"; it becomes part of resource names; put the display name in a tag',
    ],
    [
      'zones of another region',
      { zones: ['us-east-1a', 'us-east-1b'] },
      `zones must be different zones of eu-central-1, got [us-east-1a, us-east-1b]; ${WHICH_ZONES}`,
    ],
    [
      'a zone twice, without a region',
      { region: undefined, zones: ['us-east-1a', 'us-east-1a'] },
      `zones must be different zones, got [us-east-1a, us-east-1a]; ${WHICH_ZONES}`,
    ],
    ['no zone', { zones: [] }, `zones must be different zones of eu-central-1, got []; ${WHICH_ZONES}`],
    [
      'a missing tag',
      { tags: { Owner: 'x' } },
      'tags.CostCenter must be present, it is a required tag, got nothing; add it to tags, or name the keys that your organisation requires in requiredTags',
    ],
    [
      'a reserved tag',
      { tags: { ...props.tags, 'AWS:x': 'y' } },
      `tags.AWS:x must be ${A_TAG}, got "y"; shorten or respell it`,
    ],
    [
      'a value that AWS refuses',
      { tags: { ...props.tags, Owner: 'a<b' } },
      `tags.Owner must be ${A_TAG}, got "a<b"; shorten or respell it`,
    ],
    [
      'a pattern without its component',
      { namePattern: '{project}' },
      'namePattern must be a pattern with {component} in it, got "{project}"; without it all components would share one name',
    ],
    [
      'a token where a literal is needed',
      { account: Token.asString({ Ref: 'AWS::AccountId' }) },
      'account must be a literal, got a token that is known only at deployment; write it out: it decides what is created, before anything is deployed',
    ],
  ])('%s', (_what, change, message) => {
    expect(said(change)).toBe(message);
  });

  test('a definition on what is no scope of its own', () => {
    const inside = new Construct(new Stack(undefined, 'Shop'), 'Inside');
    expect(said({ zones: undefined }, inside)).toBe(
      'Environment of "Shop/Inside": scope must be an App, a Stage or a Stack, got Construct; define the environment on the stack that this construct is in',
    );
  });

  test('a second definition', () => {
    const app = new App();
    Environment.define(app, props);
    expect(said({}, app)).toBe(
      'scope must be a scope whose environment is not yet defined, got one that is already "dev"; define it once, or give a Stage or a Stack below an environment of its own',
    );
  });

  test('zones that come after the first stack', () => {
    const app = new App();
    new Stack(app, 'Shop');
    expect(said({}, app)).toBe(
      'scope must be empty when zones are named, got 1 children; call Environment.define before the first stack is created, so that it synthesizes without look-ups',
    );
  });

  test('many mistakes come in one message, a line each', () => {
    expect(said({ account: '1', tags: {}, tier: 'x' as Tier }).split('\n')).toEqual([
      'Environment of "App" has 4 mistakes:',
      expect.stringMatching(/^ {2}- tier must be /),
      expect.stringMatching(/^ {2}- account must be /),
      expect.stringMatching(/^ {2}- tags\.Owner must be /),
      expect.stringMatching(/^ {2}- tags\.CostCenter must be /),
    ]);
  });
});

describe('the edges of what is allowed', () => {
  test.each<[string, Partial<EnvironmentProps>, boolean]>([
    ['a project of one letter', { project: 's' }, true],
    ['a project with an inner hyphen', { project: 'my-shop-2' }, true],
    ['a project that ends in a hyphen', { project: 'shop-' }, false],
    ['a project that begins with one', { project: '-shop' }, false],
    ['an account of thirteen digits', { account: '1111111111111' }, false],
    ['an account with a letter before it', { account: 'a111111111111' }, false],
    ['a region of several words', { region: 'us-gov-west-1', zones: undefined }, true],
    ['a region with a word before it', { region: 'xeu-central-1', zones: undefined }, false],
    ['a key of 128 characters', { tags: { ...props.tags, ['k'.repeat(128)]: 'v' } }, true],
    ['a key of 129', { tags: { ...props.tags, ['k'.repeat(129)]: 'v' } }, false],
    ['a value of 256 characters', { tags: { ...props.tags, Owner: 'v'.repeat(256) } }, true],
    ['a value of 257', { tags: { ...props.tags, Owner: 'v'.repeat(257) } }, false],
    ['a tag without a value that nobody requires', { tags: { ...props.tags, Note: '' } }, true],
    [
      'a tag whose value is known only at deployment',
      { tags: { ...props.tags, Note: Token.asString({ Ref: 'Note' }) } },
      true,
    ],
    ['a zone that is known only at deployment', { zones: [Token.asString({ Ref: 'Zone' }), 'eu-central-1b'] }, true],
  ])('%s: %#', (_what, change, accepted) => {
    expect(said(change) === '').toBe(accepted);
  });

  test('zones may be named after the first stack where no look-up could be saved', () => {
    const app = new App();
    new CfnParameter(new Stack(app, 'Shop'), 'Zone');
    expect(said({ account: undefined }, app)).toBe('');
  });
});

test('a refused definition leaves nothing behind', () => {
  const app = new App();
  expect(said({ account: '1' }, app)).not.toBe('');
  expect(said({}, app)).toBe('');
});

describe('mistakes of a construct', () => {
  const at = () => new Construct(new Stack(undefined, 'Shop'), 'Cache');

  test('none is no error', () => {
    expect(() => new Mistakes(at(), 'Cache').throwIfAny()).not.toThrow();
  });

  test('a value that is known, or not given, can be read', () => {
    const mistakes = new Mistakes(at(), 'Cache');
    expect([mistakes.requireLiteral('nodes', 3, 'x'), mistakes.requireLiteral('nodes', undefined, 'x')]).toEqual([
      true,
      true,
    ]);
    expect(mistakes.requireLiteral('nodes', Token.asNumber({ Ref: 'Nodes' }), 'x')).toBe(false);
    expect(() => mistakes.throwIfAny()).toThrow('Cache "Shop/Cache": nodes must be a literal');
  });
});
