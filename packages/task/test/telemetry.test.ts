import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ContainerSecret, Telemetry, TaskProps } from '../src';
import { containersIn, variablesOf } from './containers';
import { groundIn, taskIn } from './environments';
import { statementsOf } from './policies';

const { DEVELOPMENT, PRODUCTION } = Tier;
const telemetry = Telemetry.openTelemetry();

/** What stands in a YAML of nested maps and of lists on one line. */
function parsed(yaml: string): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  const open: { readonly depth: number; readonly map: Record<string, unknown> }[] = [{ depth: -1, map: root }];
  for (const line of yaml.trimEnd().split('\n')) {
    const [, spaces, key, value] = /^( *)([\w./-]+):(?: (.+))?$/.exec(line) ?? [];
    if (key === undefined) throw new Error(`not a map: "${line}"`);
    while (open[open.length - 1].depth >= spaces.length) open.pop();
    const { map, depth } = open[open.length - 1];
    if (depth >= 0 && spaces.length !== depth + 2) throw new Error(`not indented by two: "${line}"`);
    const child = {};
    map[key] = value === undefined ? child : value === '{}' ? {} : scalar(value);
    if (value === undefined) open.push({ depth: spaces.length, map: child });
  }
  return root;
}

function scalar(value: string): unknown {
  return value.startsWith('[') ? value.slice(1, -1).split(', ') : value;
}

describe('a collector beside the application', () => {
  const { stack, task, containers } = containersIn(PRODUCTION, { container: { telemetry }, port: 8080 });
  const { app, collector } = containers;

  test('is AWS’s distribution of OpenTelemetry, without rights, and the application outlives it', () => {
    expect(collector).toMatchObject({
      Image: expect.stringMatching(/^public\.ecr\.aws\/aws-observability\/aws-otel-collector:v\d+\.\d+\.\d+$/),
      Essential: false,
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      LogConfiguration: {
        LogDriver: 'awslogs',
        Options: {
          'awslogs-group': { Ref: expect.stringMatching(/^ReportLogs/) },
          'awslogs-stream-prefix': 'collector',
        },
      },
    });
    expect(collector.PortMappings).toBeUndefined();
  });

  test('takes 128 MiB of what the application has', () => {
    expect([app.Memory, collector.Memory]).toEqual([1024 - 128, 128]);
  });

  test('is told to the application by the variables of OpenTelemetry', () => {
    expect(variablesOf(app)).toEqual({
      PORT: '8080',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_SERVICE_NAME: 'Jobs',
      OTEL_PROPAGATORS: 'tracecontext,baggage,xray',
    });
  });

  test('is reached from this task alone: nothing is opened', () => {
    const rules = TemplateGraph.of(stack).rulesOf(task.securityGroup);
    expect(rules.map(({ direction, ports }) => `${direction} ${ports}`)).toEqual(['out 443/tcp']);
  });

  test('may write traces, and metrics to this log group: nothing else', () => {
    const group = stack.resolve(task.logGroup.logGroupName);
    const traces = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'];
    expect(statementsOf(stack, task.taskRole)).toEqual([
      { Effect: 'Allow', Action: traces.map((action) => `xray:${action}`), Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        // The group, and the streams of it: CDK writes both.
        Resource: [
          { 'Fn::Join': ['', expect.arrayContaining([group])] },
          { 'Fn::GetAtt': [(group as { Ref: string }).Ref, 'Arn'] },
        ],
      },
    ]);
  });

  test('receives OTLP on this task only, sends traces to X-Ray and metrics to the log group', () => {
    const { AOT_CONFIG_CONTENT } = variablesOf(collector) as {
      AOT_CONFIG_CONTENT: { 'Fn::Join': [string, unknown[]] };
    };
    const [separator, parts] = AOT_CONFIG_CONTENT['Fn::Join'];
    expect(parts.filter((part) => typeof part !== 'string')).toEqual([stack.resolve(task.logGroup.logGroupName)]);
    const yaml = parts.map((part) => (typeof part === 'string' ? part : 'the-group')).join(separator);
    const { receivers, processors, exporters, service } = parsed(yaml) as Record<string, Record<string, object>>;
    expect(receivers).toEqual({
      otlp: { protocols: { grpc: { endpoint: '127.0.0.1:4317' }, http: { endpoint: '127.0.0.1:4318' } } },
    });
    expect(exporters.awsemf).toMatchObject({ log_group_name: 'the-group', namespace: 'groundplan/OpenTelemetry' });
    const { pipelines } = service as Record<string, Record<string, Record<string, string[]>>>;
    expect([pipelines.traces.exporters, pipelines.metrics.exporters]).toEqual([['awsxray'], ['awsemf']]);
    for (const pipeline of Object.values(pipelines))
      for (const [kind, names] of Object.entries(pipeline))
        expect(Object.keys({ receivers, processors, exporters }[kind]!)).toEqual(expect.arrayContaining(names));
  });

  test('takes no port where the application may listen but those of OTLP', () => {
    // By default a collector answers questions about itself on 8888.
    expect(JSON.stringify(variablesOf(collector))).toContain(String.raw`metrics:\n      level: none`);
  });
});

describe('props', () => {
  test('another image, more memory and a configuration of yours', () => {
    const config = 'receivers:\n  otlp: {}\n';
    const { containers } = containersIn(PRODUCTION, {
      container: {
        telemetry: Telemetry.openTelemetry({ image: 'registry.example.com/otel:1.2.3', memoryMiB: 256, config }),
      },
    });
    expect(containers.collector).toMatchObject({ Image: 'registry.example.com/otel:1.2.3', Memory: 256 });
    expect(containers.app.Memory).toBe(1024 - 256);
    expect(variablesOf(containers.collector)).toEqual({ AOT_CONFIG_CONTENT: config });
  });

  test('a variable or a secret of yours beats the one of the same name', () => {
    const ground = groundIn(DEVELOPMENT);
    const token = Secret.fromSecretNameV2(ground.stack, 'Token', 'shop/otel');
    const props: Partial<TaskProps> = {
      container: { telemetry },
      environment: { OTEL_SERVICE_NAME: 'report' },
      secrets: { OTEL_EXPORTER_OTLP_ENDPOINT: ContainerSecret.fromSecret(token, 'endpoint') },
    };
    const { app } = containersIn(DEVELOPMENT, props, ground).containers;
    expect(variablesOf(app)).toEqual({
      OTEL_SERVICE_NAME: 'report',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_PROPAGATORS: 'tracecontext,baggage,xray',
    });
    expect(app.Secrets).toMatchObject([{ Name: 'OTEL_EXPORTER_OTLP_ENDPOINT' }]);
  });
});

describe('bad input', () => {
  const said = (message: string) => new Error(`FargateTask "Jobs/Report": ${message}`);

  test.each([4317, 4318])('port %d, where the collector listens', (port) => {
    expect(() => taskIn(DEVELOPMENT, { port, container: { telemetry } })).toThrow(
      said(
        `port must be another one than 4317 and 4318, with container.telemetry, got ${port}; all containers of a task share its ports, and the one beside the application listens there`,
      ),
    );
    expect(() => taskIn(DEVELOPMENT, { port })).not.toThrow();
  });

  test.each([0, 127, 128.5])('%d MiB for it', (memoryMiB) => {
    const container = { telemetry: Telemetry.openTelemetry({ memoryMiB }) };
    expect(() => taskIn(DEVELOPMENT, { container })).toThrow(
      said(
        `container.telemetry.memoryMiB must be whole MiB, 128 or more, got ${memoryMiB}; leave it out: less is killed under load`,
      ),
    );
  });

  test('no memory left for the application', () => {
    const container = { telemetry: Telemetry.openTelemetry({ memoryMiB: 385 }) };
    expect(() => taskIn(DEVELOPMENT, { container })).toThrow(
      said(
        'memoryMiB must be at least 513, with 385 for the containers beside the application, got 512; take the next larger size of Fargate, or less memory for the collector or the router',
      ),
    );
    const least = { telemetry: Telemetry.openTelemetry({ memoryMiB: 384 }) };
    expect(() => taskIn(DEVELOPMENT, { container: least })).not.toThrow();
  });
});
