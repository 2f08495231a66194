import { Connection, Findings, IConnectConsumer, IConnectTarget } from '@groundplan/core';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Grants } from './grants';
import { connectionAs, refuseStrangers } from './private/connection';
import { userArn } from './private/user-arn';
import { grantByIdentity } from './private/identity-grants';
import type { PostgresDatabase } from './postgres-database';

/** What a user may do, and how one says who one is. */
export interface DatabaseUserOptions {
  /** What it may do. */
  readonly grants: Grants;
  /**
   * Whether IAM says who it is: there is no password, and the client makes a token that holds for 15 minutes
   * (`aws rds generate-db-auth-token`, or the RDS Signer of an SDK).
   *
   * @default false: a secret holds its password, which ECS hands to the task
   */
  readonly iam?: boolean;
}

/** What a user is. */
export interface DatabaseUserProps extends DatabaseUserOptions {
  /** Whose user it is. */
  readonly database: PostgresDatabase;
  /** What it is called: a small letter, then small letters, digits and "_". */
  readonly username: string;
  /** How RDS calls the database in the resources of IAM: `cluster-…`, `db-…`. */
  readonly resourceId: string;
  /**
   * The key of its secret.
   *
   * @default the one of Secrets Manager
   */
  readonly encryptionKey?: IKey;
  /**
   * What becomes of its secret with its stack.
   *
   * @default it is deleted
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** A user of a database, with rights of its own. `database.addUser` makes one, and the migration task brings it to the server. */
export class DatabaseUser extends Construct implements IConnectTarget {
  /** What it is called. */
  public readonly username: string;
  /** What it may do. */
  public readonly grants: Grants;
  /** `username` and `password`; nothing where IAM says who it is. */
  public readonly secret?: ISecret;
  /** Whose user it is. */
  public readonly database: PostgresDatabase;
  private readonly resourceId: string;

  constructor(scope: Construct, id: string, props: DatabaseUserProps) {
    super(scope, id);
    this.database = props.database;
    this.username = props.username;
    this.grants = props.grants;
    this.resourceId = props.resourceId;
    if (props.iam) return;
    const secret = new Secret(this, 'Secret', {
      description: `Password of ${props.username} in ${props.database.node.path}`,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: props.username }),
        generateStringKey: 'password',
        passwordLength: 32, // C18
        // In a URL and in a shell it stands as it is.
        excludePunctuation: true,
      },
    });
    this.secret = secret;
    grantByIdentity(secret, props.encryptionKey);
    Findings.acknowledge(
      secret.node.defaultChild!,
      [
        'AwsSolutions-SMG4',
        'NIST.800.53.R5-SecretsManagerRotationEnabled',
        'HIPAA.Security-SecretsManagerRotationEnabled',
      ],
      'A rotation would need a function of yours in the network. The README says how the password is changed; iam: true needs none.',
    );
    if (!props.encryptionKey)
      Findings.acknowledge(
        secret.node.defaultChild!,
        [...Findings.standards('SecretsManagerUsingKMSKey'), 'checkov::CKV_AWS_149'],
        'Secrets Manager encrypts with its own key. Pass encryptionKey to the database for a key of yours.',
      );
  }

  /** How one connects as this user: `service.connectTo(database.asUser(user))`. */
  public connectionFor(consumer: IConnectConsumer): Connection {
    const { database, username, secret } = this;
    refuseStrangers(database.node.path, database.vpc, consumer);
    if (!secret) this.grantConnect(consumer);
    return connectionAs({
      ...database._reachedBy(this),
      vpc: database.vpc,
      databaseName: database.databaseName,
      username,
      password: secret && { secret, field: 'password' },
    });
  }

  /** Lets somebody log in as this user with a token of IAM. It has to be one with `iam: true`. */
  public grantConnect(grantee: IGrantable): Grant {
    if (this.secret)
      throw new Error(
        `DatabaseUser "${this.node.path}": grantConnect must be asked of a user with iam: true, got one with a password; ` +
          'pass iam: true to addUser, or grant its secret',
      );
    return Grant.addToPrincipal({
      grantee,
      actions: ['rds-db:connect'],
      // A proxy is who asks for the token.
      resourceArns: [this.database.proxy?._userArn(this.username) ?? userArn(this, this.resourceId, this.username)],
    });
  }
}
