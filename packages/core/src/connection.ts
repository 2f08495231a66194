import type { IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** A value that a consumer gets by reference, never in the clear. */
export interface ConnectionSecret {
  /** The secret that holds it. */
  readonly secret: ISecret;
  /**
   * The key of the JSON in the secret.
   *
   * @default the whole secret
   */
  readonly field?: string;
}

/** What a consumer needs to talk to a target. */
export interface Connection {
  /**
   * The security groups of the target, for what is reached over the network.
   *
   * @default the target is an AWS API: IAM alone decides
   */
  readonly connections?: IConnectable;
  /**
   * The one port on which the target listens. Goes with `connections`.
   *
   * @default none
   */
  readonly port?: Port;
  /** Environment variables by name, none of them confidential. */
  readonly environment: { [name: string]: string };
  /** Environment variables by name that are filled from a secret. */
  readonly secrets: { [name: string]: ConnectionSecret };
}

/** Something that uses a target: a service, a task, a function. It has a role, and security groups where it is in a VPC. */
export interface IConnectConsumer extends IConnectable, IGrantable {}

/** Something that a consumer can be wired to: a database, a cache, a queue. */
export interface IConnectTarget {
  /**
   * Grants the consumer exactly what it needs and answers how to reach the target. The rule of the network is the
   * caller's to make, with `ConnectTarget.wire`, so that it lands in the consumer's stack.
   */
  connectionFor(consumer: IConnectConsumer): Connection;
}
