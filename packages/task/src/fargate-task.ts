import { ConnectTarget, Environment, IConnectConsumer, IConnectTarget, Mistakes } from '@groundplan/core';
import { Connections, IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AppProtocol,
  Capability,
  ContainerDefinition,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { IPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ContainerOptions } from './container-options';
import { ContainerSecret } from './container-secret';
import type { Image } from './image';
import { acknowledgeEnvironment, acknowledgeTask } from './private/acknowledgements';
import { checkTask } from './private/check-task';
import { DEFAULTS, FIXED } from './private/defaults';
import { LeastPrivilegeRole } from './private/least-privilege-role';
import { addCollector, addInit, collectorVariables, logDriverFor, memoryOfSidecars } from './private/sidecars';
import { sizeOf } from './private/task-size';

/** What every task says, whatever starts it. */
export interface TaskProps {
  /** The network that the task runs in. */
  readonly vpc: IVpc;
  /** What it runs. */
  readonly image: Image;
  /**
   * CPU units: 256, 512, 1024, 2048, 4096, 8192 or 16384. 1024 are one vCPU (IP-028).
   *
   * @default by tier: 256, and 512 in staging and production
   */
  readonly cpu?: number;
  /**
   * Memory in MiB, one that Fargate offers with this CPU. It is the task's hard limit.
   *
   * @default by tier: 512, and 1024 in staging and production
   */
  readonly memoryMiB?: number;
  /**
   * Environment variables, none of them confidential: everybody who may read the task definition reads them (IP-030).
   *
   * @default only `PORT`, where there is a port
   */
  readonly environment?: { [name: string]: string };
  /**
   * Environment variables that are filled from secrets and parameters when a task starts (IP-030, CA-103).
   *
   * @default none
   */
  readonly secrets?: { [name: string]: ContainerSecret };
  /**
   * How the container runs: command, user, file system, logs.
   *
   * @default as the image says, without rights
   */
  readonly container?: ContainerOptions;
}

/** What a Fargate task is. */
export interface FargateTaskProps extends TaskProps {
  /**
   * The port that the container listens on, 1 to 65535; it gets it in `PORT`.
   *
   * @default it listens on none
   */
  readonly port?: number;
  /**
   * What is spoken on the port, for proxies of Service Connect.
   *
   * @default TCP
   */
  readonly appProtocol?: AppProtocol;
  /**
   * Whether somebody may open a shell in the container with ECS Exec, where the service lets them. The agent of ECS Exec gets three
   * folders that it can write.
   *
   * @default false
   */
  readonly exec?: boolean;
}

/**
 * Where the agent of ECS Exec writes. AWS says that it does not work with a read-only file system; with these folders it was seen to:
 * https://github.com/aws/containers-roadmap/issues/1359
 */
const EXEC_FOLDERS = {
  'exec-agents': '/managed-agents',
  'exec-state': '/var/lib/amazon/ssm',
  'exec-logs': '/var/log/amazon/ssm',
};

/**
 * A task definition with least privilege: an unprivileged user, a read-only file system, a role for the application and
 * another for starting it, both with exact resources, and a security group that lets HTTPS out and nothing in.
 *
 * Services, schedules and one-off tasks are made of it; it runs nothing by itself.
 *
 * @example
 * import { FargateTask, Image } from '@groundplan/task';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Jobs');
 * new FargateTask(stack, 'Report', { vpc: new Vpc(stack, 'Vpc'), image: Image.placeholder() });
 */
export class FargateTask extends Construct implements IConnectConsumer {
  /**
   * Notes every mistake in the props of a task, and creates nothing. A construct that is made of a task asks before it makes
   * anything, with what it will pass to the task: its user sees the mistakes of both in one error, under the name that they know.
   *
   * @param scope the construct that is configured
   * @param mistakes what it noted of itself
   */
  public static check(scope: Construct, mistakes: Mistakes, props: FargateTaskProps): void {
    checkTask(scope, props, mistakes);
  }

  /** The task definition underneath. */
  public readonly taskDefinition: FargateTaskDefinition;
  /** The container of the application. */
  public readonly container: ContainerDefinition;
  /** What the application may do. */
  public readonly taskRole: Role;
  /** What ECS may do to start it: pull this image, write these logs, read these secrets. */
  public readonly executionRole: Role;
  /** What may reach it and what it reaches. */
  public readonly securityGroup: SecurityGroup;
  /** Where it writes. */
  public readonly logGroup: LogGroup;
  /** The rules of its security group. */
  public readonly connections: Connections;
  /** The role of the application. */
  public readonly grantPrincipal: IPrincipal;
  /** The secrets of Secrets Manager that the container gets, also those that `connectTo` brought. A task reads them when it starts. */
  public readonly injectedSecrets: ISecret[] = [];
  /** Who gave each environment variable. */
  private readonly givenBy = new Map<string, string>();

  constructor(scope: Construct, id: string, props: FargateTaskProps) {
    super(scope, id);

    // 1. validate
    const defaults = DEFAULTS[Environment.of(this).tier];
    const { container = {}, image } = props;
    const mistakes = new Mistakes(this, 'FargateTask');
    checkTask(this, props, mistakes);
    mistakes.throwIfAny();
    const { cpu, memoryMiB } = sizeOf(this, props);
    const { logs, telemetry, architecture = CpuArchitecture.ARM64 } = container;
    const bound = image._bind(this, architecture);
    const name = this.node.scope!.node.id;
    const environment = {
      ...(props.port === undefined ? {} : { PORT: `${props.port}` }),
      ...(telemetry ? collectorVariables(name, props.secrets) : {}),
      ...props.environment,
    };
    for (const variable of [...Object.keys(environment), ...Object.keys(props.secrets ?? {})])
      this.givenBy.set(variable, 'props');

    // 2. who it is
    const service = 'ecs-tasks.amazonaws.com';
    this.taskRole = new LeastPrivilegeRole(this, 'TaskRole', {
      description: 'The application',
      service,
      // Against the confused deputy: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    // ECS takes it to start a task, without saying for which account.
    this.executionRole = new LeastPrivilegeRole(this, 'ExecutionRole', {
      description: 'ECS, to start the application',
      service,
    });
    this.grantPrincipal = this.taskRole;
    // HTTPS leaves for AWS and for whatever the application asks; everything else is opened by name.
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      // At most 255 characters, of those that EC2 takes.
      description: `Tasks of ${this.node.path}`.replace(/[^\w./: -]/g, '-').slice(0, 255),
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS');
    this.connections = new Connections({
      securityGroups: [this.securityGroup],
      defaultPort: props.port === undefined ? undefined : Port.tcp(props.port),
    });

    // 3. what it runs
    const { encryptionKey, retention = defaults.logRetentionDays } = logs?._cloudWatch ?? {};
    this.logGroup = new LogGroup(this, 'Logs', {
      retention,
      encryptionKey,
      removalPolicy: defaults.retainLogs ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.taskDefinition = new FargateTaskDefinition(this, 'Definition', {
      cpu,
      memoryLimitMiB: memoryMiB,
      taskRole: this.taskRole,
      executionRole: this.executionRole,
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    const linux = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    // Nobody but root can do anything with them.
    if (!container.user?.rootBecause) linux.dropCapabilities(Capability.ALL);
    // Owned by nobody and open to all, as /tmp is: https://docs.docker.com/engine/storage/tmpfs/#options-for---tmpfs
    linux.addTmpfs({ containerPath: '/tmp', size: FIXED.tmpMiB });
    this.container = this.taskDefinition.addContainer('app', {
      image: bound.image,
      command: container.command ?? bound.command,
      entryPoint: container.entryPoint,
      environment,
      user: container.user?.user ?? image._user ?? FIXED.user,
      readonlyRootFilesystem: container.readOnlyRoot ?? true,
      memoryLimitMiB: memoryMiB - memoryOfSidecars(container),
      stopTimeout: container.stopTimeout ?? Duration.seconds(FIXED.stopTimeoutSeconds),
      linuxParameters: linux,
      portMappings:
        props.port === undefined
          ? undefined
          : [{ name: 'app', containerPort: props.port, appProtocol: props.appProtocol }],
      logging: logDriverFor(this.taskDefinition, this.logGroup, name, logs?._fireLens),
    });
    if (props.exec) this.openToShells();
    if (telemetry) {
      const around = { logGroup: this.logGroup, application: this };
      addCollector(this.taskDefinition, telemetry._openTelemetry, around);
    }
    if (container.init) {
      addInit(this, this.container, container.init, { logGroup: this.logGroup, architecture });
      for (const { source } of Object.values(container.init.secrets ?? {})) this.remember(source);
    }
    for (const [variable, secret] of Object.entries(props.secrets ?? {})) this.inject(variable, secret);
    for (const { source } of Object.values(logs?._fireLens?.secretOptions ?? {})) this.remember(source);

    // 4. what rules find and cannot be otherwise
    acknowledgeTask(this, container, retention);
    if (Object.keys({ ...environment, ...container.init?.environment }).length > 0) acknowledgeEnvironment(this);
  }

  /**
   * Wires the task to what it uses: one rule between two security groups, the exact grant, and the environment variables
   * that the target documents. The rules are created in this stack.
   *
   * @throws where a variable of the target already stands in the container
   */
  public connectTo(target: IConnectTarget): void {
    const { environment, secrets } = ConnectTarget.wire(this, target);
    const who = target instanceof Construct ? `"${target.node.path}"` : 'another target';
    for (const name of [...Object.keys(environment), ...Object.keys(secrets)]) {
      const earlier = this.givenBy.get(name);
      if (earlier)
        throw new Error(
          `FargateTask "${this.node.path}": connectTo must bring variables that are not there yet, got ${name} of ${who}, which ${earlier} already gave; ` +
            'rename the one in environment, or grant by hand and name the variable yourself',
        );
      this.givenBy.set(name, who);
    }
    if (Object.keys(environment).length > 0) acknowledgeEnvironment(this);
    for (const [name, value] of Object.entries(environment)) this.container.addEnvironment(name, value);
    for (const [name, { secret, field }] of Object.entries(secrets))
      this.inject(name, ContainerSecret.fromSecret(secret, field));
  }

  private inject(name: string, { secret, source }: ContainerSecret): void {
    this.container.addSecret(name, secret);
    this.remember(source);
  }

  private remember(secret: ISecret | undefined): void {
    if (secret && !this.injectedSecrets.includes(secret)) this.injectedSecrets.push(secret);
  }

  /** Gives the agent of ECS Exec the folders that it writes to, so that the rest can stay read-only. */
  private openToShells(): void {
    for (const [name, containerPath] of Object.entries(EXEC_FOLDERS)) {
      this.taskDefinition.addVolume({ name });
      this.container.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
    }
  }
}
