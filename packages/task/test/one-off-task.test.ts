import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { subnetsIn } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Chain, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib/core';
import { FargateCluster, Image, OneOffTask } from '../src';
import { TIERS, groundIn, runIn } from './environments';
import { definitionOf } from './machines';
import { statementsOf } from './policies';

describe('defaults', () => {
  test('starting it runs the task once, and waits for its end', () => {
    const { StartAt, state, TimeoutSeconds } = definitionOf(runIn(Tier.PRODUCTION).stack);
    expect([StartAt, state.Type, state.End]).toEqual(['Run', 'Task', true]);
    expect(state.Resource).toMatch(/^arn:.*:states:::ecs:runTask\.sync$/);
    expect(TimeoutSeconds).toBe(3600);
  });

  test.each(TIERS)(
    'in %s it runs on Fargate in private subnets, without a public address, with the tags of the task',
    (tier) => {
      const { stack } = runIn(tier);
      const { Parameters } = definitionOf(stack).state;
      expect(Parameters).toEqual({
        Cluster: expect.stringMatching(/^<ReportCluster.*\.Arn>$/),
        TaskDefinition: expect.stringMatching(/^<ReportTaskDefinition.*>$/),
        LaunchType: 'FARGATE',
        PlatformVersion: 'LATEST',
        PropagateTags: 'TASK_DEFINITION',
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            AssignPublicIp: 'DISABLED',
            SecurityGroups: [expect.stringMatching(/^<ReportTaskSecurityGroup.*\.GroupId>$/)],
            Subnets: expect.anything(),
          },
        },
      });
      const { Subnets } = Parameters.NetworkConfiguration.AwsvpcConfiguration;
      expect(Subnets).toHaveLength(subnetsIn(TemplateGraph.of(stack), 'Private').length);
      for (const subnet of Subnets) expect(subnet).toContain('PrivateSubnet');
    },
  );

  test('only a start for which there was no capacity is tried again: a run that failed never is', () => {
    expect(definitionOf(runIn(Tier.PRODUCTION).stack).state.Retry).toEqual([
      {
        ErrorEquals: ['ECS.AmazonECSException', 'ECS.ThrottlingException', 'AmazonECS.Unknown'],
        IntervalSeconds: 15,
        BackoffRate: 2,
        MaxDelaySeconds: 120,
        MaxAttempts: 6,
        JitterStrategy: 'FULL',
      },
    ]);
  });

  test.each<[Tier, number, string]>([
    [Tier.SANDBOX, 30, 'Delete'],
    [Tier.DEVELOPMENT, 30, 'Delete'],
    [Tier.STAGING, 60, 'Delete'],
    [Tier.PRODUCTION, 90, 'Retain'],
  ])('every step is traced and logged, in %s for %d days: %s (C27)', (tier, days, DeletionPolicy) => {
    const { stack } = runIn(tier);
    const template = Template.fromStack(stack);
    const [[id, { Properties, ...group }]] = Object.entries(template.findResources('AWS::Logs::LogGroup')).filter(
      ([logicalId]) => logicalId.startsWith('ReportExecutionLogs'),
    );
    expect([Properties.RetentionInDays, group.DeletionPolicy]).toEqual([days, DeletionPolicy]);
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: {
        Level: 'ALL',
        IncludeExecutionData: true,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': [id, 'Arn'] } } }],
      },
    });
  });

  test.each<[Tier, string]>([
    [Tier.SANDBOX, 'enabled'],
    [Tier.DEVELOPMENT, 'enabled'],
    [Tier.STAGING, 'enhanced'],
    [Tier.PRODUCTION, 'enhanced'],
  ])('it has a cluster of its own, in %s with Container Insights %s', (tier, insights) => {
    const template = Template.fromStack(runIn(tier).stack);
    template.hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: insights }],
    });
    template.hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
      CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
  });

  test('no Lambda function, no custom resource, nothing by the clock', () => {
    const types = Object.values(Template.fromStack(runIn(Tier.PRODUCTION).stack).toJSON().Resources).map(
      (resource) => (resource as { Type: string }).Type,
    );
    expect(types.filter((type) => /^Custom::|CustomResource|Lambda|Scheduler|Events/.test(type))).toEqual([]);
  });
});

describe('the role of the state machine', () => {
  const { stack, task } = runIn(Tier.PRODUCTION);
  const statements = statementsOf(stack, task.stateMachine.role).filter(({ Resource }) => Resource !== '*');
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^Report${id}`)), 'Arn'] });
  const inCluster = { ArnEquals: { 'ecs:cluster': arnOf('Cluster') } };
  const may = (action: string) => statements.find(({ Action }) => [Action].flat().includes(action));

  test('runs this revision of this task, in this cluster', () => {
    expect(may('ecs:RunTask')).toEqual({
      Effect: 'Allow',
      Action: 'ecs:RunTask',
      Resource: { Ref: expect.stringMatching(/^ReportTaskDefinition/) },
      Condition: inCluster,
    });
  });

  test('looks at tasks of this cluster and stops them, and tags what it starts', () => {
    expect(may('ecs:StopTask')).toMatchObject({
      Action: ['ecs:StopTask', 'ecs:DescribeTasks'],
      Condition: inCluster,
    });
    expect(may('ecs:TagResource')).toMatchObject({
      Action: 'ecs:TagResource',
      Condition: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    });
  });

  test('hands over the two roles of the task, to ECS', () => {
    expect(may('iam:PassRole')).toEqual({
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: [arnOf('TaskTaskRole'), arnOf('TaskExecutionRole')],
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
  });

  test('looks after the one rule of Step Functions that tells it of ends', () => {
    expect(JSON.stringify(may('events:PutRule')?.Resource)).toContain('rule/StepFunctionsGetEventsForECSTaskRule');
  });

  test('may nothing else', () => {
    expect(statements).toHaveLength(5);
  });
});

describe('props', () => {
  test('the timeout beats the hour', () => {
    const { stack, task } = runIn(Tier.PRODUCTION, { timeout: Duration.minutes(10) });
    expect(definitionOf(stack).TimeoutSeconds).toBe(600);
    expect(task.timeout.toMinutes()).toBe(10);
  });

  test('several tasks share a cluster', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const cluster = new FargateCluster(ground.stack, 'Cluster', {
      vpc: ground.vpc,
      containerInsights: ContainerInsights.DISABLED,
    });
    const { stack, task } = runIn(Tier.DEVELOPMENT, { cluster }, ground);
    new OneOffTask(stack, 'Other', { vpc: ground.vpc, image: Image.placeholder(), cluster });
    Template.fromStack(stack).resourcePropertiesCountIs(
      'AWS::ECS::Cluster',
      { ClusterSettings: [{ Name: 'containerInsights', Value: 'disabled' }] },
      1,
    );
    expect(task.cluster).toBe(cluster);
  });

  test.each<[string, (stack: Stack) => ReturnType<typeof Cluster.fromClusterArn>, string]>([
    [
      'by its ARN',
      (stack) => Cluster.fromClusterArn(stack, 'C', stack.formatArn({ service: 'ecs', resource: 'cluster/shared' })),
      'cluster/shared',
    ],
    [
      'by its name, which is known only at deployment',
      (stack) =>
        Cluster.fromClusterAttributes(stack, 'C', {
          clusterName: Fn.importValue('Cluster'),
          vpc: Vpc.fromVpcAttributes(stack, 'V', { vpcId: 'vpc-1', availabilityZones: ['eu-central-1a'] }),
        }),
      'cluster/<Cluster>',
    ],
  ])('an imported cluster is taken, %s', (_, imported, name) => {
    const ground = groundIn(Tier.PRODUCTION);
    const { stack } = runIn(Tier.PRODUCTION, { cluster: imported(ground.stack) }, ground);
    Template.fromStack(stack).resourceCountIs('AWS::ECS::Cluster', 0);
    expect(definitionOf(stack).state.Parameters.Cluster).toContain(name);
  });

  test('the subnets beat the private ones', () => {
    const { stack } = runIn(Tier.PRODUCTION, { subnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
    const { Subnets } = definitionOf(stack).state.Parameters.NetworkConfiguration.AwsvpcConfiguration;
    for (const subnet of Subnets) expect(subnet).toContain('IsolatedSubnet');
  });

  test('what is said of the container holds', () => {
    const { stack } = runIn(Tier.PRODUCTION, { cpu: 1024, memoryMiB: 2048, container: { command: ['migrate'] } });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '1024',
      ContainerDefinitions: [
        { Command: ['migrate'], LogConfiguration: { Options: { 'awslogs-stream-prefix': 'Report' } } },
      ],
    });
  });
});

test('who may start it may start it and do nothing else', () => {
  const { stack, task } = runIn(Tier.PRODUCTION);
  const role = new Role(stack, 'Pipeline', { assumedBy: new ServicePrincipal('codepipeline.amazonaws.com') });
  expect(task.grantStart(role).success).toBe(true);
  expect(statementsOf(stack, role)).toEqual([
    {
      Effect: 'Allow',
      Action: 'states:StartExecution',
      Resource: { Ref: expect.stringMatching(/^ReportStateMachine/) },
    },
  ]);
});

test('the L2s can be reached', () => {
  const { task } = runIn(Tier.PRODUCTION);
  expect(task.taskDefinition).toBe(task.task.taskDefinition);
  expect(task.container).toBe(task.task.container);
  expect(task.logGroup).toBe(task.task.logGroup);
  expect(task.connections).toBe(task.task.connections);
  expect(task.grantPrincipal).toBe(task.task.taskRole);
  expect(task.stateMachine.stateMachineArn).toBeDefined();
  expect(task.executionLogGroup.logGroupName).toBeDefined();
});

describe('a timeout is refused', () => {
  const year = 'name how long a run may take, such as Duration.minutes(30)';

  test.each<[Duration, string]>([
    [Duration.seconds(0), `timeout must be between 1 second and 365 days, got 0 seconds; ${year}`],
    [Duration.days(366), `timeout must be between 1 second and 365 days, got 31622400 seconds; ${year}`],
  ])('of %s', (timeout, message) => {
    expect(() => runIn(Tier.PRODUCTION, { timeout })).toThrow(new Error(`OneOffTask "Jobs/Report": ${message}`));
  });

  test('that is known only at deployment', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const timeout = Duration.seconds(new CfnParameter(ground.stack, 'Seconds', { type: 'Number' }).valueAsNumber);
    expect(() => runIn(Tier.PRODUCTION, { timeout }, ground)).toThrow(
      new Error(
        'OneOffTask "Jobs/Report": timeout must be a literal, got a token that is known only at deployment; write it out: alarms are made of it',
      ),
    );
  });

  test.each([Duration.seconds(1), Duration.days(365)])('but %s is taken', (timeout) => {
    expect(() => runIn(Tier.PRODUCTION, { timeout })).not.toThrow();
  });
});

test('what has to be prepared runs in the same execution, and the task after it', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const preparation = Chain.start(new Pass(ground.stack, 'TakeSnapshot')).next(new Pass(ground.stack, 'Ready'));
  const { stack } = runIn(Tier.PRODUCTION, { preparation }, ground);
  const { StartAt, States } = definitionOf(stack) as unknown as {
    StartAt: string;
    States: Record<string, { Next?: string; End?: boolean }>;
  };
  expect([StartAt, States.TakeSnapshot.Next, States.Ready.Next, States.Run.End]).toEqual([
    'TakeSnapshot',
    'Ready',
    'Run',
    true,
  ]);
});
