import { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerLogs, ContainerOptions, ContainerUser, FargateTask, FargateTaskProps, Image } from '../src';
import { TIERS, taskIn } from './environments';

/** The task definition of a task, and its one container. */
function definitionOf(tier: Tier, props?: Partial<FargateTaskProps>) {
  const template = Template.fromStack(taskIn(tier, props).stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  return { ...Properties, container: Properties.ContainerDefinitions[0] };
}

const containerOf = (container: ContainerOptions) => definitionOf(Tier.PRODUCTION, { container }).container;

describe('defaults', () => {
  test.each<[Tier, string, string]>([
    [Tier.SANDBOX, '256', '512'],
    [Tier.DEVELOPMENT, '256', '512'],
    [Tier.STAGING, '512', '1024'],
    [Tier.PRODUCTION, '512', '1024'],
  ])('a task in %s has %s CPU units and %s MiB, and the container no more (IP-028)', (tier, Cpu, Memory) => {
    const definition = definitionOf(tier);
    expect(definition).toMatchObject({ Cpu, Memory });
    expect(definition.container.Memory).toBe(Number(Memory));
  });

  test('a construct without an environment is a production task', () => {
    const stack = new Stack();
    new FargateTask(stack, 'Report', { vpc: new Vpc(stack, 'Vpc'), image: Image.placeholder() });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: '512', Memory: '1024' });
  });

  test('it runs on Fargate, on ARM64, without a host (BB-089)', () => {
    expect(definitionOf(Tier.PRODUCTION)).toMatchObject({
      RequiresCompatibilities: ['FARGATE'],
      NetworkMode: 'awsvpc',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
  });

  test('the process is nobody, can do nothing special and writes to /tmp only', () => {
    expect(definitionOf(Tier.PRODUCTION).container).toMatchObject({
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      LinuxParameters: {
        InitProcessEnabled: true,
        Capabilities: { Drop: ['ALL'] },
        Tmpfs: [{ ContainerPath: '/tmp', Size: 64 }],
      },
      Essential: true,
      StopTimeout: 30,
    });
  });

  test('it listens on nothing and has no variables', () => {
    const { container } = definitionOf(Tier.PRODUCTION);
    expect([container.PortMappings, container.Environment, container.Secrets]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each<[Tier, number, string]>([
    [Tier.SANDBOX, 30, 'Delete'],
    [Tier.DEVELOPMENT, 30, 'Delete'],
    [Tier.STAGING, 60, 'Delete'],
    [Tier.PRODUCTION, 90, 'Retain'],
  ])('logs are kept in %s for %d days, and go with the task or not: %s (C27, IP-038)', (tier, days, DeletionPolicy) => {
    Template.fromStack(taskIn(tier).stack).hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy,
      Properties: { RetentionInDays: days },
    });
  });

  test('the log driver never blocks the process, and streams carry the name of the task', () => {
    expect(definitionOf(Tier.PRODUCTION).container.LogConfiguration).toEqual({
      LogDriver: 'awslogs',
      Options: {
        'awslogs-group': { Ref: expect.stringContaining('ReportLogs') },
        'awslogs-region': 'eu-central-1',
        'awslogs-stream-prefix': 'Jobs',
        mode: 'non-blocking',
        'max-buffer-size': '26214400b',
      },
    });
  });

  test.each(TIERS)('in %s only HTTPS leaves, and nothing enters', (tier) => {
    const template = Template.fromStack(taskIn(tier, { port: 8080 }).stack);
    const [{ Properties }] = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
    expect(Properties.SecurityGroupEgress).toEqual([
      { CidrIp: '0.0.0.0/0', Description: 'HTTPS', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' },
    ]);
    expect(Properties.SecurityGroupIngress).toBeUndefined();
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('the security group is described as EC2 takes it, wherever the task stands', () => {
    const stack = new Stack(undefined, 'Jobs');
    const vpc = new Vpc(stack, 'Vpc');
    new FargateTask(stack, `Täglich*${'x'.repeat(300)}`, { vpc, image: Image.placeholder() });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup'));
    expect(Properties.GroupDescription).toMatch(/^Tasks of Jobs\/T-glich-x+$/);
    expect(Properties.GroupDescription).toHaveLength(255);
  });

  test('nothing of it runs by itself', () => {
    const types = Object.values(Template.fromStack(taskIn(Tier.PRODUCTION, { port: 8080 }).stack).toJSON().Resources);
    expect(new Set(types.map((resource) => (resource as { Type: string }).Type))).toEqual(
      new Set(
        ['ECS::TaskDefinition', 'IAM::Role', 'IAM::ManagedPolicy', 'EC2::SecurityGroup', 'Logs::LogGroup'].map(
          (type) => `AWS::${type}`,
        ),
      ),
    );
  });
});

describe('props', () => {
  test('CPU and memory beat the tier', () => {
    expect(definitionOf(Tier.SANDBOX, { cpu: 4096, memoryMiB: 30720 })).toMatchObject({
      Cpu: '4096',
      Memory: '30720',
      container: { Memory: 30720 },
    });
  });

  test('the container gets its port in PORT, beside the variables that are given', () => {
    const { container } = definitionOf(Tier.DEVELOPMENT, { port: 3000, environment: { LOG_LEVEL: 'info' } });
    expect(container.PortMappings).toEqual([{ ContainerPort: 3000, Name: 'app', Protocol: 'tcp' }]);
    expect(container.Environment).toEqual([
      { Name: 'PORT', Value: '3000' },
      { Name: 'LOG_LEVEL', Value: 'info' },
    ]);
  });

  test('without a port PORT is free', () => {
    expect(definitionOf(Tier.DEVELOPMENT, { environment: { PORT: '5432' } }).container.Environment).toEqual([
      { Name: 'PORT', Value: '5432' },
    ]);
  });

  test('command and entry point beat those of the image', () => {
    expect(containerOf({ command: ['migrate', '--all'], entryPoint: ['/bin/app'] })).toMatchObject({
      Command: ['migrate', '--all'],
      EntryPoint: ['/bin/app'],
    });
  });

  test.each<[string, ContainerUser, string]>([
    ['a name', ContainerUser.of('node'), 'node'],
    ['a name with a group', ContainerUser.of('app:app'), 'app:app'],
    ['numbers', ContainerUser.of('65532:65532'), '65532:65532'],
  ])('the user may be %s', (_, user, User) => {
    expect(containerOf({ user })).toMatchObject({ User, LinuxParameters: { Capabilities: { Drop: ['ALL'] } } });
  });

  test('root keeps the capabilities that Fargate gives, and the read-only file system', () => {
    const container = containerOf({ user: ContainerUser.root('The agent reads every process.') });
    expect(container).toMatchObject({ User: '0:0', ReadonlyRootFilesystem: true });
    expect(container.LinuxParameters.Capabilities).toEqual({});
  });

  test('the root file system can be opened', () => {
    expect(containerOf({ readOnlyRoot: false }).ReadonlyRootFilesystem).toBe(false);
  });

  test.each([1, 120])('a process may have %d seconds to end', (seconds) => {
    expect(containerOf({ stopTimeout: Duration.seconds(seconds) }).StopTimeout).toBe(seconds);
  });

  test('the processor may be another', () => {
    const { RuntimePlatform } = definitionOf(Tier.PRODUCTION, {
      container: { architecture: CpuArchitecture.X86_64 },
    });
    expect(RuntimePlatform.CpuArchitecture).toBe('X86_64');
  });

  test('logs are kept for as long as you say', () => {
    const logs = ContainerLogs.toCloudWatch({ retention: RetentionDays.TEN_YEARS });
    Template.fromStack(taskIn(Tier.DEVELOPMENT, { container: { logs } }).stack).hasResourceProperties(
      'AWS::Logs::LogGroup',
      { RetentionInDays: 3653 },
    );
  });
});

describe('what lies underneath is public', () => {
  test('the L2s can be reached', () => {
    const { stack, task } = taskIn(Tier.PRODUCTION, { port: 8080 });
    expect(task.taskDefinition.defaultContainer).toBe(task.container);
    expect(task.taskDefinition.taskRole).toBe(task.taskRole);
    expect(task.taskDefinition.executionRole).toBe(task.executionRole);
    expect(task.grantPrincipal).toBe(task.taskRole);
    expect(task.connections.securityGroups).toEqual([task.securityGroup]);
    expect(stack.resolve(task.connections.defaultPort!.toString())).toBe('8080');
    expect(task.logGroup.logGroupName).toBeDefined();
  });
});
