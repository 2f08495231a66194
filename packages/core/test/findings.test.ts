import { App, Aws, Stack, Validations } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Findings } from '../src';

const bucketIn = (stack: Stack) => new CfnBucket(stack, 'Bucket');

/** What CDK keeps of acknowledgements: the ids that its report matches, and the reasons. */
function acknowledged(bucket: CfnBucket): Record<string, string> {
  const entries = bucket.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
  return Object.assign({}, ...entries.map(({ data }) => data));
}

test('a rule of cdk-nag gets its pack before it, a rule of another tool stands as it is', () => {
  const bucket = bucketIn(new Stack(new App(), 'Shop'));
  const rules = [
    'AwsSolutions-S1',
    'Serverless-X',
    'checkov::CKV_AWS_18',
    ...Findings.standards('S3BucketLoggingEnabled'),
  ];
  Findings.acknowledge(bucket, rules, 'because');
  expect(acknowledged(bucket)).toEqual({
    'AwsSolutions::AwsSolutions-S1': 'because',
    'Serverless::Serverless-X': 'because',
    'checkov::CKV_AWS_18': 'because',
    'NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled': 'because',
    'PCI.DSS.321::PCI.DSS.321-S3BucketLoggingEnabled': 'because',
    'HIPAA.Security::HIPAA.Security-S3BucketLoggingEnabled': 'because',
  });
});

test('said twice, the first reason stands, once', () => {
  const bucket = bucketIn(new Stack(new App(), 'Shop'));
  Findings.acknowledge(bucket, ['AwsSolutions-S1'], 'first');
  Findings.acknowledge(bucket, ['AwsSolutions-S1', 'AwsSolutions-S10'], 'second');
  const ids = bucket.node.metadata.flatMap(({ data }) => Object.keys(data as object));
  expect(ids.filter((id) => id.endsWith('-S1'))).toHaveLength(1);
  expect(acknowledged(bucket)).toMatchObject({
    'AwsSolutions::AwsSolutions-S1': 'first',
    'AwsSolutions::AwsSolutions-S10': 'second',
  });
});

test('a wildcard is called as AWS Solutions calls it, with what only the deployment knows in angle brackets', () => {
  const agnostic = new Stack(new App(), 'Shop');
  expect(Findings.wildcard(agnostic, `arn:${Aws.PARTITION}:ecs:${agnostic.region}:${agnostic.account}:task/*`)).toBe(
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task/*]',
  );
  expect(Findings.wildcard(agnostic, '*')).toBe('AwsSolutions-IAM5[Resource::*]');
});
