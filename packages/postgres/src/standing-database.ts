import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CfnResource } from 'aws-cdk-lib/core';

/** What a kind of database has made, for what all kinds do with it. */
export interface StandingDatabase {
  /** The resource whose `Ref` is the name of the cluster or the instance. */
  readonly resource: CfnResource;
  /**
   * Its name, where it was given one: RDS writes to the log while it is made, so that the log group has to know the name before.
   *
   * @default the `Ref` of the resource
   */
  readonly identifier?: string;
  /** What writes the log, once the log group stands. */
  readonly writers: CfnResource[];
  /** How RDS calls it in the name of the log group: `cluster` or `instance`. */
  readonly kind: string;
  /**
   * Copies of it that write logs of their own, by their names.
   *
   * @default none
   */
  readonly replicas?: { [identifier: string]: CfnResource };
  /**
   * Whether something beside the writer answers what only reads, within the same cluster.
   *
   * @default false
   */
  readonly readers?: boolean;
  /** The secret of the master user. */
  readonly secret: ISecret;
  /** How IAM calls it: `cluster-…`, `db-…`. */
  readonly resourceId: string;
}
