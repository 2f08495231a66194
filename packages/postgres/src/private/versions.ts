import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';

/**
 * The newest minor version of each major one that aws-cdk-lib knows and does not call deprecated. A test reads its declarations
 * and fails when there is a newer one, or when one of these has become deprecated.
 */
export const NEWEST: { readonly [major: number]: PostgresEngineVersion } = {
  14: PostgresEngineVersion.VER_14_22,
  15: PostgresEngineVersion.VER_15_17,
  16: PostgresEngineVersion.VER_16_13,
  17: PostgresEngineVersion.VER_17_9,
  18: PostgresEngineVersion.VER_18_3,
};
