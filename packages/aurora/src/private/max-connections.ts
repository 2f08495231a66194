import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';

/**
 * What AWS documents for a maximum of so many capacity units: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
 */
const BY_MAX_ACU: readonly [number, number][] = [
  [1, 189],
  [4, 823],
  [8, 1669],
  [16, 3360],
  [32, 5000],
];
/** The same page: no more than this where the minimum is 0 or 0.5. */
const SMALL_MINIMUM = 0.5;
const MOST_WITH_SMALL_MINIMUM = 2000;

/**
 * How many connections a serverless instance takes by default. It depends on the most that it may grow to, not on what it has, and
 * a change holds once the instance was restarted. Between two documented values memory grows evenly, and so does this.
 */
export function serverlessConnections(minAcu: number, maxAcu: number): number | undefined {
  if ([minAcu, maxAcu].some((acu) => Token.isUnresolved(acu))) return undefined;
  const above = BY_MAX_ACU.findIndex(([acu]) => acu >= maxAcu);
  const documented = above === -1 ? BY_MAX_ACU[BY_MAX_ACU.length - 1][1] : between(above, maxAcu);
  return minAcu <= SMALL_MINIMUM ? Math.min(documented, MOST_WITH_SMALL_MINIMUM) : documented;
}

function between(above: number, maxAcu: number): number {
  const [acu, connections] = BY_MAX_ACU[above];
  const [lowerAcu, lower] = BY_MAX_ACU[Math.max(above - 1, 0)];
  if (acu === maxAcu || acu === lowerAcu) return connections;
  return Math.floor(lower + ((connections - lower) * (maxAcu - lowerAcu)) / (acu - lowerAcu));
}

/**
 * Of classes with 8 GiB for each vCPU, of which AWS documents the default: LEAST(memory / 9531392, 5000), less what the system
 * takes. Others are not known at synthesis: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html#AuroraPostgreSQL.Managing.MaxConnections
 */
export function provisionedConnections(instanceType: InstanceType): number | undefined {
  const [, size] = /^r\d\w*\.(\w+)$/.exec(instanceType.toString()) ?? [];
  if (size === undefined) return undefined;
  return { large: 1600, xlarge: 3200 }[size] ?? 5000;
}
