import { Environment, Tier } from '@groundplan/core';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { App, Aws, Stack } from 'aws-cdk-lib/core';
import { Egress, EndpointSet, Network, NetworkProps } from '../src';
import { environmentOf, networkIn, stackIn } from './environments';

describe('a mistake is refused with the prop, the value, what is allowed and what to do', () => {
  test.each<[string, NetworkProps, RegExp]>([
    [
      'no block at all',
      { cidr: 'ten dot zero' },
      /cidr must be an IPv4 block such as 10\.0\.0\.0\/16, got "ten dot zero"; write four numbers/,
    ],
    ['an octet too large', { cidr: '10.0.256.0/16' }, /cidr must be an IPv4 block/],
    [
      'a block larger than AWS takes',
      { cidr: '10.0.0.0/8' },
      /cidr must be between \/16 and \/28, got 10\.0\.0\.0\/8; AWS takes no other VPC/,
    ],
    [
      'host bits',
      { cidr: '10.0.3.7/16' },
      /cidr must be a network address, got 10\.0\.3\.7\/16; did you mean 10\.0\.0\.0\/16\?/,
    ],
    [
      'a block that is too small',
      { cidr: '10.0.0.0/20' },
      /cidr must be at least a \/19, for 5 tiers × 4 zone slots of \/24, got 10\.0\.0\.0\/20; choose a larger block, or give up spareTiers: 1, or zoneSlots: 3, or zoneSlots: 5 with spareTiers: 0; what is given up cannot be had later/,
    ],
    ['a block too small for anything', { cidr: '10.0.0.0/24' }, /choose a larger block, or a longer subnetMask/],
    [
      'more zones than slots',
      { zones: 5 },
      /zones must be between 1 and 4, got 5; use fewer zones, or raise zoneSlots before/,
    ],
    ['no zone', { zones: 0 }, /zones must be between 1 and 4, got 0/],
    ['more slots than any region has zones', { zoneSlots: 9 }, /zoneSlots must be between 1 and 6, got 9/],
    [
      'endpoints in more zones than there are',
      { endpointZones: 3 },
      /endpointZones must be between 1 and 2, got 3; an endpoint stands where/,
    ],
    ['half a zone', { zones: 1.5 }, /zones must be between 1 and 4, got 1\.5/],
    ['a subnet that AWS does not take', { subnetMask: 29 }, /subnetMask must be between 16 and 28, got 29/],
    [
      'more tiers than are reserved',
      { additionalTiers: ['A', 'B', 'C'].map((name) => ({ name, subnetType: SubnetType.PUBLIC })) },
      /additionalTiers must be at most 2, the tiers that spareTiers reserves, got 3; raise spareTiers/,
    ],
    [
      'a tier twice',
      { additionalTiers: [{ name: 'Private', subnetType: SubnetType.PUBLIC }] },
      /additionalTiers\[0\]\.name must be a PascalCase noun that no other tier has, got "Private"/,
    ],
    [
      'a tier that is no noun',
      { additionalTiers: [{ name: 'my tier', subnetType: SubnetType.PUBLIC }] },
      /additionalTiers\[0\]\.name must be a PascalCase noun/,
    ],
    [
      'endpoints without the egress for them',
      { egress: Egress.none(), endpoints: [EndpointSet.SSM] },
      /endpoints must be empty with Egress\.none\(\), got ssm; use Egress\.endpointsOnly/,
    ],
    [
      'IPv6 out of a network that does not reach the internet',
      { egress: Egress.endpointsOnly(), dualStack: true },
      /dualStack must be left out where egress is "endpoints only", got true/,
    ],
    [
      'a token for the block',
      { cidr: Aws.STACK_NAME },
      /cidr must be a literal, got a token that is known only at deployment; write it out/,
    ],
  ])('%s', (_, props, message) => {
    expect(() => networkIn(Tier.DEVELOPMENT, props)).toThrow(message);
  });

  test('all mistakes are reported together, with the path', () => {
    expect(() => networkIn(Tier.DEVELOPMENT, { cidr: '10.0.0.0/8', zones: 5, subnetMask: 30 })).toThrow(
      /^Network "Network\/Network" has 3 mistakes:\n {2}- subnetMask[^]*\n {2}- zones[^]*\n {2}- cidr/,
    );
  });
});

test('two networks of an app that overlap are refused: they could never be connected', () => {
  const stack = stackIn(Tier.DEVELOPMENT);
  new Network(stack, 'First', { cidr: '10.1.0.0/16' });
  expect(() => new Network(stack, 'Second', { cidr: '10.1.128.0/17' })).toThrow(
    'cidr must be apart from 10.1.0.0/16 of "Network/First", got 10.1.128.0/17; give each network of an app a block of its own',
  );
  expect(() => new Network(stack, 'Third', { cidr: '10.2.0.0/16' })).not.toThrow();
});

describe('zones', () => {
  const inEnvironment = (change: object, tier = Tier.STAGING) => {
    const app = new App();
    const environment = Environment.define(app, { ...environmentOf(tier), ...change });
    return () => new Network(new Stack(app, 'S', { env: environment.target }), 'Network');
  };

  test.each([Tier.STAGING, Tier.PRODUCTION])('%s names its zones', (tier) => {
    expect(inEnvironment({ account: undefined, region: undefined, zones: undefined }, tier)).toThrow(
      /zones must be named by the environment, got no names; name them in Environment\.define, such as zones: \['eu-central-1a', …\]/,
    );
  });

  test('a stack with a region names them in every tier: a look-up would need credentials', () => {
    expect(inEnvironment({ zones: undefined }, Tier.SANDBOX)).toThrow(/zones must be named by the environment/);
  });

  test('fewer named than wanted', () => {
    expect(inEnvironment({ zones: ['eu-central-1a'] })).toThrow(
      /zones must be at most 1, the zones that environment "staging" names, got 2; name them in Environment\.define/,
    );
  });
});
