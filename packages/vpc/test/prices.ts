/**
 * List prices in USD, on demand, from the price book of 2026-11-21. What has no source is `undefined` and prints as
 * "unpriced", never as 0.
 */
export interface Prices {
  readonly region: string;
  /** A NAT gateway, per hour. */
  readonly natGatewayHour?: number;
  /** What passes a NAT gateway, per GB. */
  readonly natGatewayGb?: number;
  /** A public IPv4 address in use, per hour. */
  readonly publicIpv4Hour?: number;
  /** An interface endpoint in one zone, per hour. */
  readonly endpointHour?: number;
  /** What passes an interface endpoint, per GB. */
  readonly endpointGb?: number;
  /** A t4g.nano, per hour. */
  readonly natInstanceHour?: number;
  /** A regional NAT gateway in one zone, per hour. */
  readonly regionalNatHour?: number;
}

export const PRICES: Prices[] = [
  {
    region: 'us-east-1',
    natGatewayHour: 0.045, // infracost testdata, 2024-07
    natGatewayGb: 0.045, // infracost testdata, 2024-07
    publicIpv4Hour: 0.005, // infracost testdata
    endpointHour: 0.01, // infracost testdata, 2024-10
    endpointGb: 0.01, // infracost testdata, 2024-10
  },
  {
    region: 'eu-central-1',
    natGatewayHour: 0.052, // a test fixture
    natGatewayGb: 0.052, // a region map in Go source; a fixture said 0.045
    publicIpv4Hour: 0.005, // consistent with a published bill of 2026-06
    endpointHour: 0.012, // notes quoting the Price List API, 2026-09
    endpointGb: 0.01, // notes quoting the Price List API, 2026-09
  },
];

/** AWS's own convention for a month. */
export const HOURS = 730;
