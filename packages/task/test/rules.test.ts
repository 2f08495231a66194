import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectTarget, Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { everyPack, expectClean, flagMatrix } from '@groundplan/testing';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { ContainerLogs, ContainerSecret, ContainerUser, Image, Tag, Telemetry } from '../src';
import { Ground, groundIn, runIn, scheduledIn, taskIn } from './environments';

const folder = mkdtempSync(join(tmpdir(), 'groundplan-rules-'));
writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nUSER 1000:1000\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { PRODUCTION, DEVELOPMENT } = Tier;
const repository = (stack: Stack) => Repository.fromRepositoryName(stack, 'Repository', 'report');
const queue = (stack: Stack) =>
  new Queue(stack, 'Queue', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    deadLetterQueue: { maxReceiveCount: 3, queue: Queue.fromQueueArn(stack, 'Letters', `arn:x:sqs:${Aws.REGION}:1:q`) },
  });

const routed = ContainerLogs.toFireLens({ options: { Name: 'http', Host: 'logs.example.com', tls: 'on' } });

/** Every way in which a task can be had, each with what is special about it. */
const SHAPES: Record<string, (ground: Ground, tier: Tier) => void> = {
  'as it is': (ground, tier) => taskIn(tier, {}, ground),
  'that listens and has variables': (ground, tier) =>
    taskIn(tier, { port: 8080, environment: { LOG_LEVEL: 'info' } }, ground),
  'that is built': (ground, tier) => taskIn(tier, { image: Image.fromAsset(folder) }, ground),
  'of a repository': (ground, tier) =>
    taskIn(tier, { image: Image.fromRepository(repository(ground.stack), { tag: Tag.fromParameter('/tag') }) }, ground),
  'of a private registry': (ground, tier) => {
    const credentials = Secret.fromSecretNameV2(ground.stack, 'Registry', 'registry');
    taskIn(tier, { image: Image.fromRegistry('registry.example.com/a:1', { credentials }) }, ground);
  },
  'with secrets': (ground, tier) => {
    const secret = Secret.fromSecretNameV2(ground.stack, 'Secret', 'shop');
    taskIn(tier, { secrets: { KEY: ContainerSecret.fromSecret(secret, 'key') } }, ground);
  },
  'as root, with an open file system, on another processor': (ground, tier) =>
    taskIn(
      tier,
      {
        container: {
          user: ContainerUser.root('It opens a raw socket.'),
          readOnlyRoot: false,
          architecture: CpuArchitecture.X86_64,
        },
      },
      ground,
    ),
  'with logs for years under a key': (ground, tier) => {
    const encryptionKey = new Key(ground.stack, 'Key', { enableKeyRotation: true });
    const logs = ContainerLogs.toCloudWatch({ retention: RetentionDays.TEN_YEARS, encryptionKey });
    scheduledIn(tier, { container: { logs } }, ground);
  },
  'whose traces and metrics leave through a collector': (ground, tier) =>
    taskIn(tier, { container: { telemetry: Telemetry.openTelemetry() } }, ground),
  'whose lines leave through a router': (ground, tier) => taskIn(tier, { container: { logs: routed } }, ground),
  'that is open to shells, with a router and a collector': (ground, tier) =>
    taskIn(tier, { exec: true, port: 8080, container: { logs: routed, telemetry: Telemetry.openTelemetry() } }, ground),
  'that runs by the clock, with a router and a collector': (ground, tier) =>
    scheduledIn(tier, { container: { logs: routed, telemetry: Telemetry.openTelemetry() } }, ground),
  'that is connected': (ground, tier) =>
    taskIn(tier, {}, ground).task.connectTo(ConnectTarget.queue(queue(ground.stack))),
  'that is connected, with variables before': (ground, tier) =>
    taskIn(tier, { port: 8080 }, ground).task.connectTo(ConnectTarget.queue(queue(ground.stack))),
  'that runs to completion': (ground, tier) => runIn(tier, {}, ground),
  'that runs to completion, of a repository': (ground, tier) =>
    runIn(tier, { image: Image.fromRepository(repository(ground.stack), { tag: Tag.of('1') }) }, ground),
  'that runs by the clock': (ground, tier) => scheduledIn(tier, {}, ground),
  'that runs at a rate within a window': (ground, tier) =>
    scheduledIn(
      tier,
      { schedule: ScheduleExpression.rate(Duration.hours(1)), flexibleWindow: Duration.minutes(15) },
      ground,
    ),
};

describe('rules', () => {
  describe.each(flagMatrix)('with $name', ({ context }) => {
    test.each(Object.keys(SHAPES))(
      'AWS Solutions, NIST 800-53 R5, PCI DSS, HIPAA, Serverless and CloudFormation find nothing open in a task %s',
      (shape) => {
        const ground = groundIn(PRODUCTION, context);
        SHAPES[shape](ground, PRODUCTION);
        expectClean(ground.stack, { packs: everyPack() });
      },
    );
  });

  test.each(Object.keys(SHAPES))('nor do they in development, in a task %s', (shape) => {
    const ground = groundIn(DEVELOPMENT);
    SHAPES[shape](ground, DEVELOPMENT);
    expectClean(ground.stack, { packs: everyPack() });
  });

  test('nor where neither account nor region is known', () => {
    const stack = new Stack(undefined, 'Jobs');
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-0123456789abcdef0'],
    });
    scheduledIn(PRODUCTION, {}, { stack, vpc });
    expectClean(stack, { packs: everyPack() });
  });

  test.each(Object.keys(SHAPES))('CDK warns of nothing in a task %s', (shape) => {
    // The network stands in another stack, for which CDK wants a choice.
    const ground = groundIn(PRODUCTION, { '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
    SHAPES[shape](ground, PRODUCTION);
    expect(Annotations.fromStack(ground.stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('what is acknowledged has a reason, and is this', () => {
    const ground = groundIn(PRODUCTION);
    const image = Image.fromRepository(repository(ground.stack), { tag: Tag.of('1') });
    const { stack } = scheduledIn(PRODUCTION, { image, environment: { LOG_LEVEL: 'info' } }, ground);
    const { acknowledged } = expectClean(stack, { packs: everyPack() });
    const read = acknowledged
      .filter(({ source }) => source !== 'CloudFormation Validate')
      .map(({ rule, path }) => `${rule} on ${path.replace(/^Jobs\/Report\/|\/Resource$/g, '')}`);
    const groups = ['Task/Logs', 'ExecutionLogs', 'ClusterExecLogs'];
    const encrypted = ['NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security'].flatMap((pack) =>
      groups.map((group) => `${pack}-CloudWatchLogGroupEncrypted on ${group}`),
    );
    expect(new Set(read)).toEqual(
      new Set([
        ...encrypted,
        'AwsSolutions-ECS2 on Task/Definition',
        'AwsSolutions-IAM5[Resource::*] on Task/ExecutionRole/Unscoped',
        'AwsSolutions-IAM5[Resource::*] on StateMachineRole/Unscoped',
        'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:eu-central-1:111111111111:task/*] on StateMachineRole/Policy',
        'AwsSolutions-SQS3 on DeadLetters',
        'Serverless-SQSRedrivePolicy on DeadLetters',
      ]),
    );
    for (const { because } of acknowledged) expect(because).toMatch(/^[A-Z].{20,}[.]?$/);
  });

  test('what Control Tower, checkov and cfn-lint find is acknowledged where they find it, and nowhere else', () => {
    const others = (shape: string) => {
      const ground = groundIn(PRODUCTION);
      SHAPES[shape](ground, PRODUCTION);
      const found = TemplateGraph.of(ground.stack).acknowledgements();
      return found
        .filter(
          ({ ruleId, path }) => /^(cdk-validator-cfnguard|checkov|cfn-lint)::/.test(ruleId) && path.startsWith('Jobs'),
        )
        .map(({ ruleId, path }) => `${ruleId.split('::')[1]} on ${path.replace(/^Jobs\/Report\/|\/Resource$/g, '')}`);
    };
    const logs = (group: string) =>
      ['cloudwatch_log_group_encrypted_check', 'CKV_AWS_158', 'cloudwatch_log_group_retention_period_check'].map(
        (rule) => `${rule} on ${group}`,
      );
    expect(others('as it is').sort()).toEqual(logs('Logs').sort());
    expect(others('as root, with an open file system, on another processor').sort()).toEqual(
      [
        ...logs('Logs'),
        'ecs_task_definition_nonroot_user_check on Definition',
        'ecs_containers_readonly_access_check on Definition',
      ].sort(),
    );
    const always = [
      ...logs('ClusterExecLogs'),
      'W3005 on StateMachine',
      'ecs_container_insights_enabled_check on Cluster',
    ];
    const run = [...logs('Task/Logs'), ...logs('ExecutionLogs'), ...always];
    expect(others('that runs to completion').sort()).toEqual(run.sort());
    expect(others('with logs for years under a key').sort()).toEqual(
      ['CKV_AWS_27 on DeadLetters', ...always, 'sqs_dlq_check on DeadLetters'].sort(),
    );
    expect(others('whose lines leave through a router').sort()).toEqual(
      [
        ...logs('Logs'),
        'ecs_containers_readonly_access_check on Definition',
        'ecs_task_definition_nonroot_user_check on Definition',
      ].sort(),
    );
  });
});
