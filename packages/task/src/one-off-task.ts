import { Environment, IConnectConsumer, IConnectTarget, IMonitored, Mistakes, VitalSign } from '@groundplan/core';
import { Connections, SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { ContainerDefinition, FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Chain, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FargateCluster } from './fargate-cluster';
import { FargateTask, TaskProps } from './fargate-task';
import { acknowledgeRun } from './private/acknowledgements';
import { checkTimeout } from './private/check-run';
import { DEFAULTS, FIXED } from './private/defaults';
import { runMachine } from './private/run-machine';
import { runSigns } from './private/vital-signs';

/** What a task is that runs to completion. */
export interface OneOffTaskProps extends TaskProps {
  /**
   * The cluster that it runs in. Several tasks and services may share one, of any network.
   *
   * @default a cluster of its own
   */
  readonly cluster?: ICluster;
  /**
   * The subnets that it runs in. It never gets a public address.
   *
   * @default the private ones, from where the internet is reached but not the other way round
   */
  readonly subnets?: SubnetSelection;
  /**
   * How long a run may take, with the waiting for capacity, up to a year. Then it is stopped and has failed.
   *
   * @default 1 hour
   */
  readonly timeout?: Duration;
  /**
   * States that run before the task in the same execution, such as a snapshot. They get the input of the execution; what they
   * may do is granted to the role of the state machine.
   *
   * @default none
   */
  readonly preparation?: Chain;
}

/**
 * A task that runs to completion: a migration, a backfill, an import. Starting its state machine runs it, and the execution
 * ends as the process does: well with exit code 0, else failed.
 *
 * Only a start that AWS had no capacity for is tried again, for up to eight minutes; a process that failed is not, since
 * nobody knows what it had done. It runs when somebody says so: `grantStart` lets a role, and `stateMachine` is the target
 * of a rule, a pipeline or a person.
 *
 * @example
 * import { Image, OneOffTask } from '@groundplan/task';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Jobs');
 * new OneOffTask(stack, 'Backfill', { vpc: new Vpc(stack, 'Vpc'), image: Image.placeholder() });
 */
export class OneOffTask extends Construct implements IMonitored, IConnectConsumer {
  /** The cluster that it runs in. */
  public readonly cluster: ICluster;
  /** What runs, with its roles, its security group and its logs. */
  public readonly task: FargateTask;
  /** The task definition underneath. */
  public readonly taskDefinition: FargateTaskDefinition;
  /** The container of the application. */
  public readonly container: ContainerDefinition;
  /** Where the application writes. */
  public readonly logGroup: LogGroup;
  /** What an execution runs. Starting it runs the task once. */
  public readonly stateMachine: StateMachine;
  /** Where the state machine writes what it did. */
  public readonly executionLogGroup: LogGroup;
  /** How long a run may take. */
  public readonly timeout: Duration;
  /** The rules of the task's security group. */
  public readonly connections: Connections;
  /** The role of the application. */
  public readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: OneOffTaskProps) {
    super(scope, id);

    // 1. validate
    const defaults = DEFAULTS[Environment.of(this).tier];
    this.timeout = props.timeout ?? Duration.minutes(FIXED.timeoutMinutes);
    this._mistakesIn(props).throwIfAny();

    // 2. what runs, and where
    this.task = new FargateTask(this, 'Task', { ...props, image: props.image._ending() });
    this.taskDefinition = this.task.taskDefinition;
    this.container = this.task.container;
    this.logGroup = this.task.logGroup;
    this.connections = this.task.connections;
    this.grantPrincipal = this.task.grantPrincipal;
    this.cluster = props.cluster ?? new FargateCluster(this, 'Cluster', { vpc: props.vpc });

    // 3. what starts it and waits for its end
    const { retention = defaults.logRetentionDays, encryptionKey } = props.container?.logs?._cloudWatch ?? {};
    this.executionLogGroup = new LogGroup(this, 'ExecutionLogs', {
      retention,
      encryptionKey,
      removalPolicy: defaults.retainLogs ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.stateMachine = runMachine(this, {
      task: this.task,
      cluster: this.cluster,
      subnetIds: props.vpc.selectSubnets(props.subnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
      timeout: this.timeout,
      preparation: props.preparation,
      logGroup: this.executionLogGroup,
    });

    // 4. what rules find and cannot be otherwise
    acknowledgeRun(this, props.container ?? {}, retention);
  }

  /**
   * Wires the task to what it uses: one rule between two security groups, the exact grant, and the environment variables
   * that the target documents.
   *
   * @throws where a variable of the target already stands in the container
   */
  public connectTo(target: IConnectTarget): void {
    this.task.connectTo(target);
  }

  /** Lets somebody run the task, and nothing else. */
  public grantStart(grantee: IGrantable): Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }

  /** What tells whether runs end well, and in time. Listing them creates nothing. */
  public vitalSigns(): VitalSign[] {
    return runSigns(this.stateMachine, this.taskDefinition, this.timeout);
  }

  /** @internal Every mistake in the props, before anything is made. What extends it adds its own, from props alone: its members are not set yet. */
  protected _mistakesIn(props: OneOffTaskProps, kind = 'OneOffTask'): Mistakes {
    const mistakes = new Mistakes(this, kind);
    checkTimeout(this.timeout, mistakes);
    FargateTask.check(this, mistakes, props);
    return mistakes;
  }
}
