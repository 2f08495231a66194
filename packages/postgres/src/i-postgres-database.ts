import type { IConnectTarget } from '@groundplan/core';
import type { IConnectable, ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Endpoint } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';

/** A PostgreSQL, whatever its kind and whoever made it. */
export interface IPostgresDatabase extends IConstruct, IConnectable, IConnectTarget {
  /** The network that it stands in. */
  readonly vpc: IVpc;
  /** The database within the server. */
  readonly databaseName: string;
  /** Where it is written to. */
  readonly endpoint: Endpoint;
  /** Where it is read from: the readers where there are some, else where it is written to. */
  readonly readEndpoint: Endpoint;
  /** What reaches it. */
  readonly securityGroup: ISecurityGroup;
  /** `username` and `password` of the user that it began with. */
  readonly secret: ISecret;
}
