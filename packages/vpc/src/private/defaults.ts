import { Severity, Tier } from '@groundplan/core';

/** Everything about a network that depends on the tier. The README's table is generated from it. */
export interface NetworkDefaults {
  /** In how many zones the network stands (C7, IP-006). */
  readonly zones: number;
  /** How the private tier reaches the internet (C9, CA-120…122, BB-099). */
  readonly egress: 'single' | 'perAz';
  /** Whether interface endpoints have an address in every zone, or in the first only. */
  readonly endpointsInAllZones: boolean;
  /** How long flow logs are kept, in days (C27, CA-120…122). */
  readonly flowLogRetentionDays: number;
  /** Whether the log group outlives the network. */
  readonly retainFlowLogs: boolean;
  /** Who is told when NAT runs out of ports: users of the private tier lose connections. */
  readonly portAllocationSeverity: Severity;
}

export const DEFAULTS: { readonly [tier in Tier]: NetworkDefaults } = {
  [Tier.SANDBOX]: {
    zones: 2,
    egress: 'single',
    endpointsInAllZones: false,
    flowLogRetentionDays: 30,
    retainFlowLogs: false,
    portAllocationSeverity: Severity.WARNING,
  },
  [Tier.DEVELOPMENT]: {
    zones: 2,
    egress: 'single',
    endpointsInAllZones: false,
    flowLogRetentionDays: 30,
    retainFlowLogs: false,
    portAllocationSeverity: Severity.WARNING,
  },
  [Tier.STAGING]: {
    zones: 2,
    egress: 'single',
    endpointsInAllZones: true,
    flowLogRetentionDays: 60,
    retainFlowLogs: false,
    portAllocationSeverity: Severity.WARNING,
  },
  [Tier.PRODUCTION]: {
    zones: 3,
    egress: 'perAz',
    endpointsInAllZones: true,
    flowLogRetentionDays: 90,
    retainFlowLogs: true,
    portAllocationSeverity: Severity.CRITICAL,
  },
};

/** What holds in every tier. */
export const FIXED = {
  cidr: '10.0.0.0/16', // BB-097
  zoneSlots: 4,
  spareTiers: 2,
  subnetMask: 24, // BB-073
} as const;

/** How wide the learnt bands are, in standard deviations, and how patient the alarms. */
export const ALARMS = {
  /** 3 standard deviations hold 99.7 % of a normal distribution. */
  anomalyBand: 3,
  anomalyBreaches: 3,
  anomalyPeriods: 3,
  /** A packet or two are lost whenever an endpoint's node is exchanged. */
  droppedPackets: 100,
} as const;
