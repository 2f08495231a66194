import { Environment, Mistakes, VitalSign } from '@groundplan/core';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnDBCluster, DatabaseInstanceEngine, Endpoint, ParameterGroup, StorageType } from 'aws-cdk-lib/aws-rds';
import { AttachmentTargetType, ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatabaseSettings } from './database-settings';
import { PostgresDatabase } from './postgres-database';
import type { PostgresDatabaseProps } from './postgres-database-props';
import { checkCluster } from './private/check-cluster';
import { acknowledgeMultiAzCluster } from './private/cluster-acknowledgements';
import { ClusterStorage, clusterStorageOf } from './private/cluster-storage';
import { ALARMS, DEFAULTS } from './private/defaults';
import { instanceConnections } from './private/instance-connections';
import { identifierOf, memberIdentifiers } from './private/instance-names';
import { freeStorage, replicaLag } from './private/instance-signs';
import { UPGRADE, upgradeLog } from './private/upgrade-log';
import { NEWEST } from './private/versions';

/** What a Multi-AZ cluster is. Every prop but the network, which needs three zones, may be left out. */
export interface PostgresClusterProps extends PostgresDatabaseProps {
  /**
   * How large each of the three instances is, of a class with a disk of its own: c6gd, m6gd, r6gd, m8gd, r8gd and their like.
   *
   * @default by tier: c6gd.medium, c6gd.medium, m6gd.large, m6gd.large
   */
  readonly instanceType?: InstanceType;
  /**
   * What storage is made of: `GP3`, `IO1` or `IO2`.
   *
   * @default `StorageType.GP3` (BB-078)
   */
  readonly storageType?: StorageType;
  /**
   * What each of the three has, in GiB: 400 and more of gp3, 100 and more of the others. RDS never adds to it by itself, and it never
   * becomes less.
   *
   * @default 400 of gp3, 100 of the others
   */
  readonly storageGiB?: number;
  /**
   * How many operations a second each of the three is given: half a one to fifty for each GiB.
   *
   * @default the least that there is: 12000 of gp3, which cost nothing more, 1000 of the others
   */
  readonly iops?: number;
}

/**
 * PostgreSQL on three instances of RDS in three zones: one writes, two answer what only reads, and one of these takes over within 35
 * seconds or so when the writer fails. Encrypted, in isolated subnets, backed up, watched, and locked against deletion by tier.
 *
 * @example
 * import { PostgresCluster } from '@groundplan/postgres';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const env = { account: '111111111111', region: 'eu-central-1' };
 * const stack = new Stack(new App(), 'Data', { env });
 * const vpc = new Vpc(stack, 'Vpc', {
 *   availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
 *   subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
 * });
 * new PostgresCluster(stack, 'Database', { vpc });
 */
export class PostgresCluster extends PostgresDatabase {
  /** The cluster underneath, of which aws-cdk-lib has no construct. */
  public readonly cluster: CfnDBCluster;
  /** What PostgreSQL is told. */
  public readonly parameterGroup: ParameterGroup;
  /** Where it is written to. */
  public readonly endpoint: Endpoint;
  /** Where it is read from: one of the two that do not write. */
  public readonly readEndpoint: Endpoint;
  /** `username` and `password` of the user that it began with. */
  public readonly secret: ISecret;
  /** Where PostgreSQL writes. */
  public readonly logGroup: LogGroup;
  private readonly storage: ClusterStorage;
  private readonly identifier: string;
  private readonly maxConnections?: number;

  constructor(scope: Construct, id: string, props: PostgresClusterProps) {
    super(scope, id, props);

    // 1. what it is
    const defaults = DEFAULTS[Environment.of(this).tier];
    const { instanceType = new InstanceType(defaults.memberType) } = props;
    const version = NEWEST[this.majorVersion];
    this.identifier = identifierOf(this);
    this.storage = clusterStorageOf(props);
    this.maxConnections = instanceConnections(instanceType);

    // 2. the cluster
    const settings = this.settingsOf(props);
    this.parameterGroup = new ParameterGroup(this, 'Parameters', {
      engine: DatabaseInstanceEngine.postgres({ version }),
      parameters: settings.parameters,
      description: `What ${this.node.path} is told`,
    });
    this.cluster = new CfnDBCluster(this, 'Cluster', {
      dbClusterIdentifier: this.identifier,
      dbClusterInstanceClass: `db.${instanceType.toString()}`,
      engine: 'postgres',
      engineVersion: version.postgresFullVersion,
      databaseName: this.databaseName,
      dbClusterParameterGroupName: this.parameterGroup.bindToCluster({}).parameterGroupName,
      storageType: this.storage.storageType,
      allocatedStorage: this.storage.storageGiB,
      iops: this.storage.iops,
      ...shared(settings),
    });
    this.cluster.applyRemovalPolicy(settings.removalPolicy);
    const port = Token.asNumber(this.cluster.attrEndpointPort);
    this.endpoint = new Endpoint(this.cluster.attrEndpointAddress, port);
    this.readEndpoint = new Endpoint(this.cluster.attrReadEndpointAddress, port);
    this.secret = this.masterSecret(settings);

    // 3. what every database has
    this.logGroup = this.complete(props, {
      resource: this.cluster,
      identifier: this.identifier,
      writers: [this.cluster],
      kind: 'cluster',
      readers: true,
      secret: this.secret,
      resourceId: this.cluster.attrDbClusterResourceId,
    });
    const upgrades = upgradeLog(this, `cluster/${this.identifier}`, props.logs ?? {}, defaults, settings.removalPolicy);
    this.cluster.node.addDependency(upgrades);

    // 4. what rules find and cannot be otherwise
    acknowledgeMultiAzCluster(this.cluster, { username: this.masterUsername, isLocked: settings.deletionProtection });
  }

  /** What tells whether it is well. Listing the signs creates nothing. */
  public vitalSigns(): VitalSign[] {
    const dimensions = { DBClusterIdentifier: this.identifier };
    const instanceIdentifiers = memberIdentifiers(this.identifier);
    const { storageGiB } = this.storage;
    const whose = { dimensions, instanceIdentifiers };
    return [
      ...this.signsOf({
        ...whose,
        sourceIdentifiers: [this.identifier, ...instanceIdentifiers],
        maxConnections: this.maxConnections,
      }),
      freeStorage(
        whose,
        { sizeGiB: storageGiB, maxGiB: storageGiB },
        { prefix: '', name: 'the fullest instance' },
        DEFAULTS[Environment.of(this).tier],
      ),
      replicaLag(whose, { prefix: '', name: 'the slower reader' }, ALARMS.replicaLagSeconds),
    ];
  }

  protected override mistakesIn(props: PostgresDatabaseProps): Mistakes {
    const mistakes = super.mistakesIn(props);
    checkCluster(props, mistakes);
    return mistakes;
  }

  /** The secret that RDS keeps, or the one that is made here: then it learns where the database is. */
  private masterSecret({ manageMasterUserPassword, credentials }: DatabaseSettings): ISecret {
    if (!manageMasterUserPassword)
      return (credentials.secret as Secret).attach({
        asSecretAttachmentTarget: () => ({
          targetId: this.cluster.ref,
          targetType: AttachmentTargetType.RDS_DB_CLUSTER,
        }),
      });
    return Secret.fromSecretAttributes(this, 'ManagedSecret', {
      secretCompleteArn: this.cluster.attrMasterUserSecretSecretArn,
      encryptionKey: credentials.encryptionKey,
    });
  }
}

/** What every kind of database is given, under the names of CloudFormation. */
function shared(settings: DatabaseSettings) {
  const { credentials, manageMasterUserPassword, backup } = settings;
  return {
    dbSubnetGroupName: settings.subnetGroup.subnetGroupName,
    vpcSecurityGroupIds: settings.securityGroups.map(({ securityGroupId }) => securityGroupId),
    publiclyAccessible: false,
    masterUsername: credentials.username,
    ...(manageMasterUserPassword
      ? {
          manageMasterUserPassword,
          masterUserSecret: credentials.encryptionKey && { kmsKeyId: credentials.encryptionKey.keyArn },
        }
      : { masterUserPassword: credentials.secret!.secretValueFromJson('password').unsafeUnwrap() }),
    enableIamDatabaseAuthentication: settings.iamAuthentication,
    enableCloudwatchLogsExports: [...settings.cloudwatchLogsExports, UPGRADE],
    backupRetentionPeriod: backup.retention.toDays(),
    preferredBackupWindow: backup.preferredWindow,
    preferredMaintenanceWindow: settings.preferredMaintenanceWindow,
    autoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    engineLifecycleSupport: settings.engineLifecycleSupport,
    storageEncrypted: settings.storageEncrypted,
    kmsKeyId: settings.storageEncryptionKey?.keyArn,
    deletionProtection: settings.deletionProtection,
    copyTagsToSnapshot: settings.copyTagsToSnapshot,
    databaseInsightsMode: settings.databaseInsightsMode,
    performanceInsightsEnabled: settings.enablePerformanceInsights,
    performanceInsightsRetentionPeriod: settings.performanceInsightRetention,
    performanceInsightsKmsKeyId: settings.performanceInsightEncryptionKey?.keyArn,
    monitoringInterval: settings.monitoringInterval?.toSeconds(),
    monitoringRoleArn: settings.monitoringRole?.roleArn,
  };
}
