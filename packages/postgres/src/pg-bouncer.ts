import { Environment, VitalSign } from '@groundplan/core';
import { ContainerSecret, FargateCluster, FargateTask } from '@groundplan/task';
import { Connections, ISecurityGroup, IVpc, Port, SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { AvailabilityZoneRebalancing, FargateService, ICluster, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import {
  NetworkListener,
  NetworkLoadBalancer,
  NetworkTargetGroup,
  Protocol,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Endpoint } from 'aws-cdk-lib/aws-rds';
import { Duration, Lazy, Names } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { join } from 'path';
import type { DatabaseUser } from './database-user';
import type { PgBouncerOptions } from './pooling';
import { acknowledgePool } from './private/acknowledgements';
import { READERS } from './private/check-pooling';
import { closedGroup } from './private/closed-outbound';
import { portOf } from './private/connection';
import { DEFAULTS, FIXED } from './private/defaults';
import { imageOf } from './private/images';
import { passwordVariable } from './private/migration-containers';
import { poolSigns } from './private/pool-signs';

/** Beside the sources, and beside the one file that they are packed into. */
const ASSETS = join(__dirname, '../assets');

/** What PgBouncer stands in front of. */
export interface PgBouncerProps extends PgBouncerOptions {
  /** The network. */
  readonly vpc: IVpc;
  /** The subnets of the database: its clients' address stands there too. */
  readonly databaseSubnets: SubnetSelection;
  /** The database within the server. */
  readonly databaseName: string;
  /** Where it is written to. */
  readonly database: Endpoint;
  /**
   * Where it is read from, where that is somewhere else.
   *
   * @default nowhere else
   */
  readonly readers?: Endpoint;
  /** The rules of the database's security group. */
  readonly databaseConnections: Connections;
}

/**
 * PgBouncer in front of a database, in transaction mode: tasks on Fargate behind a balancer that only the network reaches. It speaks
 * TLS with both sides, verifies the database, and only it, and whoever passes it by, reaches the database.
 * `pooling: Pooling.pgBouncer()` makes one.
 */
export class PgBouncer extends Construct {
  /** Where clients connect. */
  public readonly endpoint: Endpoint;
  /** The database that clients ask for who only read, at the same endpoint, where there are readers. */
  public readonly readDatabaseName?: string;
  /** What reaches it. */
  public readonly securityGroup: ISecurityGroup;
  /** The rules of its security group. */
  public readonly connections: Connections;
  /** The balancer in front of its tasks. */
  public readonly loadBalancer: NetworkLoadBalancer;
  /** Its listener on 5432. */
  public readonly listener: NetworkListener;
  /** The tasks that answer. */
  public readonly targetGroup: NetworkTargetGroup;
  /** The cluster that it runs in. */
  public readonly cluster: ICluster;
  /** What runs, with its roles, its security group and its logs. */
  public readonly task: FargateTask;
  /** The service underneath. */
  public readonly service: FargateService;
  /** Where PgBouncer writes. */
  public readonly logGroup: LogGroup;
  private readonly users: DatabaseUser[] = [];
  private readonly poolName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PgBouncerProps,
  ) {
    super(scope, id);
    const defaults = DEFAULTS[Environment.of(this).tier];
    const { vpc, cpu = FIXED.poolCpu, tasks = defaults.poolTasks, certificate, architecture } = props;
    this.poolName = Names.uniqueResourceName(this, { maxLength: 120, separator: '-' });
    this.readDatabaseName = props.readers && READERS;

    // 1. what runs
    this.task = new FargateTask(this, 'Task', {
      vpc,
      image: imageOf('pgbouncer', ASSETS),
      port: FIXED.port,
      cpu,
      memoryMiB: 2 * cpu,
      // Users may come after somebody has looked at it.
      environment: { POOL: Lazy.uncachedString({ produce: () => this.plan() }) },
      secrets: certificate && {
        TLS_CERTIFICATE: ContainerSecret.fromSecret(certificate, 'certificate'),
        TLS_KEY: ContainerSecret.fromSecret(certificate, 'key'),
      },
      // What was begun when a task is to end is brought to its end, for as long as ECS lets it.
      container: { stopTimeout: Duration.seconds(FIXED.poolStopSeconds), architecture },
    });
    this.logGroup = this.task.logGroup;
    this.cluster = props.cluster ?? new FargateCluster(this, 'Cluster', { vpc });
    this.service = new FargateService(this, 'Service', {
      cluster: this.cluster,
      taskDefinition: this.task.taskDefinition,
      securityGroups: [this.task.securityGroup],
      vpcSubnets: props.subnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      assignPublicIp: false,
      capacityProviderStrategies: [{ capacityProvider: 'FARGATE', weight: 1 }],
      desiredCount: tasks,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      healthCheckGracePeriod: Duration.seconds(60),
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
    });
    // A task that starts before ECS may pull its image fails, and the deployment with it.
    this.service.node.addDependency(this.task.executionRole);

    // 2. where clients connect
    this.securityGroup = closedGroup(this, vpc, 'PgBouncer');
    this.connections = new Connections({
      securityGroups: [this.securityGroup],
      defaultPort: Port.tcp(FIXED.port),
    });
    this.loadBalancer = new NetworkLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: props.databaseSubnets,
      internetFacing: false,
      securityGroups: [this.securityGroup],
      // Else a zone without a task would answer nobody.
      crossZoneEnabled: true,
      deletionProtection: defaults.deletionProtection,
    });
    this.targetGroup = new NetworkTargetGroup(this, 'Targets', {
      vpc,
      port: FIXED.port,
      protocol: Protocol.TCP,
      preserveClientIp: false,
      deregistrationDelay: Duration.seconds(FIXED.poolDrainSeconds),
      healthCheck: { interval: Duration.seconds(10), healthyThresholdCount: 2, unhealthyThresholdCount: 2 },
      targets: [this.service.loadBalancerTarget({ containerName: 'app', containerPort: FIXED.port })],
    });
    this.listener = this.loadBalancer.addListener('Listener', {
      port: FIXED.port,
      protocol: Protocol.TCP,
      defaultTargetGroups: [this.targetGroup],
    });
    this.endpoint = new Endpoint(this.loadBalancer.loadBalancerDnsName, FIXED.port);

    // 3. who reaches whom
    this.task.connections.allowFrom(this.connections, Port.tcp(FIXED.port), 'Clients');
    props.databaseConnections.allowFrom(this.task, Port.tcp(FIXED.port), 'PgBouncer');

    // 4. what rules find and cannot be otherwise
    acknowledgePool(this.loadBalancer, this.listener, { isLocked: defaults.deletionProtection });
  }

  /** @internal Lets a user in: one with a password. */
  public _admit(user: DatabaseUser): void {
    if (!user.secret) return;
    this.users.push(user);
    this.task.container.addSecret(
      passwordVariable(user.username),
      ContainerSecret.fromSecret(user.secret, 'password').secret,
    );
  }

  /** @internal Whoever has a password that does not change by itself. */
  public _takes(user: DatabaseUser | undefined): boolean {
    return user?.secret !== undefined;
  }

  /** @internal What tells whether it is well. */
  public _signs(): VitalSign[] {
    return poolSigns({ name: this.poolName, targetGroup: this.targetGroup }, DEFAULTS[Environment.of(this).tier]);
  }

  /** As `runtime/pgbouncer/plan.ts` reads it. */
  private plan(): string {
    const { databaseName, database, readers, borrowTimeout, ...given } = this.props;
    const to = (name: string, endpoint: Endpoint) => ({
      name,
      host: endpoint.hostname,
      port: portOf(endpoint),
      database: databaseName,
    });
    return JSON.stringify({
      name: this.poolName,
      databases: [to(databaseName, database), ...(readers ? [to(READERS, readers)] : [])],
      users: this.users.map(({ username }) => ({ name: username, passwordVariable: passwordVariable(username) })),
      clientConnections: given.clientConnections ?? FIXED.clientConnections,
      serverConnections: given.serverConnections ?? FIXED.serverConnections,
      borrowSeconds: borrowTimeout?.toSeconds() ?? FIXED.borrowSeconds,
      idleSeconds: FIXED.poolIdleSeconds,
      reportSeconds: FIXED.poolReportSeconds,
    });
  }
}
