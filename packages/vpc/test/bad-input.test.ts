import { Environment, Tier } from '@groundplan/core';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { App, Aws, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Egress, EndpointSet, Network, NetworkProps } from '../src';
import { environmentOf, networkIn, stackIn } from './environments';

const tiers = (...names: string[]) => ({
  additionalTiers: names.map((name) => ({ name, subnetType: SubnetType.PUBLIC })),
});
const { FARGATE, SSM, DATA, MESSAGING, OBSERVABILITY } = EndpointSet;
const everySet = [FARGATE, SSM, DATA, MESSAGING, OBSERVABILITY];

const noBlock = 'cidr must be an IPv4 block such as 10.0.0.0/16, got';
const fourNumbers = 'write four numbers and the length of the prefix';
const fewerZones = 'use fewer zones, or raise zoneSlots before the network is first deployed';
const sixZones = 'no AWS region has more than six zones';
const noun = 'must be a PascalCase noun that no other tier has, got';
const another = 'choose another; it becomes part of logical ids';
const ipv6 =
  'the private tier of a dual-stack network reaches the internet over IPv6; choose an egress that does, or stay with IPv4';
const token = 'must be a literal, got a token that is known only at deployment; write it out: it decides';

describe('a mistake is refused with the prop, the value, what is allowed and what to do', () => {
  test.each<[string, NetworkProps, string]>([
    ['no block at all', { cidr: 'ten dot zero' }, `${noBlock} "ten dot zero"; ${fourNumbers}`],
    ['a block with something before it', { cidr: ' 10.0.0.0/16' }, `${noBlock} " 10.0.0.0/16"; ${fourNumbers}`],
    ['a block with something behind it', { cidr: '10.0.0.0/16,' }, `${noBlock} "10.0.0.0/16,"; ${fourNumbers}`],
    ['an octet too large', { cidr: '10.0.256.0/16' }, `${noBlock} "10.0.256.0/16"; ${fourNumbers}`],
    ['a prefix too long', { cidr: '10.0.0.0/33' }, `${noBlock} "10.0.0.0/33"; ${fourNumbers}`],
    [
      'a block larger than AWS takes',
      { cidr: '10.0.0.0/8' },
      'cidr must be between /16 and /28, got 10.0.0.0/8; AWS takes no other VPC',
    ],
    [
      'a block smaller than AWS takes',
      { cidr: '10.0.0.0/32' },
      'cidr must be between /16 and /28, got 10.0.0.0/32; AWS takes no other VPC',
    ],
    [
      'host bits',
      { cidr: '10.0.3.7/16' },
      'cidr must be a network address, got 10.0.3.7/16; did you mean 10.0.0.0/16?',
    ],
    ['more zones than slots', { zones: 5 }, `zones must be between 1 and 4, got 5; ${fewerZones}`],
    ['no zone', { zones: 0 }, `zones must be between 1 and 4, got 0; ${fewerZones}`],
    ['half a zone', { zones: 1.5 }, `zones must be between 1 and 4, got 1.5; ${fewerZones}`],
    ['more slots than any region has zones', { zoneSlots: 7 }, `zoneSlots must be between 1 and 6, got 7; ${sixZones}`],
    [
      'more spare tiers than anybody needs',
      { spareTiers: 13 },
      'spareTiers must be between 0 and 12, got 13; reserve what may be needed',
    ],
    [
      'endpoints in more zones than there are',
      { endpointZones: 3 },
      'endpointZones must be between 1 and 2, got 3; an endpoint stands where the network does',
    ],
    [
      'endpoints in no zone',
      { endpointZones: 0 },
      'endpointZones must be between 1 and 2, got 0; an endpoint stands where the network does',
    ],
    [
      'a subnet that AWS does not take',
      { subnetMask: 29 },
      'subnetMask must be between 16 and 28, got 29; AWS takes subnets between /16 and /28',
    ],
    [
      'more tiers than are reserved',
      tiers('A', 'B', 'C'),
      'additionalTiers must be at most 2, the tiers that spareTiers reserves, got 3; raise spareTiers: that moves no subnet as long as the network is large enough',
    ],
    ['a tier that is there', tiers('Private'), `additionalTiers[0].name ${noun} "Private"; ${another}`],
    ['a tier twice', tiers('Cache', 'Cache'), `additionalTiers[1].name ${noun} "Cache"; ${another}`],
    ['a tier of two words', tiers('My tier'), `additionalTiers[0].name ${noun} "My tier"; ${another}`],
    ['a tier with a small letter', tiers('cacheTier'), `additionalTiers[0].name ${noun} "cacheTier"; ${another}`],
    [
      'endpoints without the egress for them',
      { egress: Egress.none(), endpoints: everySet },
      'endpoints must be empty with Egress.none(), got fargate, ssm, data, messaging, observability; use Egress.endpointsOnly(…) with the same sets',
    ],
    [
      'IPv6 out of a network that does not reach the internet',
      { egress: Egress.endpointsOnly(), dualStack: true },
      `dualStack must be left out where egress is "endpoints only", got true; ${ipv6}`,
    ],
    [
      'IPv6 out of a network that reaches nothing',
      { egress: Egress.none(), dualStack: true },
      `dualStack must be left out where egress is "none", got true; ${ipv6}`,
    ],
    ['a token for the block', { cidr: Aws.STACK_NAME }, `cidr ${token} which subnets are created`],
    [
      'a token for the zones of endpoints',
      { endpointZones: Token.asNumber({ Ref: 'Zones' }) },
      `endpointZones ${token} where endpoints are created`,
    ],
  ])('%s', (_, props, message) => {
    expect(() => networkIn(Tier.DEVELOPMENT, props)).toThrow(new Error(`Network "Network/Network": ${message}`));
  });

  test.each<[string, NetworkProps]>([
    ['one zone in one slot, and no spare tier', { zones: 1, zoneSlots: 1, spareTiers: 0, endpointZones: 1 }],
    ['six zones in six slots', { zones: 6, zoneSlots: 6, endpointZones: 6 }],
    ['twelve spare tiers of the smallest subnets', { spareTiers: 12, subnetMask: 28 }],
    ['a block that is just enough', { cidr: '10.0.255.192/26', zones: 1, zoneSlots: 1, spareTiers: 1, subnetMask: 28 }],
    ['a block with the largest octet', { cidr: '10.255.0.0/16' }],
    ['as many tiers as are reserved', tiers('Cache2', 'QueueOfMine')],
    ['no endpoints with Egress.none()', { egress: Egress.none(), endpoints: [] }],
    ['endpoints with Egress.endpointsOnly()', { egress: Egress.endpointsOnly(), endpoints: [SSM] }],
    ['dual stack with a NAT gateway', { egress: Egress.single(), dualStack: true }],
  ])('%s is no mistake', (_, props) => {
    expect(() => networkIn(Tier.DEVELOPMENT, props)).not.toThrow();
  });

  const larger = 'choose a larger block, or';
  test.each<[NetworkProps, string, string]>([
    [
      { cidr: '10.0.0.0/20' },
      '/19, for 5 tiers × 4 zone slots of /24, got 10.0.0.0/20',
      `${larger} give up spareTiers: 1, or zoneSlots: 3, or zoneSlots: 5 with spareTiers: 0; what is given up cannot be had later`,
    ],
    [
      { cidr: '10.0.0.0/21' },
      '/19, for 5 tiers × 4 zone slots of /24, got 10.0.0.0/21',
      `${larger} give up zoneSlots: 2 with spareTiers: 0; what is given up cannot be had later`,
    ],
    [
      { cidr: '10.0.0.0/20', zoneSlots: 2, spareTiers: 6 },
      '/19, for 9 tiers × 2 zone slots of /24, got 10.0.0.0/20',
      `${larger} give up spareTiers: 5, or zoneSlots: 5 with spareTiers: 0; what is given up cannot be had later`,
    ],
    [
      { cidr: '10.0.0.0/20', zoneSlots: 5 },
      '/19, for 5 tiers × 5 zone slots of /24, got 10.0.0.0/20',
      `${larger} give up spareTiers: 0, or zoneSlots: 3, or zoneSlots: 5 with spareTiers: 0; what is given up cannot be had later`,
    ],
    [
      { cidr: '10.0.0.0/20', spareTiers: 3 },
      '/19, for 6 tiers × 4 zone slots of /24, got 10.0.0.0/20',
      `${larger} give up spareTiers: 1, or zoneSlots: 2, or zoneSlots: 5 with spareTiers: 0; what is given up cannot be had later`,
    ],
    [
      { cidr: '10.0.0.0/22', zones: 1, zoneSlots: 1 },
      '/21, for 5 tiers × 1 zone slots of /24, got 10.0.0.0/22',
      `${larger} give up spareTiers: 1; what is given up cannot be had later`,
    ],
    [
      { cidr: '10.0.0.0/24' },
      '/19, for 5 tiers × 4 zone slots of /24, got 10.0.0.0/24',
      `${larger} a longer subnetMask`,
    ],
    [
      { cidr: '10.0.0.0/28', subnetMask: 28 },
      '/23, for 5 tiers × 4 zone slots of /28, got 10.0.0.0/28',
      `${larger} a longer subnetMask`,
    ],
    [{ subnetMask: 16 }, '/11, for 5 tiers × 4 zone slots of /16, got 10.0.0.0/16', `${larger} a longer subnetMask`],
  ])('%j does not fit, and what to give up is named', (props, smallest, remedy) => {
    expect(() => networkIn(Tier.DEVELOPMENT, props)).toThrow(
      new Error(`Network "Network/Network": cidr must be at least a ${smallest}; ${remedy}`),
    );
  });

  test('all mistakes are reported together, with the path', () => {
    expect(() => networkIn(Tier.DEVELOPMENT, { cidr: '10.0.0.0/8', zones: 5, subnetMask: 15 })).toThrow(
      /^Network "Network\/Network" has 3 mistakes:\n {2}- subnetMask[^]*\n {2}- zones[^]*\n {2}- cidr/,
    );
    expect(() => networkIn(Tier.DEVELOPMENT, { zoneSlots: 0, spareTiers: -1 })).toThrow(
      /has 4 mistakes:\n {2}- zoneSlots[^]*\n {2}- zones[^]*\n {2}- spareTiers[^]*\n {2}- additionalTiers/,
    );
  });

  test('what cannot be read is said alone: nothing else can be told', () => {
    const zones = Token.asNumber({ Ref: 'Zones' });
    expect(() => networkIn(Tier.DEVELOPMENT, { zones, subnetMask: 99 })).toThrow(
      new Error(`Network "Network/Network": zones ${token} which subnets are created`),
    );
  });
});

describe('two networks of an app that overlap are refused: they could never be connected', () => {
  test.each<[string, string, boolean]>([
    ['10.1.0.0/16', '10.1.128.0/17', true],
    ['10.1.128.0/17', '10.1.0.0/16', true],
    ['10.1.0.0/17', '10.1.128.0/17', false],
    ['10.1.128.0/17', '10.1.0.0/17', false],
    ['10.1.0.0/16', '10.2.0.0/16', false],
    ['192.168.0.0/16', '10.1.0.0/16', false],
  ])('%s and %s: %s', (first, second, refused) => {
    const stack = stackIn(Tier.DEVELOPMENT);
    new Network(stack, 'First', { cidr: first });
    const attempt = () => new Network(stack, 'Second', { cidr: second });
    if (!refused) expect(attempt).not.toThrow();
    else
      expect(attempt).toThrow(
        new Error(
          `Network "Network/Second": cidr must be apart from ${first} of "Network/First", got ${second}; give each network of an app a block of its own, or they can never be connected`,
        ),
      );
  });

  test('also when another copy of this library made the first', () => {
    const stack = stackIn(Tier.DEVELOPMENT);
    const other = new Construct(stack, 'OfAnotherCopy');
    Object.defineProperty(other, Symbol.for('groundplan.vpc.cidr'), { value: '10.0.0.0/8' });
    expect(() => new Network(stack, 'Network')).toThrow(
      'cidr must be apart from 10.0.0.0/8 of "Network/OfAnotherCopy"',
    );
  });
});

describe('zones', () => {
  const inEnvironment = (change: object, tier = Tier.STAGING, props: NetworkProps = {}) => {
    const app = new App();
    const environment = Environment.define(app, { ...environmentOf(tier), ...change });
    return () => new Network(new Stack(app, 'S', { env: environment.target }), 'Network', props);
  };
  const unnamed = (zone: string) =>
    new Error(
      `Network "S/Network": zones must be named by the environment, got no names; name them in Environment.define, such as zones: ['${zone}', …], in the order in which they are taken into use`,
    );

  test.each([Tier.STAGING, Tier.PRODUCTION])('%s names its zones', (tier) => {
    expect(inEnvironment({ account: undefined, region: undefined, zones: undefined }, tier)).toThrow(
      unnamed('eu-central-1a'),
    );
  });

  test.each([Tier.SANDBOX, Tier.DEVELOPMENT])('%s need not, where it names no region either', (tier) => {
    expect(inEnvironment({ account: undefined, region: undefined, zones: undefined }, tier)).not.toThrow();
  });

  test('a stack with a region names them in every tier: a look-up would need credentials', () => {
    expect(inEnvironment({ region: 'eu-west-1', zones: undefined }, Tier.SANDBOX)).toThrow(unnamed('eu-west-1a'));
  });

  test('fewer named than wanted', () => {
    const zones = ['eu-central-1a', 'eu-central-1b'];
    expect(inEnvironment({ zones }, Tier.STAGING, { zones: 3 })).toThrow(
      new Error(
        `Network "S/Network": zones must be at most 2, the zones that environment "staging" names, got 3; name them in Environment.define, such as zones: ['eu-central-1a', …], in the order in which they are taken into use`,
      ),
    );
    expect(inEnvironment({ zones })).not.toThrow();
  });
});
