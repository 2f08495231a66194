import { AuroraPostgresEngineVersion } from 'aws-cdk-lib/aws-rds';

/**
 * The newest minor version of each major one that aws-cdk-lib knows and does not call deprecated. A test reads its declarations
 * and fails when there is a newer one, or when one of these has become deprecated.
 */
export const NEWEST: { readonly [major: number]: AuroraPostgresEngineVersion } = {
  14: AuroraPostgresEngineVersion.VER_14_22,
  15: AuroraPostgresEngineVersion.VER_15_17,
  16: AuroraPostgresEngineVersion.VER_16_13,
  17: AuroraPostgresEngineVersion.VER_17_9,
  18: AuroraPostgresEngineVersion.VER_18_6,
};
