import { Tier } from '@groundplan/core';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { FlowLogs, Network } from '../src';
import { networkIn, stackIn } from './environments';

describe('flow logs', () => {
  test('in S3 they are Parquet in hourly partitions, in a private bucket that stays', () => {
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { flowLogs: FlowLogs.toS3() }).stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      LogDestinationType: 's3',
      // As CloudFormation's schema spells them, not as CDK does.
      DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: true, PerHourPartition: true },
    });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
    // Encrypted with AWS's own key (IP-017); with one of yours below.
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  test('they may go to both, to a bucket and a key of yours, for as long as you say', () => {
    const stack = stackIn(Tier.DEVELOPMENT);
    const bucket = Bucket.fromBucketName(stack, 'Archive', 'log-archive');
    const encryptionKey = Key.fromKeyArn(stack, 'Key', stack.formatArn({ service: 'kms', resource: 'key/1' }));
    const network = new Network(stack, 'Network', {
      flowLogs: FlowLogs.toBoth({ retention: RetentionDays.ONE_YEAR, encryptionKey }, { bucket }),
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::FlowLog', 2);
    template.resourceCountIs('AWS::S3::Bucket', 0);
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 365,
      KmsKeyId: stack.resolve(encryptionKey.keyArn),
    });
    expect(network.flowLogBucket).toBe(bucket);
  });

  test('a bucket for flow logs is encrypted with the key that is given', () => {
    const stack = stackIn(Tier.DEVELOPMENT);
    const encryptionKey = new Key(stack, 'Key');
    new Network(stack, 'Network', { flowLogs: FlowLogs.toS3({ encryptionKey }) });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true },
        ],
      },
    });
  });

  test('how long they stay, and whether they outlive the network, beats the tier', () => {
    const flowLogs = FlowLogs.toBoth({ removalPolicy: RemovalPolicy.RETAIN }, { expiration: Duration.days(400) });
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { flowLogs }).stack);
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 400 }] },
    });
  });

  test('there are none when they are refused', () => {
    Template.fromStack(networkIn(Tier.SANDBOX, { flowLogs: FlowLogs.none() }).stack).resourceCountIs(
      'AWS::EC2::FlowLog',
      0,
    );
  });

  test('only the log delivery service of this account may write to the bucket, and nobody without TLS', () => {
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { flowLogs: FlowLogs.toS3() }).stack);
    const [{ Properties }] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    const bucket = { 'Fn::GetAtt': [expect.stringContaining('FlowLogBucket'), 'Arn'] };
    const delivery = { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' } };
    const ours = { 'aws:SourceAccount': '111111111111' };
    const source = {
      'aws:SourceArn': {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-central-1:111111111111:*']],
      },
    };
    expect(Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      {
        ...delivery,
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [bucket, '/AWSLogs/aws-account-id=111111111111/*']] },
        Condition: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...ours },
          ArnLike: source,
        },
      },
      {
        ...delivery,
        Action: ['s3:GetBucketAcl', 's3:ListBucket'],
        Resource: bucket,
        Condition: { StringEquals: ours, ArnLike: source },
      },
    ]);
  });

  test('CDK says the same of the bucket where its feature flag lets it, and nothing stands there twice', () => {
    const statementsWith = (context: Record<string, unknown>) => {
      const { stack } = networkIn(Tier.DEVELOPMENT, { flowLogs: FlowLogs.toS3() }, context);
      const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
      return Properties.PolicyDocument.Statement;
    };
    expect(statementsWith({ '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true })).toEqual(statementsWith({}));
  });

  test('the bucket keeps versions for a day, tells EventBridge, and admits no public access', () => {
    Template.fromStack(networkIn(Tier.STAGING, { flowLogs: FlowLogs.toS3() }).stack).hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: {
          Rules: [
            {
              ExpirationInDays: 60,
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
          ],
        },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
  });

  test('CloudWatch gets them each minute, S3 every ten', () => {
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT, { flowLogs: FlowLogs.toBoth() }).stack);
    for (const [LogDestinationType, MaxAggregationInterval] of [
      ['cloud-watch-logs', 60],
      ['s3', 600],
    ])
      template.hasResourceProperties('AWS::EC2::FlowLog', {
        ResourceType: 'VPC',
        LogDestinationType,
        MaxAggregationInterval,
      });
  });

  test('the role of CloudWatch flow logs writes to their log group and does nothing else', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT);
    const template = Template.fromStack(stack);
    const [{ Properties }] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(Properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        Resource: { 'Fn::GetAtt': [expect.stringContaining('FlowLogGroup'), 'Arn'] },
      },
    ]);
    expect(Properties.Roles).toEqual([{ Ref: expect.stringContaining('FlowLogRole') }]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('each rejected flow counts one, where the default format says so', () => {
    const template = Template.fromStack(networkIn(Tier.DEVELOPMENT).stack);
    const [{ Properties }] = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    const fields = Properties.FilterPattern.slice(1, -1).split(', ');
    expect(fields).toHaveLength(14);
    expect(fields[12]).toBe('action=REJECT');
    expect(Properties.FilterPattern).toBe(
      '[version, account, eni, source, destination, srcport, dstport, protocol, packets, bytes, start, end, action=REJECT, status]',
    );
    expect(Properties.MetricTransformations).toEqual([
      expect.objectContaining({ MetricName: 'RejectedFlows', MetricValue: '1', DefaultValue: 0 }),
    ]);
  });
});
