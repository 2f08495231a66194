import { ConnectTarget, IConnectTarget, Tier } from '@groundplan/core';
import { expectClean } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Arn, Stack } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { FargateTask, Image, Tag } from '../src';
import { sizeOf } from '../src/private/policy-size';
import { TIERS, groundIn, scheduledIn, taskIn } from './environments';
import { policiesOf, statementsOf, wildcardsOf } from './policies';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_SIZE = 6144;
const POLICIES = 10;

/** A task with an image of ECR, which asks for more than any other. */
function everything(tier: Tier) {
  const ground = groundIn(tier);
  const repository = Repository.fromRepositoryName(ground.stack, 'Repository', 'report');
  return scheduledIn(tier, { image: Image.fromRepository(repository, { tag: Tag.of('1') }) }, ground);
}

describe('what a role may', () => {
  test.each(TIERS)('holds a `*` in %s only where AWS forces it', (tier) => {
    const tasks = expect.stringMatching(/^ecs:(StopTask, ecs:DescribeTasks|TagResource) on .*:ecs:.*:task\/\*/);
    expect(wildcardsOf(everything(tier).stack)).toEqual([
      'ecr:GetAuthorizationToken on *',
      tasks,
      tasks,
      expect.stringMatching(/^logs:CreateLogDelivery, .*LogDelivery.* on \*$/),
      expect.stringMatching(/^xray:PutTraceSegments, .* on \*$/),
    ]);
  });

  test('stands in managed policies, which somebody can list', () => {
    Template.fromStack(everything(Tier.PRODUCTION).stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('is nothing for an application that was connected to nothing', () => {
    const { stack, task } = taskIn(Tier.PRODUCTION);
    expect(statementsOf(stack, task.taskRole)).toEqual([]);
  });

  test('is for starting it: to write its logs', () => {
    const { stack, task } = taskIn(Tier.PRODUCTION);
    expect(statementsOf(stack, task.executionRole)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [expect.stringContaining('ReportLogs'), 'Arn'] },
      },
    ]);
  });

  test('is taken by the one service that it is for, of this account', () => {
    const { stack } = everything(Tier.PRODUCTION);
    const trusted = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role')).map(
      ([id, { Properties }]) => {
        const [{ Principal, Condition }, ...more] = Properties.AssumeRolePolicyDocument.Statement;
        expect(more).toEqual([]);
        return [id.replace(/^Report|[0-9A-F]{8}$/g, ''), Principal.Service, Condition?.StringEquals];
      },
    );
    const account = { 'aws:SourceAccount': '111111111111' };
    expect(trusted).toEqual([
      ['TaskTaskRole', 'ecs-tasks.amazonaws.com', account],
      ['TaskExecutionRole', 'ecs-tasks.amazonaws.com', undefined],
      ['StateMachineRole', 'states.amazonaws.com', account],
      ['ScheduleRole', 'scheduler.amazonaws.com', { ...account, 'aws:SourceArn': expect.anything() }],
    ]);
  });
});

describe('a wildcard that somebody writes', () => {
  test('is found: what is acknowledged for AWS covers nothing else', () => {
    const { stack, task } = everything(Tier.PRODUCTION);
    task.task.executionRole.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
    expect(() => expectClean(stack)).toThrow('AwsSolutions-IAM5[Resource::*]');
  });
});

/** A target with variables of its own, however many there are. */
function target(stack: Stack, i: number): IConnectTarget {
  const queue = new Queue(stack, `Queue${i}`);
  return {
    connectionFor: (consumer) => {
      ConnectTarget.queue(queue).connectionFor(consumer);
      return { environment: { [`QUEUE_${i}_URL`]: queue.queueUrl }, secrets: {} };
    },
  };
}

/** A template's JSON as long as it is at most when every reference is an ARN with a long name. */
function deployed(value: unknown): string {
  const arn = Arn.format({
    partition: 'aws-us-gov',
    service: 'sqs',
    region: 'us-gov-west-1',
    account: '111111111111',
    resource: 'x'.repeat(80),
  });
  return JSON.stringify(value, (_, item) => (item?.['Fn::GetAtt'] || item?.Ref ? arn : item));
}

describe('many grants', () => {
  test('of 60 targets fill several policies, each within the limit of IAM, and none is lost', () => {
    const { stack, task } = taskIn(Tier.PRODUCTION);
    for (let i = 0; i < 60; i += 1) task.connectTo(target(stack, i));
    const granted = statementsOf(stack, task.taskRole).flatMap(({ Resource }) => [Resource].flat());
    expect(new Set(granted.map((resource) => JSON.stringify(resource))).size).toBe(60);
    const policies = Object.entries(policiesOf(stack)).filter(([id]) => id.startsWith('ReportTaskRole'));
    expect(policies.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'ReportTaskRolePolicy',
      'ReportTaskRolePolicy2',
      'ReportTaskRolePolicy3',
    ]);
    for (const [, { PolicyDocument }] of policies)
      expect(deployed(PolicyDocument).length).toBeLessThanOrEqual(POLICY_SIZE);
  });

  test('stay where they are when more come: the first policies do not change', () => {
    const policiesWith = (count: number) => {
      const { stack, task } = taskIn(Tier.PRODUCTION);
      for (let i = 0; i < count; i += 1) task.connectTo(target(stack, i));
      return policiesOf(stack);
    };
    const [before, after] = [policiesWith(30), policiesWith(60)];
    const ids = Object.keys(before).filter((id) => id.startsWith('ReportTaskRole'));
    expect(ids).toHaveLength(2);
    expect(after[ids[0]]).toEqual(before[ids[0]]);
    const statements = ({ PolicyDocument }: (typeof before)[string]) => PolicyDocument.Statement;
    expect(statements(after[ids[1]])).toEqual(expect.arrayContaining(statements(before[ids[1]])));
  });

  test('that no role can hold are refused', () => {
    const { task } = taskIn(Tier.PRODUCTION);
    const message =
      'Role "Jobs/Report/TaskRole": grants must fit into 9 managed policies of 6144 characters, which is what IAM takes, got more; ' +
      'grant several resources in one statement by a common prefix or tag, or split what the task does';
    const grant = (resources: string[]) =>
      task.taskRole.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
    expect(() => grant(['x'.repeat(POLICY_SIZE)])).toThrow(new Error(message));
    const { task: other } = taskIn(Tier.PRODUCTION);
    const large = new PolicyStatement({ actions: ['s3:GetObject'], resources: ['x'.repeat(POLICY_SIZE - 200)] });
    for (let i = 0; i < POLICIES - 1; i += 1) other.taskRole.addToPrincipalPolicy(large.copy({ sid: `S${i}` }));
    expect(() => other.taskRole.addToPrincipalPolicy(large.copy({ sid: 'More' }))).toThrow(new Error(message));
  });

  test('leave room for the policy of what cannot be narrowed', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const repository = Repository.fromRepositoryName(ground.stack, 'Repository', 'report');
    const image = Image.fromRepository(repository, { tag: Tag.of('1') });
    const task = new FargateTask(ground.stack, 'Report', { vpc: ground.vpc, image });
    const large = new PolicyStatement({ actions: ['s3:GetObject'], resources: ['x'.repeat(POLICY_SIZE - 200)] });
    for (let i = 0; i < POLICIES - 2; i += 1) task.executionRole.addToPrincipalPolicy(large.copy({ sid: `S${i}` }));
    expect(Object.keys(policiesOf(ground.stack))).toHaveLength(POLICIES);
  });
});

describe('the size of a statement', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('Ref'));

  test('of what is known is that of its JSON', () => {
    fc.assert(fc.property(json, (value) => expect(sizeOf(value)).toBe(JSON.stringify(value).length)));
  });

  test.each<[unknown, number]>([
    [{ Ref: 'AWS::Partition' }, 'aws-us-gov'.length],
    [{ Ref: 'AWS::AccountId' }, 12],
    [{ Ref: 'Queue' }, 200],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 200],
    [{ 'Fn::ImportValue': 'x' }, 200],
    [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] }, 202],
    [{ 'Fn::Join': ['-', ['ab', { Ref: 'AWS::AccountId' }, 'c']] }, 2 + 1 + 12 + 1 + 1],
    [{ 'Fn::Join': ['-', { Ref: 'List' }] }, 200],
  ])('of %j is %d, and its quotes', (value, length) => {
    expect(sizeOf(value)).toBe(length + 2);
  });
});
