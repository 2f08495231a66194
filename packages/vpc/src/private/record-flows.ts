import { Findings } from '@groundplan/core';
import {
  CfnFlowLog,
  FlowLog,
  FlowLogDestination,
  FlowLogFileFormat,
  FlowLogMaxAggregationInterval,
  FlowLogResourceType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { CloudWatchFlowLogOptions, S3FlowLogOptions } from '../flow-logs';
import type { NetworkDefaults } from './defaults';

/** Flow logs in CloudWatch, and the metric that counts what was rejected. */
export function recordToCloudWatch(
  scope: Construct,
  vpc: Vpc,
  options: CloudWatchFlowLogOptions,
  defaults: NetworkDefaults,
): { readonly logGroup: LogGroup; readonly rejected: MetricFilter } {
  const retention: number = options.retention ?? defaults.flowLogRetentionDays;
  const logGroup = new LogGroup(scope, 'FlowLogGroup', {
    retention,
    encryptionKey: options.encryptionKey,
    removalPolicy: options.removalPolicy ?? (defaults.retainFlowLogs ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY),
  });
  if (retention < 365)
    Findings.acknowledge(
      logGroup.node.defaultChild as Construct,
      ['cdk-validator-cfnguard::cloudwatch_log_group_retention_period_check'],
      'In CloudWatch flow logs answer questions about the last weeks. Pass retention: RetentionDays.ONE_YEAR to FlowLogs.toCloudWatch, or FlowLogs.toBoth to keep them in S3, where a year costs less.',
    );
  if (!options.encryptionKey)
    Findings.acknowledge(
      logGroup.node.defaultChild as Construct,
      [
        ...Findings.standards('CloudWatchLogGroupEncrypted'),
        'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check',
        'checkov::CKV_AWS_158',
      ],
      'CloudWatch Logs encrypts with its own key. Flow logs hold addresses and ports, no content; pass encryptionKey to FlowLogs.toCloudWatch for a key of yours.',
    );
  new FlowLog(scope, 'FlowLogToCloudWatch', {
    resourceType: FlowLogResourceType.fromVpc(vpc),
    destination: FlowLogDestination.toCloudWatchLogs(logGroup, writerOf(scope, logGroup)),
    maxAggregationInterval: FlowLogMaxAggregationInterval.ONE_MINUTE,
  });
  const rejected = new MetricFilter(scope, 'RejectedFlows', {
    logGroup,
    // The fields of the default format, version 2.
    filterPattern: FilterPattern.literal(
      '[version, account, eni, source, destination, srcport, dstport, protocol, packets, bytes, start, end, action=REJECT, status]',
    ),
    metricNamespace: `groundplan/Network/${vpc.vpcId}`,
    metricName: 'RejectedFlows',
    metricValue: '1',
    defaultValue: 0,
  });
  return { logGroup, rejected };
}

/** Flow logs in S3: Parquet in hourly Hive partitions. */
export function recordToS3(scope: Construct, vpc: Vpc, options: S3FlowLogOptions, defaults: NetworkDefaults): IBucket {
  const bucket = options.bucket ?? archive(scope, options, defaults);
  const record = new FlowLog(scope, 'FlowLogToS3', {
    resourceType: FlowLogResourceType.fromVpc(vpc),
    // What partitions are called decides what CDK's own statements of the bucket's policy let in; the rest is said below.
    destination: FlowLogDestination.toS3(bucket, undefined, { hiveCompatiblePartitions: true }),
    maxAggregationInterval: FlowLogMaxAggregationInterval.TEN_MINUTES,
  });
  // As CloudFormation's schema spells them; CDK writes small first letters, which its validators refuse (aws/aws-cdk#25432).
  (record.node.defaultChild as CfnFlowLog).destinationOptions = {
    FileFormat: FlowLogFileFormat.PARQUET,
    HiveCompatiblePartitions: true,
    PerHourPartition: true,
  };
  return bucket;
}

/** A role that only VPC flow logs of this account may take, with a managed policy: rules find inline ones wrong. */
function writerOf(scope: Construct, logGroup: LogGroup) {
  const role = new Role(scope, 'FlowLogRole', {
    assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });
  new ManagedPolicy(scope, 'FlowLogPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        resources: [logGroup.logGroupArn],
      }),
    ],
  });
  return role.withoutPolicyUpdates();
}

function archive(scope: Construct, { encryptionKey, expiration }: S3FlowLogOptions, defaults: NetworkDefaults): Bucket {
  const bucket = new Bucket(scope, 'FlowLogBucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey,
    bucketKeyEnabled: encryptionKey ? true : undefined,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      {
        expiration: expiration ?? Duration.days(defaults.flowLogRetentionDays),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    // A record of traffic outlives the network in every tier; the lifecycle rule empties it.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  allowDelivery(bucket);
  const resource = bucket.node.defaultChild as CfnBucket;
  // Through the L1: the L2's own way brings a custom resource. Events go nowhere until somebody writes a rule for them.
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  Findings.acknowledge(
    resource,
    [
      'AwsSolutions-S1',
      ...Findings.standards('S3BucketLoggingEnabled'),
      'cdk-validator-cfnguard::s3_bucket_logging_enabled_check',
      'checkov::CKV_AWS_18',
    ],
    'This bucket is where logs go; logging its own access would need another bucket. Pass a bucket of a log archive account to FlowLogs.toS3 instead.',
  );
  Findings.acknowledge(
    resource,
    Findings.standards('S3BucketReplicationEnabled'),
    'Flow logs are kept in one region for a limited time. Pass a replicated bucket to FlowLogs.toS3 where they have to survive a region.',
  );
  Findings.acknowledge(
    resource,
    ['cdk-validator-cfnguard::s3_bucket_object_lock_enabled_check'],
    'Objects here are versioned and expire. Pass a bucket with object lock, such as that of a log archive account, to FlowLogs.toS3 where nobody may delete them before.',
  );
  if (!encryptionKey)
    Findings.acknowledge(
      resource,
      [
        ...Findings.standards('S3DefaultEncryptionKMS'),
        'cdk-validator-cfnguard::s3_bucket_default_encryption_kms_check',
      ],
      'S3 encrypts with its own key. Flow logs hold addresses and ports, no content; pass encryptionKey to FlowLogs.toS3 for a key of yours.',
    );
  return bucket;
}

/** Lets the log delivery service write. CDK says the same where its feature flag is on; equal statements become one. */
function allowDelivery(bucket: Bucket): void {
  const stack = Stack.of(bucket);
  const deliverer = () => new ServicePrincipal('delivery.logs.amazonaws.com');
  const ours = { 'aws:SourceAccount': stack.account };
  const source = { ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) } };
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [deliverer()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/aws-account-id=${stack.account}/*`)],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...ours }, ...source },
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [deliverer()],
      actions: ['s3:GetBucketAcl', 's3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: ours, ...source },
    }),
  );
}
