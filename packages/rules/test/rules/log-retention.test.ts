import { Stack } from 'aws-cdk-lib';
import { AwsLogDriver, ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, ILogGroupRef, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Checked, acknowledge, said } from '../checked';

const RULE = 'LogRetention';

function fn(stack: Stack, logGroup?: ILogGroupRef): LambdaFunction {
  const code = Code.fromInline('exports.handler = async () => 1;');
  return new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code,
    logGroup,
  });
}

test('a log group without a limit is found, one with a limit is not', () => {
  expect(said(RULE, (stack) => new CfnLogGroup(stack, 'Logs'))).toEqual(['Shop/Logs keeps its logs for ever.']);
  expect(said(RULE, (stack) => new LogGroup(stack, 'Logs', { retention: RetentionDays.ONE_MONTH }))).toEqual([]);
});

describe('a function', () => {
  test('without a group is found: Lambda would make one that keeps for ever', () => {
    expect(said(RULE, (stack) => fn(stack))).toEqual([
      expect.stringMatching(/^Shop\/Function\/Resource has no log group of its own/),
    ]);
  });

  test('with a group of its own is not', () => {
    const build = (stack: Stack) => fn(stack, new LogGroup(stack, 'Logs', { retention: RetentionDays.ONE_WEEK }));
    expect(said(RULE, build)).toEqual([]);
  });

  test('whose group was made by its name is not', () => {
    const build = (stack: Stack) =>
      new LogGroup(stack, 'Logs', {
        logGroupName: `/aws/lambda/${fn(stack).functionName}`,
        retention: RetentionDays.ONE_WEEK,
      });
    expect(said(RULE, build)).toEqual([]);
  });
});

describe('a task definition', () => {
  test('whose driver makes the group is found', () => {
    const options = { 'awslogs-create-group': 'true', 'awslogs-group': '/shop' };
    const containerDefinitions = [{ name: 'web', image: 'nginx', logConfiguration: { logDriver: 'awslogs', options } }];
    expect(said(RULE, (stack) => new CfnTaskDefinition(stack, 'Task', { containerDefinitions }))).toEqual([
      'Shop/Task lets its log driver make a log group, which keeps its logs for ever.',
    ]);
  });

  test('with a group of the stack is held to the group', () => {
    const build = (stack: Stack) =>
      new FargateTaskDefinition(stack, 'Task').addContainer('web', {
        image: ContainerImage.fromRegistry('nginx'),
        logging: new AwsLogDriver({ streamPrefix: 'web', logRetention: RetentionDays.ONE_WEEK }),
      });
    expect(said(RULE, build)).toEqual([]);
  });
});

test('is acknowledged like every rule', () => {
  const checked = new Checked((stack) => acknowledge(new CfnLogGroup(stack, 'Logs'), 'groundplan::LogRetention'));
  expect(checked.said(RULE)).toEqual([]);
});
