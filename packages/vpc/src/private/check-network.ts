import { Environment, Mistakes, Tier } from '@groundplan/core';
import { Token, Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { NetworkProps } from '../network';
import { formatBlock, networkOf, overlap, parseBlock, sizeOf } from './cidr';

/** The props that decide addresses, with their defaults filled in. */
export interface Layout {
  readonly cidr: string;
  readonly zones: number;
  readonly zoneSlots: number;
  readonly spareTiers: number;
  readonly subnetMask: number;
}

/** The tiers that every network has. */
export const TIERS = ['Public', 'Private', 'Isolated'];

/** Two copies of this library in one tree see each other's networks: the block stands under this key. */
const CIDR = Symbol.for('groundplan.vpc.cidr');

/** Notes what is wrong with the address plan, and with props that contradict each other. */
export function checkNetwork(scope: IConstruct, props: NetworkProps, layout: Layout, mistakes: Mistakes): void {
  const literal = 'write it out: it decides which subnets are created';
  const readable = (Object.keys(layout) as (keyof Layout)[]).map((prop) =>
    mistakes.requireLiteral(prop, layout[prop], literal),
  );
  if (readable.includes(false)) return;

  const added = props.additionalTiers ?? [];
  between(mistakes, 'subnetMask', layout.subnetMask, 16, 28, 'AWS takes subnets between /16 and /28');
  between(mistakes, 'zoneSlots', layout.zoneSlots, 1, 6, 'no AWS region has more than six zones');
  between(
    mistakes,
    'zones',
    layout.zones,
    1,
    layout.zoneSlots,
    'use fewer zones, or raise zoneSlots before the network is first deployed',
  );
  between(mistakes, 'spareTiers', layout.spareTiers, 0, 12, 'reserve what may be needed');
  if (added.length > layout.spareTiers)
    mistakes.add({
      prop: 'additionalTiers',
      mustBe: `at most ${layout.spareTiers}, the tiers that spareTiers reserves`,
      got: `${added.length}`,
      remedy: 'raise spareTiers: that moves no subnet as long as the network is large enough',
    });
  const names = [...TIERS, ...added.map(({ name }) => name)];
  for (const [i, { name }] of added.entries())
    if (!/^[A-Z][A-Za-z0-9]*$/.test(name) || names.indexOf(name) !== TIERS.length + i)
      mistakes.add({
        prop: `additionalTiers[${i}].name`,
        mustBe: 'a PascalCase noun that no other tier has',
        got: `"${name}"`,
        remedy: 'choose another; it becomes part of logical ids',
      });
  checkBlock(scope, layout, mistakes);

  if (props.egress && !props.egress.reachesInternet && props.dualStack)
    mistakes.add({
      prop: 'dualStack',
      mustBe: `left out where egress is "${props.egress.description}"`,
      got: 'true',
      remedy:
        'the private tier of a dual-stack network reaches the internet over IPv6; choose an egress that does, or stay with IPv4',
    });
  if (
    props.endpointZones !== undefined &&
    mistakes.requireLiteral(
      'endpointZones',
      props.endpointZones,
      'write it out: it decides where endpoints are created',
    )
  )
    between(
      mistakes,
      'endpointZones',
      props.endpointZones,
      1,
      layout.zones,
      'an endpoint stands where the network does',
    );
  if (props.egress?.description === 'none' && props.endpoints?.length)
    mistakes.add({
      prop: 'endpoints',
      mustBe: 'empty with Egress.none()',
      got: props.endpoints.map(({ name }) => name).join(', '),
      remedy: 'use Egress.endpointsOnly(…) with the same sets',
    });
}

/** Notes which zones are missing, and answers those to use. */
export function zonesFor(scope: IConstruct, count: number, mistakes: Mistakes): string[] | undefined {
  const environment = Environment.of(scope);
  const stack = Stack.of(scope);
  const remedy = `name them in Environment.define, such as zones: ['${environment.region ?? 'eu-central-1'}a', …], in the order in which they are taken into use`;
  if (environment.zones) {
    if (count > environment.zones.length)
      mistakes.add({
        prop: 'zones',
        mustBe: `at most ${environment.zones.length}, the zones that environment "${environment.name}" names`,
        got: `${count}`,
        remedy,
      });
    return environment.zones.slice(0, count);
  }
  const mirrorsProduction = environment.tier === Tier.STAGING || environment.tier === Tier.PRODUCTION;
  if (!Token.isUnresolved(stack.region) || (environment.isDefined && mirrorsProduction))
    mistakes.add({ prop: 'zones', mustBe: 'named by the environment', got: 'no names', remedy });
  return undefined;
}

function checkBlock(scope: IConstruct, { cidr, zoneSlots, spareTiers, subnetMask }: Layout, mistakes: Mistakes): void {
  const block = parseBlock(cidr);
  const add = (mustBe: string, got: string, remedy: string) => mistakes.add({ prop: 'cidr', mustBe, got, remedy });
  if (!block)
    return add('an IPv4 block such as 10.0.0.0/16', `"${cidr}"`, 'write four numbers and the length of the prefix');
  if (block.prefix < 16 || block.prefix > 28) return add('between /16 and /28', cidr, 'AWS takes no other VPC');
  const network = formatBlock(networkOf(block));
  if (network !== cidr) return add('a network address', cidr, `did you mean ${network}?`);

  const tiers = TIERS.length + spareTiers;
  const room = Math.floor(sizeOf(block.prefix) / sizeOf(subnetMask));
  if (tiers * zoneSlots > room) {
    const smallest = subnetMask - Math.ceil(Math.log2(tiers * zoneSlots));
    add(
      `at least a /${smallest}, for ${tiers} tiers × ${zoneSlots} zone slots of /${subnetMask}`,
      cidr,
      smaller(room, tiers, zoneSlots),
    );
  }
  for (const other of scope.node.root.node.findAll()) {
    const taken = (other as unknown as Record<symbol, string | undefined>)[CIDR];
    if (taken && overlap(parseBlock(taken)!, block))
      add(
        `apart from ${taken} of "${other.node.path}"`,
        cidr,
        'give each network of an app a block of its own, or they can never be connected',
      );
  }
  Object.defineProperty(scope, CIDR, { value: cidr });
}

/** What to give up so that a network fits into the room that it has. */
function smaller(room: number, tiers: number, zoneSlots: number): string {
  const spares = Math.floor(room / zoneSlots) - TIERS.length;
  const slots = Math.floor(room / tiers);
  const ways = [
    ...(spares >= 0 ? [`spareTiers: ${spares}`] : []),
    ...(slots >= 2 ? [`zoneSlots: ${slots}`] : []),
    ...(room >= TIERS.length * 2 ? [`zoneSlots: ${Math.floor(room / TIERS.length)} with spareTiers: 0`] : []),
  ];
  return ways.length > 0
    ? `choose a larger block, or give up ${ways.join(', or ')}; what is given up cannot be had later`
    : 'choose a larger block, or a longer subnetMask';
}

function between(mistakes: Mistakes, prop: string, value: number, low: number, high: number, remedy: string): void {
  if (!Number.isInteger(value) || value < low || value > high)
    mistakes.add({ prop, mustBe: `between ${low} and ${high}`, got: `${value}`, remedy });
}
