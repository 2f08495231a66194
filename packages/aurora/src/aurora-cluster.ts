import { Environment, Mistakes, VitalSign } from '@groundplan/core';
import { DatabaseSettings, PostgresDatabase, PostgresDatabaseProps } from '@groundplan/postgres';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CaCertificate,
  CfnDBCluster,
  CfnDBInstance,
  ClusterInstance,
  DBClusterStorageType,
  DatabaseCluster,
  DatabaseClusterEngine,
  Endpoint,
  IClusterInstance,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AuroraCapacity } from './aurora-capacity';
import { acknowledgeCluster, acknowledgeInstances } from './private/acknowledgements';
import { checkAurora } from './private/check-aurora';
import { DEFAULTS, FIXED } from './private/defaults';
import { limitsOf } from './private/limits';
import { provisionedConnections, serverlessConnections } from './private/max-connections';
import { NEWEST } from './private/versions';
import { auroraSigns } from './private/vital-signs';

/** What an Aurora cluster is. Every prop but the network may be left out. */
export interface AuroraClusterProps extends PostgresDatabaseProps {
  /**
   * How it is sized.
   *
   * @default `AuroraCapacity.serverless()`, with limits by tier
   */
  readonly capacity?: AuroraCapacity;
  /**
   * How many instances beside the writer answer what only reads, 0 to 15. The first is as large as the writer and takes over when it
   * fails, within a minute or so; without one it takes ten.
   *
   * @default by tier: 0, 0, 1, 1
   */
  readonly readers?: number;
  /**
   * How storage is paid: `AURORA_IOPT1` costs more for what is stored and nothing for reading and writing it, which pays where
   * that is more than a quarter of the bill.
   *
   * @default `DBClusterStorageType.AURORA`
   */
  readonly storage?: DBClusterStorageType;
}

/**
 * Aurora PostgreSQL: serverless, encrypted, in isolated subnets, backed up, watched, and locked against deletion by tier.
 *
 * @example
 * import { AuroraCluster } from '@groundplan/aurora';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Data');
 * const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });
 * new AuroraCluster(stack, 'Database', { vpc });
 */
export class AuroraCluster extends PostgresDatabase {
  /** The cluster underneath. */
  public readonly cluster: DatabaseCluster;
  /** Where it is written to. */
  public readonly endpoint: Endpoint;
  /** Where it is read from: the readers where there are some, else the writer. */
  public readonly readEndpoint: Endpoint;
  /** `username` and `password` of the user that it began with, which RDS keeps and changes. */
  public readonly secret: ISecret;
  /** Where PostgreSQL writes. */
  public readonly logGroup: LogGroup;
  private readonly isServerless: boolean;
  private readonly maxConnections?: number;

  constructor(scope: Construct, id: string, props: AuroraClusterProps) {
    super(scope, id, props);

    // 1. what it is
    const defaults = DEFAULTS[Environment.of(this).tier];
    const { capacity = AuroraCapacity.serverless(), readers = defaults.readers } = props;
    const { _instanceType: instanceType } = capacity;
    const { minAcu, maxAcu } = limitsOf(capacity, defaults, props.pooling?.keepsAwake ?? false);
    const autoPause = minAcu === 0 ? (capacity._serverless?.autoPause ?? FIXED.autoPause) : undefined;
    this.isServerless = instanceType === undefined;
    this.maxConnections = instanceType ? provisionedConnections(instanceType) : serverlessConnections(minAcu, maxAcu);

    // 2. the cluster
    const settings = this.settingsOf(props);
    this.cluster = new DatabaseCluster(this, 'Cluster', {
      ...settings,
      engine: DatabaseClusterEngine.auroraPostgres({ version: NEWEST[this.majorVersion] }),
      defaultDatabaseName: this.databaseName,
      storageType: props.storage,
      writer: instance('Writer', instanceType, settings, true),
      readers: Array.from({ length: readers }, (_, index) =>
        instance(`Reader${index + 1}`, instanceType, settings, index === 0),
      ),
      ...(this.isServerless && {
        serverlessV2MinCapacity: minAcu,
        serverlessV2MaxCapacity: maxAcu,
        serverlessV2AutoPauseDuration: autoPause,
      }),
    });
    this.endpoint = this.cluster.clusterEndpoint;
    this.readEndpoint = this.cluster.clusterReadEndpoint;
    this.secret = this.cluster.secret!;

    // 3. what every database has
    const instances = this.cluster.node
      .findAll()
      .filter((child): child is CfnDBInstance => child instanceof CfnDBInstance);
    const resource = this.cluster.node.defaultChild as CfnDBCluster;
    this.logGroup = this.complete(props, {
      resource,
      writers: instances,
      kind: 'cluster',
      readers: readers > 0,
      secret: this.secret,
      resourceId: this.cluster.clusterResourceIdentifier,
    });

    // 4. what rules find and cannot be otherwise, and what will not be as it was meant
    acknowledgeCluster(resource, { username: this.masterUsername, isLocked: settings.deletionProtection });
    acknowledgeInstances(instances, { isMonitored: settings.monitoringRole !== undefined });
    if (autoPause && props.parameters?.['rds.logical_replication'] === '1')
      warnOfNoPause(this, 'rds.logical_replication');
  }

  /** What tells whether it is well. Listing the signs creates nothing. */
  public vitalSigns(): VitalSign[] {
    const { clusterIdentifier, instanceIdentifiers } = this.cluster;
    const dimensions = { DBClusterIdentifier: clusterIdentifier };
    return [
      ...this.signsOf({
        dimensions,
        sourceIdentifiers: [clusterIdentifier, ...instanceIdentifiers],
        maxConnections: this.maxConnections,
      }),
      ...auroraSigns(
        { dimensions, isServerless: this.isServerless, hasReaders: instanceIdentifiers.length > 1 },
        DEFAULTS[Environment.of(this).tier],
      ),
    ];
  }

  protected override mistakesIn(props: PostgresDatabaseProps): Mistakes {
    const mistakes = super.mistakesIn(props);
    checkAurora(props, DEFAULTS[Environment.of(this).tier], mistakes);
    return mistakes;
  }
}

/** One instance. The first reader is sized as the writer is, so that it can take over. */
function instance(
  id: string,
  instanceType: InstanceType | undefined,
  settings: DatabaseSettings,
  first: boolean,
): IClusterInstance {
  const common = {
    publiclyAccessible: false,
    // Good until 2061, and in the bundle of RDS that clients are given:
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html
    caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
    // As the cluster says: CDK warns of an instance that says nothing.
    enablePerformanceInsights: settings.enablePerformanceInsights,
    performanceInsightRetention: settings.performanceInsightRetention,
    performanceInsightEncryptionKey: settings.performanceInsightEncryptionKey,
  };
  return instanceType
    ? ClusterInstance.provisioned(id, { ...common, instanceType })
    : ClusterInstance.serverlessV2(id, { ...common, scaleWithWriter: first });
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html */
function warnOfNoPause(cluster: AuroraCluster, because: string): void {
  Annotations.of(cluster).addWarningV2(
    '@groundplan/aurora:neverPauses',
    `minAcu is 0, and "${cluster.node.path}" will not fall asleep: ${because} keeps it awake, and it costs as if minAcu were 0.5.`,
  );
}
