import {
  Connection,
  Environment,
  IConnectConsumer,
  IConnectTarget,
  IMonitored,
  Mistakes,
  Tier,
  VitalSign,
} from '@groundplan/core';
import { Connections, IConnectable, ISecurityGroup, IVpc, Port, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Endpoint } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, RemovalPolicy, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { DatabaseSettings } from './database-settings';
import { DatabaseUser, DatabaseUserOptions } from './database-user';
import type { IPostgresDatabase } from './i-postgres-database';
import { MasterUser } from './master-user';
import { MigrateOptions, Migrations } from './migrations';
import { PgBouncer } from './pg-bouncer';
import { Pooling } from './pooling';
import { checkDatabase } from './private/check-database';
import { closedGroup } from './private/closed-outbound';
import { connectionAs, refuseStrangers } from './private/connection';
import { DatabaseLog, databaseLog } from './private/database-log';
import { DEFAULTS, DatabaseDefaults, FIXED } from './private/defaults';
import { grantByIdentity } from './private/identity-grants';
import { keepAll } from './private/keep';
import { rotateMaster } from './private/master-rotation';
import type { Target } from './private/migration-containers';
import { ownKey } from './private/own-key';
import { ConnectionLimit, connectionLimit } from './private/parameters';
import type { Pool } from './private/pool';
import { checkUsername, rolesOf } from './private/roles';
import { databaseSettings } from './private/settings';
import { sharedSigns } from './private/vital-signs';
import type { PostgresDatabaseProps } from './postgres-database-props';
import { RdsProxy } from './rds-proxy';
import type { StandingDatabase } from './standing-database';
import type { WatchedDatabase } from './watched-database';

/**
 * What all kinds of databases have in common: the network around them, keys, the log, backups, the master's secret, users,
 * migrations, and how one connects. Write `new AuroraCluster(…)` or `new PostgresInstance(…)`.
 */
export abstract class PostgresDatabase extends Construct implements IPostgresDatabase, IMonitored {
  /** Where it is written to. */
  public abstract readonly endpoint: Endpoint;
  /** Where it is read from: the readers where there are some, else where it is written to. */
  public abstract readonly readEndpoint: Endpoint;
  /** `username` and `password` of the user that it began with, which RDS keeps and changes. */
  public abstract readonly secret: ISecret;
  /** The network that it stands in. */
  public readonly vpc: IVpc;
  /** The database within the server. */
  public readonly databaseName: string;
  /** What reaches it: nothing, before `connectTo`. */
  public readonly securityGroup: ISecurityGroup;
  /** The rules of its security group. */
  public readonly connections: Connections;
  /** The major version that it was asked for, or the default one. */
  protected readonly majorVersion: number;
  /** The user that it began with. */
  protected readonly masterUsername: string;
  private readonly tier: DatabaseDefaults;
  private readonly removalPolicy: RemovalPolicy;
  private readonly connectionLimit: ConnectionLimit;
  private readonly users: DatabaseUser[] = [];
  private keyOfSecrets?: IKey;
  private standing?: StandingDatabase;
  private migrations?: Migrations;
  private log?: DatabaseLog;
  private pool?: Pool;

  constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id);
    this.tier = DEFAULTS[Environment.of(this).tier];
    const mistakes = this.mistakesIn(props);
    checkDatabase(this, props, mistakes);
    mistakes.throwIfAny();
    this.vpc = props.vpc;
    this.databaseName = props.databaseName ?? FIXED.databaseName;
    this.majorVersion = props.majorVersion ?? FIXED.majorVersion;
    this.masterUsername = (props.master ?? MasterUser.managed())._username;
    this.removalPolicy = props.removalPolicy ?? REMOVAL[this.tier.removal];
    this.connectionLimit = connectionLimit(props.parameters);
    this.securityGroup = closedGroup(this, props.vpc, 'Database');
    this.connections = new Connections({
      securityGroups: [this.securityGroup],
      defaultPort: Port.tcp(FIXED.port),
    });
  }

  /**
   * How one connects as the user that it began with, who may do everything: for a first look. Give applications a user of their
   * own.
   */
  public connectionFor(consumer: IConnectConsumer): Connection {
    refuseStrangers(this.node.path, this.vpc, consumer);
    if (Environment.of(this).tier === Tier.PRODUCTION)
      Annotations.of(this).addWarningV2(
        '@groundplan/postgres:connectsAsMaster',
        `connectTo("${this.node.path}") logs in as "${this.masterUsername}", who may do everything. ` +
          'Give applications a user of their own: connectTo(database.asUser(database.addUser(…))).',
      );
    return connectionAs({
      ...this._reachedBy(),
      vpc: this.vpc,
      databaseName: this.databaseName,
      username: this.masterUsername,
      password: { secret: this.secret, field: 'password' },
    });
  }

  /**
   * A user of its own for an application or a person: a secret with its password, or IAM, and the rights that it needs. The
   * migration task brings it to the server, so `migrate` has to be called too.
   *
   * @param username a small letter, then small letters, digits and "_"
   */
  public addUser(username: string, options: DatabaseUserOptions): DatabaseUser {
    const mistakes = new Mistakes(this, this.constructor.name);
    const roles = rolesOf(this.databaseName);
    const taken = [this.masterUsername, ...Object.values(roles), ...this.users.map((user) => user.username)];
    checkUsername(username, taken, mistakes);
    mistakes.throwIfAny();
    const scope = this.node.tryFindChild('Users') ?? new Construct(this, 'Users');
    const user = new DatabaseUser(scope as Construct, username, {
      ...options,
      database: this,
      username,
      resourceId: this.standing!.resourceId,
      encryptionKey: this.keyOfSecrets,
      removalPolicy: this.removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.users.push(user);
    this.pool?._admit(user);
    this.migrations?._bring(user);
    return user;
  }

  /** The database as one of its users sees it: `service.connectTo(database.asUser(user))`. */
  public asUser(user: DatabaseUser): IConnectTarget {
    if (user.database !== this)
      throw new Error(
        `Database "${this.node.path}": asUser must get one of its own users, got "${user.username}" of "${user.database.node.path}"; ` +
          `pass what addUser of "${this.node.path}" returned`,
      );
    return user;
  }

  /**
   * Runs versioned SQL inside the network, at every deployment that changes it or the users, before `before` is updated. Once in a
   * database.
   */
  public migrate(options: MigrateOptions): Migrations {
    if (this.migrations)
      throw new Error(
        `Database "${this.node.path}": migrate must be called once, got a second call; put all migrations into one folder`,
      );
    this.migrations = new Migrations(this, 'Migrations', { ...options, database: this });
    return this.migrations;
  }

  /** What tells whether it is well. Listing them creates nothing. */
  public abstract vitalSigns(): VitalSign[];

  /** The RDS Proxy that applications connect to, where there is one. Migrations and people pass it by. */
  public get proxy(): RdsProxy | undefined {
    return this.pool instanceof RdsProxy ? this.pool : undefined;
  }

  /** The PgBouncer that applications connect to, where there is one. Migrations and people pass it by. */
  public get pgBouncer(): PgBouncer | undefined {
    return this.pool instanceof PgBouncer ? this.pool : undefined;
  }

  /** @internal Where somebody connects: a user, or nobody where it is the one that the database began with. */
  public _reachedBy(user?: DatabaseUser): { endpoint: Endpoint; connections: IConnectable } {
    const { endpoint, connections } = this.pool?._takes(user) ? this.pool : this;
    return { endpoint, connections: { connections } };
  }

  /** @internal What its migrations know of it. */
  public get _migrated(): Target {
    return {
      endpoint: this.endpoint,
      databaseName: this.databaseName,
      masterUsername: this.masterUsername,
      secret: this.secret,
      roles: rolesOf(this.databaseName),
      users: this.users,
      standing: { ...this.standing!, identifier: this.standing!.resource.ref },
    };
  }

  /**
   * Every mistake that only this kind of database knows of, noted before anything is made. What extends this adds its own, from
   * props alone: its members are not set yet.
   */
  protected mistakesIn(_props: PostgresDatabaseProps): Mistakes {
    return new Mistakes(this, this.constructor.name);
  }

  /** What the resources of every kind are given, with the subnet group, the key and the role that they need. */
  protected settingsOf(props: PostgresDatabaseProps): DatabaseSettings {
    const encryptionKey = props.encryptionKey ?? (this.tier.ownKey ? ownKey(this) : undefined);
    // By its ARN: see grantByIdentity.
    this.keyOfSecrets = encryptionKey && Key.fromKeyArn(this, 'KeyOfSecrets', encryptionKey.keyArn);
    return databaseSettings(this, props, {
      tier: this.tier,
      encryptionKey,
      keyOfSecrets: this.keyOfSecrets,
      removalPolicy: this.removalPolicy,
    });
  }

  /** What every kind has once its resources stand: the log group with an end, and the master's password that changes. */
  protected complete(props: PostgresDatabaseProps, standing: StandingDatabase): LogGroup {
    const { resource, identifier = resource.ref, replicas = {}, writers, kind, secret } = standing;
    this.standing = standing;
    grantByIdentity(secret, this.keyOfSecrets);
    const { tier } = Environment.of(this);
    // What selects it for a plan of AWS Backup; RDS itself keeps no more than 35 days.
    Tags.of(resource).add(FIXED.backupTag, tier);
    const keeps = this.removalPolicy === RemovalPolicy.RETAIN;
    if (keeps) keepAll(this);
    const options = { ...props.logs, defaultDays: this.tier.logDays, keeps };
    const logOf = (scope: Construct, name: string) =>
      databaseLog(scope, `/aws/rds/${kind}/${name}/postgresql`, identifier, options);
    this.log = logOf(this, identifier);
    // It stands before anything writes: else RDS makes one of that name, without an end.
    for (const writer of writers) writer.node.addDependency(this.log.logGroup);
    for (const [name, replica] of Object.entries(replicas))
      replica.node.addDependency(logOf(replica.node.scope as Construct, name).logGroup);
    // For the resource itself it waits anyway: the secret is one of its attributes.
    const beside = writers.filter((writer) => writer !== resource);
    rotateMaster(this, props.master ?? MasterUser.managed(), secret, beside);
    this.pool = this.pooled(props, { ...standing, writers: beside });
    return this.log.logGroup;
  }

  /** What all kinds are watched for. Listing the signs creates nothing. */
  protected signsOf(watched: WatchedDatabase): VitalSign[] {
    const { failedConnections } = this.log!;
    const maxConnections = this.connectionLimit.isSaid ? this.connectionLimit.most : watched.maxConnections;
    return [
      ...sharedSigns({ ...watched, maxConnections, failedConnections, secret: this.secret }, this.tier),
      ...(this.pool?._signs() ?? []),
    ];
  }

  private pooled(props: PostgresDatabaseProps, standing: StandingDatabase): Pool | undefined {
    const { _rdsProxy: proxied, _pgBouncer: bounced } = props.pooling ?? Pooling.none();
    const { vpc, databaseName, endpoint, readEndpoint } = this;
    const subnets = props.subnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED };
    if (proxied)
      return new RdsProxy(this, 'Proxy', {
        ...proxied,
        ...standing,
        identifier: standing.resource.ref,
        vpc,
        subnets,
        database: this.connections,
        encryptionKey: this.keyOfSecrets,
      });
    if (bounced)
      return new PgBouncer(this, 'PgBouncer', {
        ...bounced,
        vpc,
        databaseSubnets: subnets,
        databaseName,
        database: endpoint,
        readers: standing.readers || Object.keys(standing.replicas ?? {}).length > 0 ? readEndpoint : undefined,
        databaseConnections: this.connections,
      });
    return undefined;
  }
}

const REMOVAL = {
  destroy: RemovalPolicy.DESTROY,
  snapshot: RemovalPolicy.SNAPSHOT,
  retain: RemovalPolicy.RETAIN,
};
