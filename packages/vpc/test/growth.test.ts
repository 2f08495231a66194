import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { ContractResource, contractOf, subnetsIn } from '@groundplan/testing';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { AdditionalTier, Egress, NetworkProps } from '../src';
import { networkIn } from './environments';

/** The space of all address plans that fit into a /16. */
interface Plan extends NetworkProps {
  readonly zones: number;
  readonly zoneSlots: number;
  readonly spareTiers: number;
  readonly additionalTiers: AdditionalTier[];
}

const tierTypes = fc.constantFrom(SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PRIVATE_ISOLATED);
const egresses = fc.constantFrom(Egress.single(), Egress.perAz(), Egress.regional(), Egress.instance());

const plans: fc.Arbitrary<Plan> = fc
  .record({
    zoneSlots: fc.integer({ min: 2, max: 6 }),
    spareTiers: fc.integer({ min: 1, max: 4 }),
    subnetMask: fc.integer({ min: 22, max: 28 }),
    second: fc.integer({ min: 0, max: 255 }),
    dualStack: fc.boolean(),
    egress: egresses,
  })
  .chain(({ second, ...plan }) =>
    fc
      .record({
        zones: fc.integer({ min: 1, max: plan.zoneSlots - 1 }),
        additionalTiers: fc
          .array(tierTypes, { maxLength: plan.spareTiers - 1 })
          .map((types) => types.map((subnetType, i) => ({ name: `Extra${i + 1}`, subnetType }))),
      })
      .map((rest) => ({ ...plan, ...rest, cidr: `10.${second}.0.0/16` })),
  );

interface Placed {
  readonly cidr: unknown;
  readonly ipv6: unknown;
  readonly zone: unknown;
}

/** Where every subnet stands, by logical id. */
function places(stack: Stack): Map<string, Placed> {
  return new Map(
    subnetsIn(TemplateGraph.of(stack)).map(({ resource, cidr, ipv6, zone }) => [
      resource.logicalId,
      { cidr, ipv6, zone },
    ]),
  );
}

/** What would replace a subnet when it changed, the network that it is in included. */
function subnetContracts(stack: Stack): [string, ContractResource][] {
  return Object.entries(contractOf(stack)).filter(([, { type }]) => type === 'AWS::EC2::Subnet');
}

/** Everything that was there before is there after, under the same id, of the same type, with the same create-only values. */
function expectNothingMoved(before: NetworkProps, after: NetworkProps): void {
  const [old, grown] = [before, after].map((props) => networkIn(Tier.DEVELOPMENT, props).stack);
  const now = places(grown);
  for (const [id, place] of places(old)) expect([id, now.get(id)]).toEqual([id, place]);
  expect(contractOf(grown)).toMatchObject(contractOf(old));
}

const RUNS = { numRuns: 25 };

test('going from n to n + 1 zones changes no existing CIDR, no logical id and no create-only value (aws-cdk #6683, #28369)', () => {
  fc.assert(
    fc.property(plans, (plan) => expectNothingMoved(plan, { ...plan, zones: plan.zones + 1 })),
    RUNS,
  );
});

test('adding a tier changes no existing CIDR, no logical id and no create-only value (aws-cdk #24708)', () => {
  fc.assert(
    fc.property(plans, tierTypes, (plan, subnetType) =>
      expectNothingMoved(plan, { ...plan, additionalTiers: [...plan.additionalTiers, { name: 'Added', subnetType }] }),
    ),
    RUNS,
  );
});

test('reserving more spare tiers moves nobody', () => {
  fc.assert(
    fc.property(plans, (plan) => expectNothingMoved(plan, { ...plan, spareTiers: plan.spareTiers + 1 })),
    RUNS,
  );
});

test('changing the egress replaces no subnet', () => {
  fc.assert(
    fc.property(plans, egresses, (plan, egress) => {
      const [old, other] = [plan, { ...plan, egress }].map((props) => networkIn(Tier.DEVELOPMENT, props).stack);
      expect(places(other)).toEqual(places(old));
      expect(subnetContracts(other)).toEqual(subnetContracts(old));
    }),
    RUNS,
  );
});

test('subnets of a network never overlap and never leave it', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const taken = [...places(networkIn(Tier.DEVELOPMENT, plan).stack).values()].map(({ cidr }) =>
        range(String(cidr)),
      );
      const [low, high] = range(plan.cidr!);
      taken.sort(([a], [b]) => a - b);
      for (const [i, [from, to]] of taken.entries()) {
        expect(from).toBeGreaterThanOrEqual(i === 0 ? low : taken[i - 1][1]);
        expect(to).toBeLessThanOrEqual(high);
      }
    }),
    RUNS,
  );
});

function range(cidr: string): [number, number] {
  const [address, prefix] = cidr.split('/');
  const from = address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
  return [from, from + 2 ** (32 - Number(prefix))];
}
