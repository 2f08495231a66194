import { Names } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * The longest name of a Multi-AZ cluster, and of an instance that leaves its replicas 11 more characters of 63, for `-replica-15`:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
 */
const LONGEST = 52;

/**
 * A name that is known before there is a database: RDS begins to write its log while it makes it, and the log group bears the name.
 * It is made of the stack's name and the path, and never of a prop.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
 */
export function identifierOf(database: IConstruct): string {
  const name = Names.uniqueResourceName(database, { maxLength: LONGEST, separator: '-' });
  return name.toLowerCase().replace(/-{2,}/g, '-');
}

/** How the copies of an instance are called. */
export const replicaIdentifier = (identifier: string, ordinal: number) => `${identifier}-replica-${ordinal}`;

/** How RDS calls the three instances of a Multi-AZ cluster. */
export const memberIdentifiers = (identifier: string) =>
  [1, 2, 3].map((ordinal) => `${identifier}-instance-${ordinal}`);
