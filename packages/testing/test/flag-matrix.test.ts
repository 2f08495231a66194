import { App, FeatureFlags, Stack, aws_iam as iam } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IAM_MINIMIZE_POLICIES } from 'aws-cdk-lib/cx-api';
import { flagMatrix } from '../src';

describe.each(flagMatrix)('with $name', ({ name, context }) => {
  test('CDK sees the setting', () => {
    const enabled = FeatureFlags.of(new App({ context })).isEnabled(IAM_MINIMIZE_POLICIES);
    expect(enabled).toBe(name !== 'no flags');
  });

  test('every key is a flag', () => {
    expect(Object.keys(context).filter((key) => !/^@[\w-]+\/[\w-]+:\w+/.test(key))).toEqual([]);
  });
});

test('the settings synthesize to different templates: a construct that is tested with both is tested twice', () => {
  const [none, all] = flagMatrix.map(({ context }) => {
    const stack = new Stack(new App({ context }), 'stack');
    const policy = new iam.ManagedPolicy(stack, 'Policy');
    for (const action of ['s3:GetObject', 's3:PutObject'])
      policy.addStatements(new iam.PolicyStatement({ actions: [action], resources: ['*'] }));
    return Template.fromStack(stack).toJSON();
  });
  expect(none).not.toEqual(all);
});
