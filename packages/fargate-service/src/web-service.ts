import {
  Connection,
  Environment,
  IConnectConsumer,
  IConnectTarget,
  IMonitored,
  Mistakes,
  VitalSign,
} from '@groundplan/core';
import { FargateCluster, FargateTask, FargateTaskProps } from '@groundplan/task';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { Connections } from 'aws-cdk-lib/aws-ec2';
import {
  AppProtocol,
  ContainerDefinition,
  FargateService,
  FargateTaskDefinition,
  IAlternateTarget,
  ICluster,
  ScalableTaskCount,
} from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  IApplicationListener,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Discovery, DiscoveryKind } from './discovery';
import type { HealthCheckOptions, TargetOptions } from './health-check';
import type { Ingress } from './ingress';
import { checkCluster } from './private/cluster';
import { checkDeployment } from './private/check-deployment';
import { DEFAULTS, FIXED, ServiceDefaults } from './private/defaults';
import { deploymentAlarms } from './private/deployment-alarms';
import { checkDiscovery, connectionTo, makeFindable } from './private/discover';
import { RotationRestart } from './private/rotation-restart';
import { runOnFargate } from './private/run-on-fargate';
import { TaskLimits, checkScaling, limitsOf, scale } from './private/scale';
import type { Entrance } from './private/gate';
import { checkTargets, targetGroupFor } from './private/targets';
import { addHooks, alternateTarget, forwardTo } from './private/traffic-shift';
import { balancerSigns, taskSigns, webSigns } from './private/vital-signs';
import type { ServiceProps } from './service-props';

/** What a web service is. */
export interface WebServiceProps extends ServiceProps {
  /**
   * The port that the container listens on, 1 to 65535; it gets it in `PORT`.
   *
   * @default 8080
   */
  readonly port?: number;
  /**
   * How requests reach it (C10).
   *
   * @default `Ingress.none()`
   */
  readonly ingress?: Ingress;
  /**
   * How the load balancer finds out whether a task is well (IP-034).
   *
   * @default it asks for /health every 10 seconds, and 200 is good
   */
  readonly healthCheck?: HealthCheckOptions;
  /**
   * How the load balancer speaks to the tasks (C11).
   *
   * @default plain HTTP inside of the network, every request spread anew
   */
  readonly targets?: TargetOptions;
  /**
   * How other services find it, and whether it finds them (BB-034).
   *
   * @default by the names of its ingress only
   */
  readonly discovery?: Discovery;
}

/**
 * An HTTP service on Fargate: private tasks without rights, HTTPS in front, as many as the load asks for, and a deployment
 * that fails goes back by itself.
 *
 * @example
 * import { Ingress, WebService } from '@groundplan/fargate-service';
 * import { Image } from '@groundplan/task';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
 *
 * const stack = new Stack(new App(), 'Services');
 * const zone = new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
 * new WebService(stack, 'Api', {
 *   vpc: new Vpc(stack, 'Vpc'),
 *   image: Image.placeholder(),
 *   ingress: Ingress.publicLoadBalancer({ hostname: 'api.example.com', zone }),
 * });
 */
export class WebService extends Construct implements IMonitored, IConnectConsumer, IConnectTarget {
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
  /** The load balancer, where this service made one. */
  public readonly loadBalancer?: ApplicationLoadBalancer;
  /** The HTTPS listener behind which it stands. Other services may join it. */
  public readonly listener?: IApplicationListener;
  /** Where the access logs are kept, where they are. */
  public readonly accessLogs?: IBucket;
  /** The distribution in front of the load balancer, where there is one. */
  public readonly distribution?: Distribution;
  /** The HTTP API in front of the load balancer, where there is one. */
  public readonly httpApi?: HttpApi;
  /** The target groups that its tasks stand in. */
  public readonly targetGroups: ApplicationTargetGroup[];
  /** The scaling of the tasks, where it is automatic. */
  public readonly scaling?: ScalableTaskCount;
  /** The rules of the tasks' security group. */
  public readonly connections: Connections;
  /** The role of the application. */
  public readonly grantPrincipal: IPrincipal;
  /** How other services find it, where they do. */
  public readonly discovery?: Discovery;
  private readonly port: number;
  /** The services that it asks. */
  private readonly asked = new Set<WebService>();
  private readonly rotation?: RotationRestart;
  private readonly defaults: ServiceDefaults;
  private readonly limits: TaskLimits;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);

    // 1. validate
    this.defaults = DEFAULTS[Environment.of(this).tier];
    const { vpc, port = FIXED.port, healthCheck = {}, targets = {} } = props;
    this.port = port;
    this.discovery = props.discovery;
    const gate = props.ingress?._gate;
    const shift = props.deployment?._shift;
    const site = { scope: this, vpc, defaults: this.defaults };
    this.limits = limitsOf(props.scaling, this.defaults);
    const appProtocol = targets.protocol === ApplicationProtocol.HTTPS ? undefined : AppProtocol.http;
    const task: FargateTaskProps = {
      ...props,
      port,
      appProtocol: props.discovery && appProtocol,
      exec: props.exec ?? this.defaults.exec,
    };
    const mistakes = new Mistakes(this, 'WebService');
    checkCluster(props.cluster, vpc, mistakes);
    checkScaling(
      props.scaling,
      this.limits,
      { hasTargets: gate !== undefined, shiftsTraffic: shift !== undefined },
      mistakes,
    );
    checkTargets(healthCheck, targets, mistakes);
    gate?.check(site, mistakes);
    checkDiscovery(props.discovery, props.deployment, mistakes);
    checkDeployment(props.deployment, props.ingress, mistakes);
    if (shift) gate?.checkTestRule?.(site, shift.testPriority, mistakes);
    FargateTask.check(this, mistakes, task);
    mistakes.throwIfAny();

    // 2. what runs, and where
    this.task = new FargateTask(this, 'Task', task);
    this.taskDefinition = this.task.taskDefinition;
    this.container = this.task.container;
    this.logGroup = this.task.logGroup;
    this.connections = this.task.connections;
    this.grantPrincipal = this.task.grantPrincipal;
    this.cluster = props.cluster ?? new FargateCluster(this, 'Cluster', { vpc });

    // 3. how requests reach it
    const alarmNames: string[] = [];
    let alternate: IAlternateTarget | undefined;
    let entrance: Entrance | undefined;
    if (gate) {
      const made = (id: string) => targetGroupFor(this, id, vpc, port, healthCheck, targets);
      this.targetGroups = [made('TargetGroup'), ...(shift ? [made('AlternateTargetGroup')] : [])];
      entrance = gate.build(site, forwardTo(this.targetGroups));
      if (shift) alternate = alternateTarget(this, entrance, this.targetGroups, shift);
      this.loadBalancer = entrance.loadBalancer;
      this.listener = entrance.listener;
      this.accessLogs = entrance.accessLogs;
      this.distribution = entrance.distribution;
      this.httpApi = entrance.httpApi;
      alarmNames.push(...deploymentAlarms(this, this.targetGroups).map(({ alarmName }) => alarmName));
    } else this.targetGroups = [];

    // 4. the service
    const gracePeriod = healthCheck.gracePeriod ?? Duration.seconds(FIXED.gracePeriodSeconds);
    this.service = runOnFargate(
      this,
      props,
      { cluster: this.cluster, task: this.task, alarmNames, gracePeriod: gate && gracePeriod },
      this.defaults,
    );
    if (this.targetGroups.length > 0) {
      const { containerName } = this.container;
      const target = this.service.loadBalancerTarget({
        containerName,
        containerPort: port,
        alternateTarget: alternate,
      });
      target.attachToApplicationTargetGroup(this.targetGroups[0]);
    }
    if (props.discovery) makeFindable(this.service, props.discovery, port);
    if (shift) addHooks(this.service, shift, { ...site, hostname: gate?.hostname, internal: entrance?.internal });
    if (props.scaling?._fixed === undefined)
      this.scaling = scale(this.service, this.limits, props.scaling?._automatic ?? {}, this.targetGroups[0]);
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
    if (target instanceof WebService) {
      if (target === this || target.asks(this))
        throw new Error(
          `WebService "${this.node.path}": connectTo must not lead back to itself, got "${target.node.path}", which asks it already; let one of the two send messages instead`,
        );
      this.asked.add(target);
    }
    this.task.connectTo(target);
    // Tasks find what was there before them: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    if (target instanceof WebService && target.discovery?._kind === DiscoveryKind.SERVICE_CONNECT)
      this.service.node.addDependency(target.service);
    this.rotation?.watch(this.task.injectedSecrets);
  }

  /** Lets another service ask it: a rule between the two, and its address in `<NAME>_URL`. */
  public connectionFor(consumer: IConnectConsumer): Connection {
    const theirs = consumer instanceof FargateTask ? consumer.node.scope : consumer;
    return connectionTo(this, this.port, theirs instanceof WebService ? theirs.discovery : undefined);
  }

  /** What tells whether the service is well: requests, errors, latency, tasks. Listing them creates nothing. */
  public vitalSigns(): VitalSign[] {
    return [
      ...(this.targetGroups.length > 0 ? webSigns(this.targetGroups, this.defaults) : []),
      ...(this.loadBalancer ? balancerSigns(this.loadBalancer, this.defaults) : []),
      ...taskSigns(this.service, this.limits.fewest, this.defaults),
    ];
  }

  /** Whether requests lead from it to another service, over however many. */
  private asks(other: WebService): boolean {
    return [...this.asked].some((asked) => asked === other || asked.asks(other));
  }
}
