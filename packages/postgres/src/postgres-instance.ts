import { Environment, Mistakes, VitalSign } from '@groundplan/core';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CaCertificate,
  CfnDBInstance,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceReadReplica,
  Endpoint,
  ParameterGroup,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { PostgresDatabase } from './postgres-database';
import type { PostgresDatabaseProps } from './postgres-database-props';
import { checkInstance } from './private/check-instance';
import { ALARMS, DEFAULTS } from './private/defaults';
import { acknowledgeInstance, acknowledgeReplica } from './private/instance-acknowledgements';
import { instanceConnections } from './private/instance-connections';
import { identifierOf, replicaIdentifier } from './private/instance-names';
import { freeStorage, replicaCpu, replicaLag, storageLimit } from './private/instance-signs';
import { readReplicas } from './private/read-replicas';
import { InstanceStorage, storageOf } from './private/storage';
import { UPGRADE, upgradeLog } from './private/upgrade-log';
import { NEWEST } from './private/versions';

/** What an instance is. Every prop but the network may be left out. */
export interface PostgresInstanceProps extends PostgresDatabaseProps {
  /**
   * How large it is, its read replicas too.
   *
   * @default by tier: t4g.micro, t4g.micro, t4g.small, t4g.medium (CA-120, CA-121, CA-122)
   */
  readonly instanceType?: InstanceType;
  /**
   * What it begins with, in GiB of gp3, 20 to 65536. It never becomes less.
   *
   * @default by tier: 20, 20, 20, 100 (BB-078)
   */
  readonly storageGiB?: number;
  /**
   * What RDS may let it grow to, in GiB: when a tenth is left it adds a tenth or more, and that is paid from then on. At least a
   * tenth more than `storageGiB`, or as much, for storage that does not grow.
   *
   * @default five times `storageGiB`
   */
  readonly maxStorageGiB?: number;
  /**
   * Whether a second instance in another zone takes over when it fails, within a minute or two. It costs as much again, and answers
   * nobody before.
   *
   * @default by tier: only in production (BB-013, CA-082)
   */
  readonly multiAz?: boolean;
  /**
   * How many copies answer what only reads, 0 to 15, such as reports (CA-082). They are a little behind. RDS makes them only of an
   * instance whose password it does not manage: pass `master: MasterUser.generated()` too.
   *
   * @default 0
   */
  readonly readReplicas?: number;
  /**
   * Whether another `majorVersion` may be taken: the explicit word, without which RDS refuses the upgrade. Take it away once it is
   * done.
   *
   * @default false
   */
  readonly allowMajorUpgrade?: boolean;
}

/**
 * PostgreSQL on one instance of RDS, or on two where one has to stay: encrypted, in isolated subnets, backed up, watched, and locked
 * against deletion by tier.
 *
 * @example
 * import { PostgresInstance } from '@groundplan/postgres';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Data');
 * const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });
 * new PostgresInstance(stack, 'Database', { vpc });
 */
export class PostgresInstance extends PostgresDatabase {
  /** The instance underneath. */
  public readonly instance: DatabaseInstance;
  /** The copies that answer what only reads. */
  public readonly replicas: DatabaseInstanceReadReplica[];
  /** What PostgreSQL is told, in the instance and in its replicas. */
  public readonly parameterGroup: ParameterGroup;
  /** Where it is written to. */
  public readonly endpoint: Endpoint;
  /** Where it is read from: the first replica where there is one, else the instance. */
  public readonly readEndpoint: Endpoint;
  /** `username` and `password` of the user that it began with. */
  public readonly secret: ISecret;
  /** Where PostgreSQL writes. */
  public readonly logGroup: LogGroup;
  private readonly storage: InstanceStorage;
  private readonly maxConnections?: number;

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id, props);

    // 1. what it is
    const defaults = DEFAULTS[Environment.of(this).tier];
    const { instanceType = new InstanceType(`t4g.${defaults.instanceSize}`) } = props;
    const { multiAz = defaults.multiAz, readReplicas: count = 0 } = props;
    const engine = DatabaseInstanceEngine.postgres({ version: NEWEST[this.majorVersion] });
    const identifier = identifierOf(this);
    this.storage = storageOf(props, defaults);
    this.maxConnections = instanceConnections(instanceType);
    const { sizeGiB, maxGiB } = this.storage;
    const maxAllocatedStorage = maxGiB > sizeGiB ? maxGiB : undefined;

    // 2. the instance and its copies
    const { parameters, backup, ...settings } = this.settingsOf(props);
    this.parameterGroup = new ParameterGroup(this, 'Parameters', {
      engine,
      parameters,
      description: `What ${this.node.path} is told`,
    });
    this.instance = new DatabaseInstance(this, 'Instance', {
      ...settings,
      engine,
      instanceType,
      instanceIdentifier: identifier,
      databaseName: this.databaseName,
      parameterGroup: this.parameterGroup,
      storageType: StorageType.GP3,
      allocatedStorage: sizeGiB,
      maxAllocatedStorage,
      multiAz,
      publiclyAccessible: false,
      // Good until 2061, and in the bundle of RDS that clients are given:
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      allowMajorVersionUpgrade: props.allowMajorUpgrade ?? false,
      cloudwatchLogsExports: [...settings.cloudwatchLogsExports, UPGRADE],
      backupRetention: backup.retention,
      preferredBackupWindow: backup.preferredWindow,
    });
    this.replicas = readReplicas(this, {
      count,
      source: this.instance,
      identifier,
      instanceType,
      parameterGroup: this.parameterGroup,
      maxAllocatedStorage,
      settings: { ...settings, parameters, backup },
    });
    this.endpoint = this.instance.instanceEndpoint;
    this.readEndpoint = this.replicas.length > 0 ? this.replicas[0].instanceEndpoint : this.endpoint;
    this.secret = this.instance.secret!;

    // 3. what every database has
    const resource = this.instance.node.defaultChild as CfnDBInstance;
    const copies = this.replicas.map((replica) => replica.node.defaultChild as CfnDBInstance);
    this.logGroup = this.complete(props, {
      resource,
      identifier,
      writers: [resource],
      replicas: Object.fromEntries(copies.map((copy, index) => [replicaIdentifier(identifier, index + 1), copy])),
      kind: 'instance',
      secret: this.secret,
      resourceId: this.instance.instanceResourceId!,
    });
    const upgrades = upgradeLog(this, `instance/${identifier}`, props.logs ?? {}, defaults, settings.removalPolicy);
    resource.node.addDependency(upgrades);

    // 4. what rules find and cannot be otherwise
    const isMonitored = settings.monitoringRole !== undefined;
    acknowledgeInstance(resource, {
      username: this.masterUsername,
      isLocked: settings.deletionProtection,
      isMonitored,
      multiAz,
      hasKey: settings.storageEncryptionKey !== undefined,
      backupDays: daysOf(backup.retention),
    });
    for (const copy of copies) {
      // Not even where the instance stays: it can be made anew.
      copy.applyRemovalPolicy(RemovalPolicy.DESTROY);
      acknowledgeReplica(copy, { isMonitored });
    }
  }

  /** What tells whether it is well. Listing the signs creates nothing. */
  public vitalSigns(): VitalSign[] {
    const defaults = DEFAULTS[Environment.of(this).tier];
    const identifiers = [this.instance, ...this.replicas].map(({ instanceIdentifier }) => instanceIdentifier);
    const [dimensions, ...ofReplicas] = identifiers.map((DBInstanceIdentifier) => ({ DBInstanceIdentifier }));
    return [
      ...this.signsOf({ dimensions, sourceIdentifiers: identifiers, maxConnections: this.maxConnections }),
      freeStorage({ dimensions }, this.storage, { prefix: '', name: 'the instance' }, defaults),
      ...(this.storage.maxGiB > this.storage.sizeGiB ? [storageLimit(identifiers, this.storage)] : []),
      ...ofReplicas.flatMap((replica, index) => {
        const named = { prefix: `Replica${index + 1}`, name: `replica ${index + 1}` };
        return [
          replicaCpu({ dimensions: replica }, named),
          freeStorage({ dimensions: replica }, this.storage, named, defaults),
          replicaLag({ dimensions: replica }, named, ALARMS.replicaLagSeconds),
        ];
      }),
    ];
  }

  protected override mistakesIn(props: PostgresDatabaseProps): Mistakes {
    const mistakes = super.mistakesIn(props);
    checkInstance(props, DEFAULTS[Environment.of(this).tier], mistakes);
    return mistakes;
  }
}

function daysOf(retention: Duration): number | undefined {
  const days = retention.toDays();
  return Token.isUnresolved(days) ? undefined : days;
}
