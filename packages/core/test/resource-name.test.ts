import { App } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { Environment, Tier } from '../src';

const environment = Environment.define(new App(), {
  project: 'caja',
  name: 'prod',
  tier: Tier.PRODUCTION,
  tags: { Owner: 'platform-engineering', CostCenter: 'events-eng' },
});

test('a name is project, environment and component (CA-006)', () => {
  expect(environment.resourceName('api')).toBe('caja-prod-api');
});

test('an estate may order the fields otherwise', () => {
  const other = Environment.define(new App(), {
    project: 'shop',
    name: 'dev',
    tier: Tier.SANDBOX,
    requiredTags: [],
    namePattern: '{environment}-{component}',
  });
  expect(other.resourceName('api')).toBe('dev-api');
});

test('a name never exceeds the length of its resource type', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 200 }),
      fc.integer({ min: 16, max: 128 }),
      (component, maxLength) => {
        expect(environment.resourceName(component, { maxLength }).length).toBeLessThanOrEqual(maxLength);
      },
    ),
  );
});

test('two long names that differ only at their ends stay different', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 24, max: 64 }), (a, b, maxLength) => {
      fc.pre(a !== b);
      const common = 'x'.repeat(80);
      const name = (end: string) => environment.resourceName(`${common}${end}`, { maxLength });
      expect(name(a)).not.toBe(name(b));
    }),
  );
});

test('a name is spelled as every AWS resource takes it', () => {
  fc.assert(
    fc.property(fc.string(), (component) => {
      expect(environment.resourceName(component, { lowerCase: true })).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }),
  );
});

describe('spelling', () => {
  test.each([
    ['what no name takes becomes one hyphen', 'a  b__c', {}, 'caja-prod-a-b-c'],
    ['hyphens at the ends are dropped', 'api--', {}, 'caja-prod-api'],
    ['the case is kept', 'Api', {}, 'caja-prod-Api'],
    ['or lowered', 'Api', { lowerCase: true }, 'caja-prod-api'],
    ['a name that just fits is kept', 'api', { maxLength: 13 }, 'caja-prod-api'],
  ])('%s', (_what, component, options, name) => {
    expect(environment.resourceName(component, options)).toBe(name);
  });

  test('one that does not fit is cut and ends in eight hexadecimal digits, with one hyphen between', () => {
    expect(environment.resourceName('api-service', { maxLength: 20 })).toMatch(/^caja-prod-a?-[0-9a-f]{8}$/);
    expect(environment.resourceName('a--------------b', { maxLength: 22 })).toMatch(/^caja-prod-a-[0-9a-f]{8}$/);
  });
});
