import type { VitalSign } from '@groundplan/core';
import type { Connections } from 'aws-cdk-lib/aws-ec2';
import type { Endpoint } from 'aws-cdk-lib/aws-rds';
import type { DatabaseUser } from '../database-user';

/** What stands between applications and a database. */
export interface Pool {
  /** Where clients connect. */
  readonly endpoint: Endpoint;
  /** The rules of what they reach. */
  readonly connections: Connections;
  /** Lets a user in. */
  _admit(user: DatabaseUser): void;
  /** Whether somebody logs in here, or at the database itself: a user, or nobody where it is the one that the database began with. */
  _takes(user: DatabaseUser | undefined): boolean;
  /** What tells whether it is well. */
  _signs(): VitalSign[];
}
