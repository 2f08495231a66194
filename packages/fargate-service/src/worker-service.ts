import {
  ConnectTarget,
  Connection,
  Environment,
  Findings,
  IConnectConsumer,
  IConnectTarget,
  IMonitored,
  Mistakes,
  QueueUse,
  VitalSign,
} from '@groundplan/core';
import { FargateCluster, FargateTask, FargateTaskProps } from '@groundplan/task';
import type { Connections } from 'aws-cdk-lib/aws-ec2';
import type {
  ContainerDefinition,
  FargateService,
  FargateTaskDefinition,
  ICluster,
  ScalableTaskCount,
} from 'aws-cdk-lib/aws-ecs';
import { IPrincipal, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { JobOptions } from './job-options';
import { checkCluster } from './private/cluster';
import { DEFAULTS, ServiceDefaults } from './private/defaults';
import { Jobs, checkJobs, jobsOf, queueFor } from './private/job-queue';
import { RotationRestart } from './private/rotation-restart';
import { runOnFargate } from './private/run-on-fargate';
import { TaskLimits, checkScaling, limitsOf, scale } from './private/scale';
import { scaleOnBacklog } from './private/scale-on-backlog';
import { taskSigns } from './private/vital-signs';
import { queueSigns } from './private/worker-signs';
import type { ServiceProps } from './service-props';

/** What a worker is. */
export interface WorkerServiceProps extends ServiceProps {
  /**
   * The jobs: how long they take, how long they may wait, how often they are tried.
   *
   * @default 10 seconds each, 5 minutes at most; they wait a minute and are tried three times
   */
  readonly jobs?: JobOptions;
  /**
   * A queue that stands. Its visibility timeout and its dead-letter queue are yours to keep.
   *
   * @default one is made, with a dead-letter queue
   */
  readonly queue?: IQueue;
}

/**
 * A service on Fargate that works off a queue (MB-005): as many tasks as the backlog asks for, what fails again and again is
 * put aside for 14 days, and a task that is at work can say so and is not taken away.
 *
 * The container gets `QUEUE_URL`, and deletes a message when its job is done. It keeps itself from being stopped through the
 * task protection endpoint of ECS, `PUT $ECS_AGENT_URI/task-protection/v1/state`, which it may ask.
 *
 * @example
 * import { WorkerService } from '@groundplan/fargate-service';
 * import { Image } from '@groundplan/task';
 * import { App, Duration, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Workers');
 * new WorkerService(stack, 'Mailer', {
 *   vpc: new Vpc(stack, 'Vpc'),
 *   image: Image.fromRegistry('registry.example.com/mailer:1.4.2'),
 *   jobs: { typicalTime: Duration.seconds(2), acceptableDelay: Duration.minutes(1) },
 * });
 */
export class WorkerService extends Construct implements IMonitored, IConnectConsumer, IConnectTarget {
  /** The cluster that it runs in. */
  public readonly cluster: ICluster;
  /** What runs, with its roles, its security group and its logs. */
  public readonly task: FargateTask;
  /** The service underneath. */
  public readonly service: FargateService;
  /** The task definition underneath. */
  public readonly taskDefinition: FargateTaskDefinition;
  /** The container of the application. */
  public readonly container: ContainerDefinition;
  /** Where the application writes. */
  public readonly logGroup: LogGroup;
  /** Where the jobs wait. */
  public readonly queue: IQueue;
  /** Where jobs are put aside that failed again and again, where this service made the queue. */
  public readonly deadLetterQueue?: IQueue;
  /** The scaling of the tasks, where it is automatic. */
  public readonly scaling?: ScalableTaskCount;
  /** The rules of the tasks' security group. */
  public readonly connections: Connections;
  /** The role of the application. */
  public readonly grantPrincipal: IPrincipal;
  private readonly defaults: ServiceDefaults;
  private readonly limits: TaskLimits;
  private readonly jobs: Jobs;
  private readonly rotation?: RotationRestart;

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);

    // 1. validate
    this.defaults = DEFAULTS[Environment.of(this).tier];
    this.limits = limitsOf(props.scaling, this.defaults);
    this.jobs = jobsOf(props.jobs);
    const task: FargateTaskProps = {
      ...props,
      exec: props.exec ?? this.defaults.exec,
      container: { stopTimeout: this.jobs.stopTimeout, ...props.container },
    };
    const mistakes = new Mistakes(this, 'WorkerService');
    checkCluster(props.cluster, props.vpc, mistakes);
    checkScaling(props.scaling, this.limits, { hasTargets: false, shiftsTraffic: false }, mistakes);
    checkJobs(this.jobs, props, mistakes);
    if (props.deployment?._shift)
      mistakes.add({
        prop: 'deployment',
        mustBe: 'Deployment.rolling()',
        got: `Deployment.${props.deployment.description}()`,
        remedy: 'a queue has no traffic to shift: both versions would take jobs; leave it out',
      });
    FargateTask.check(this, mistakes, task);
    mistakes.throwIfAny();

    // 2. the jobs
    const own = props.queue ? undefined : queueFor(this, this.jobs);
    this.queue = props.queue ?? own!.queue;
    this.deadLetterQueue = own?.deadLetterQueue;

    // 3. what runs, and where
    this.task = new FargateTask(this, 'Task', task);
    this.taskDefinition = this.task.taskDefinition;
    this.container = this.task.container;
    this.logGroup = this.task.logGroup;
    this.connections = this.task.connections;
    this.grantPrincipal = this.task.grantPrincipal;
    this.cluster = props.cluster ?? new FargateCluster(this, 'Cluster', { vpc: props.vpc });
    this.task.connectTo(ConnectTarget.queue(this.queue, QueueUse.CONSUME));
    this.letItProtectItself();

    // 4. the service
    this.service = runOnFargate(this, props, { cluster: this.cluster, task: this.task, alarmNames: [] }, this.defaults);
    if (props.scaling?._fixed === undefined) {
      const options = props.scaling?._automatic ?? {};
      this.scaling = scale(this.service, this.limits, options);
      scaleOnBacklog(this.scaling, this.queue, this.service, this.jobs, options);
    }
    if (props.restartOnRotation ?? true) {
      this.rotation = new RotationRestart(this, this.service, this.defaults);
      this.rotation.watch(this.task.injectedSecrets);
    }
  }

  /**
   * Wires the service to what it uses: one rule between two security groups, the exact grant, and the environment variables
   * that the target documents.
   *
   * @throws where a variable of the target already stands in the container
   */
  public connectTo(target: IConnectTarget): void {
    this.task.connectTo(target);
    this.rotation?.watch(this.task.injectedSecrets);
  }

  /** Lets somebody give it jobs: a grant to send, and `QUEUE_URL`. */
  public connectionFor(consumer: IConnectConsumer): Connection {
    return ConnectTarget.queue(this.queue, QueueUse.SEND).connectionFor(consumer);
  }

  /** What tells whether the jobs get done: backlog, age, what was put aside, tasks. Listing them creates nothing. */
  public vitalSigns(): VitalSign[] {
    return [
      ...queueSigns(this.queue, this.deadLetterQueue, this.service, this.jobs, this.defaults),
      ...taskSigns(this.service, this.limits.fewest, this.defaults),
    ];
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html */
  private letItProtectItself(): void {
    const tasks = Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'task',
      resourceName: `${this.cluster.clusterName}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const policy = new ManagedPolicy(this, 'ProtectionPolicy', {
      roles: [this.task.taskRole],
      statements: [
        new PolicyStatement({ actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'], resources: [tasks] }),
      ],
    });
    Findings.acknowledge(
      policy.node.defaultChild!,
      [Findings.wildcard(this, tasks)],
      'A task gets its id when it is started. It may ask for the protection of tasks in its cluster, and for nothing else.',
    );
  }
}
