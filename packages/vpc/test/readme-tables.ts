import { Tier } from '@groundplan/core';
import { EndpointSet } from '../src';
import { DEFAULTS, FIXED } from '../src/private/defaults';
import { HOURS, PRICES, Prices } from './prices';

/** The tables of the README that are made from code, by the name of their place in it. */
export const TABLES: Record<string, () => string> = {
  defaults: defaultsTable,
  costs: costsTable,
  endpoints: endpointsTable,
};

function defaultsTable(): string {
  const tiers = Object.values(Tier);
  const row = (name: string, value: (tier: Tier) => unknown) => [name, ...tiers.map((tier) => String(value(tier)))];
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  return table(
    ['', ...tiers],
    [
      row('zones', (tier) => DEFAULTS[tier].zones),
      row('egress', (tier) => `\`Egress.${DEFAULTS[tier].egress}()\``),
      row('interface endpoints stand in', (tier) => (DEFAULTS[tier].endpointsInAllZones ? 'every zone' : 'one zone')),
      row('flow logs are kept, days', (tier) => DEFAULTS[tier].flowLogRetentionDays),
      row('flow logs outlive the network', (tier) => yes(DEFAULTS[tier].retainFlowLogs)),
      row('NAT out of ports', (tier) => DEFAULTS[tier].portAllocationSeverity),
      row(
        'block, zone slots, spare tiers, subnets',
        () => `${FIXED.cidr}, ${FIXED.zoneSlots}, ${FIXED.spareTiers}, /${FIXED.subnetMask}`,
      ),
    ],
  );
}

function costsTable(): string {
  const nat = (count: number) => (price: Prices) => times(count, plus(price.natGatewayHour, price.publicIpv4Hour));
  const endpoints = (zones: number) => (price: Prices) =>
    times(EndpointSet.FARGATE.services.length * zones, price.endpointHour);
  const perGb = (value?: number) => (value === undefined ? 'unpriced' : `$${value}`);
  const rows: [string, (price: Prices) => number | undefined, (price: Prices) => string][] = [
    ['`Egress.none()`', () => 0, () => '–'],
    ['`Egress.endpointsOnly()`, one zone', endpoints(1), (price) => perGb(price.endpointGb)],
    ['`Egress.endpointsOnly()`, two zones', endpoints(2), (price) => perGb(price.endpointGb)],
    ['`Egress.single()`', nat(1), (price) => perGb(price.natGatewayGb)],
    ['`Egress.perAz()`, two zones', nat(2), (price) => perGb(price.natGatewayGb)],
    ['`Egress.perAz()`, three zones', nat(3), (price) => perGb(price.natGatewayGb)],
    ['`Egress.regional()`', (price) => price.regionalNatHour, () => 'unpriced'],
    ['`Egress.instance()`', (price) => plus(price.natInstanceHour, price.publicIpv4Hour), () => '–'],
  ];
  return table(
    ['', ...PRICES.flatMap(({ region }) => [`${region}, a month`, 'a GB'])],
    rows.map(([name, hourly, gb]) => [name, ...PRICES.flatMap((price) => [monthly(hourly(price)), gb(price)])]),
  );
}

function endpointsTable(): string {
  const sets = Object.entries(EndpointSet).filter(([, set]) => set instanceof EndpointSet) as [string, EndpointSet][];
  return table(
    ['set', 'services'],
    sets.map(([name, { services }]) => [
      `\`EndpointSet.${name}\``,
      services.map(({ shortName }) => shortName).join(', '),
    ]),
  );
}

function monthly(hourly?: number): string {
  return hourly === undefined ? 'unpriced' : `$${(hourly * HOURS).toFixed(2)}`;
}

function plus(a?: number, b?: number): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function times(count: number, price?: number): number | undefined {
  return price === undefined ? undefined : count * price;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
