import {
  AwsLogDriverMode,
  ContainerDefinition,
  ContainerDependencyCondition,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  FirelensLogRouterType,
  LogDriver,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FireLensOptions } from '../container-logs';
import type { ContainerOptions } from '../container-options';
import type { InitContainer } from '../init-container';
import type { OpenTelemetryOptions } from '../telemetry';
import { FIXED } from './defaults';

const COLLECTOR = {
  /** https://github.com/aws-observability/aws-otel-collector/releases */
  image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0',
  memoryMiB: 128,
  ports: [4317, 4318],
} as const;

const ROUTER = {
  /** https://github.com/aws/aws-for-fluent-bit/releases */
  image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.15',
  memoryMiB: 64,
  /** What ECS writes into its configuration, and a check of its health: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html */
  ports: [8877, 24224],
} as const;

const INIT = { memoryMiB: 128, leastMemoryMiB: 64 } as const;

/** A container beside the application. */
interface Sidecar {
  /** The choice that brings it. */
  readonly prop: string;
  readonly memoryMiB: number;
  readonly leastMemoryMiB: number;
  /** The ports of the task that it listens on: all containers of a task share them. */
  readonly ports: readonly number[];
}

/** The containers beside the application. */
export function sidecarsOf({ telemetry, logs, init }: ContainerOptions): Sidecar[] {
  const sidecar = (
    prop: string,
    { memoryMiB: leastMemoryMiB, ports }: typeof COLLECTOR | typeof ROUTER,
    memoryMiB: number = leastMemoryMiB,
  ): Sidecar => ({ prop, memoryMiB, leastMemoryMiB, ports });
  return [
    ...(telemetry ? [sidecar('container.telemetry', COLLECTOR, telemetry._openTelemetry.memoryMiB)] : []),
    ...(logs?._fireLens ? [sidecar('container.logs', ROUTER, logs._fireLens.memoryMiB)] : []),
    // ECS counts what a container may take at most, also of one that has ended.
    ...(init ? [{ prop: 'container.init', ports: [], ...INIT, memoryMiB: init.memoryMiB ?? INIT.memoryMiB }] : []),
  ];
}

/** What containers beside the application take of the task's memory, in MiB. */
export function memoryOfSidecars(container: ContainerOptions): number {
  return sidecarsOf(container).reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
}

/**
 * OTLP from this task only; traces to X-Ray, metrics as lines of a log that CloudWatch reads metrics from. The collector's own
 * metrics would take port 8888 of the task.
 */
const configOf = (logGroupName: string) => `receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 127.0.0.1:4317
      http:
        endpoint: 127.0.0.1:4318
processors:
  batch:
    timeout: 10s
  resourcedetection:
    detectors: [env, ecs]
exporters:
  awsxray: {}
  awsemf:
    namespace: groundplan/OpenTelemetry
    log_group_name: ${logGroupName}
    log_stream_name: metrics
    dimension_rollup_option: NoDimensionRollup
service:
  telemetry:
    metrics:
      level: none
  pipelines:
    traces:
      receivers: [otlp]
      processors: [resourcedetection, batch]
      exporters: [awsxray]
    metrics:
      receivers: [otlp]
      processors: [resourcedetection, batch]
      exporters: [awsemf]
`;

/** What the application has to know to reach a collector beside it, but for what it gets from secrets. */
export function collectorVariables(serviceName: string, secrets: object = {}): { [name: string]: string } {
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_SERVICE_NAME: serviceName,
    // X-Ray's ids are what load balancers and other services of AWS hand on.
    OTEL_PROPAGATORS: 'tracecontext,baggage,xray',
  };
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !(name in secrets)));
}

/** How the application writes its lines: to the log group, or to a router beside it. */
export function logDriverFor(
  definition: FargateTaskDefinition,
  logGroup: LogGroup,
  streamPrefix: string,
  fireLens: FireLensOptions | undefined,
): LogDriver {
  if (!fireLens)
    return LogDriver.awsLogs({
      logGroup,
      streamPrefix,
      mode: AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(FIXED.logBufferMiB),
    });
  definition.addFirelensLogRouter('router', {
    image: ContainerImage.fromRegistry(fireLens.image ?? ROUTER.image),
    firelensConfig: { type: FirelensLogRouterType.FLUENTBIT },
    memoryLimitMiB: fireLens.memoryMiB ?? ROUTER.memoryMiB,
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html: it makes its socket as root
    user: '0',
    essential: true,
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'router' }),
  });
  const secretOptions = Object.entries(fireLens.secretOptions ?? {}).map(([name, { secret }]) => [name, secret]);
  return LogDrivers.firelens({ options: fireLens.options, secretOptions: Object.fromEntries(secretOptions) });
}

/** Puts a collector beside the application. */
export function addCollector(
  definition: FargateTaskDefinition,
  { image = COLLECTOR.image, memoryMiB = COLLECTOR.memoryMiB, config }: OpenTelemetryOptions,
  { logGroup, application }: { readonly logGroup: LogGroup; readonly application: IGrantable },
): void {
  application.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
        (action) => `xray:${action}`,
      ),
      resources: ['*'],
    }),
  );
  logGroup.grant(application, 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams');
  definition.addContainer('collector', {
    image: ContainerImage.fromRegistry(image),
    essential: false,
    memoryLimitMiB: memoryMiB,
    user: FIXED.user,
    readonlyRootFilesystem: true,
    environment: { AOT_CONFIG_CONTENT: config ?? configOf(logGroup.logGroupName) },
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'collector' }),
  });
}

/** Has a container do its work before the application starts. */
export function addInit(
  scope: Construct,
  application: ContainerDefinition,
  init: InitContainer,
  { logGroup, architecture }: { readonly logGroup: LogGroup; readonly architecture: CpuArchitecture },
): ContainerDefinition {
  const { image, command } = init.image._bind(scope, architecture);
  const container = application.taskDefinition.addContainer('init', {
    image,
    command: init.command ?? command,
    essential: false,
    memoryLimitMiB: init.memoryMiB ?? INIT.memoryMiB,
    user: init.image._user ?? FIXED.user,
    readonlyRootFilesystem: true,
    environment: init.environment,
    secrets: Object.fromEntries(Object.entries(init.secrets ?? {}).map(([name, { secret }]) => [name, secret])),
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'init' }),
  });
  application.addContainerDependencies({ container, condition: ContainerDependencyCondition.SUCCESS });
  return container;
}
