import { Findings } from '@groundplan/core';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Keeps a balancer's access logs in a bucket that outlives it; a lifecycle rule empties it. */
export function keepAccessLogs(scope: Construct, loadBalancer: ApplicationLoadBalancer, days: number): Bucket {
  const bucket = new Bucket(scope, 'AccessLogs', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // The only encryption that balancers can write with.
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      {
        expiration: Duration.days(days),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html: one principal for all regions
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(scope).account}/*`)],
    }),
  );
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  // The balancer writes a test object when it is told where to.
  (loadBalancer.node.defaultChild as CfnResource).addResourceDependency(
    bucket.policy!.node.defaultChild as CfnResource,
  );

  const resource = bucket.node.defaultChild as CfnBucket;
  // Through the L1: the L2's own way brings a custom resource.
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  Findings.acknowledge(
    resource,
    [
      'AwsSolutions-S1',
      ...Findings.standards('S3BucketLoggingEnabled'),
      'cdk-validator-cfnguard::s3_bucket_logging_enabled_check',
      'checkov::CKV_AWS_18',
    ],
    'This bucket is where logs go; logging its own access would need another bucket.',
  );
  Findings.acknowledge(
    resource,
    Findings.standards('S3BucketReplicationEnabled'),
    'Access logs are kept in one region for a limited time: they help to understand the last weeks.',
  );
  Findings.acknowledge(
    resource,
    ['cdk-validator-cfnguard::s3_bucket_object_lock_enabled_check'],
    'Objects here are versioned and expire. A log archive account with object lock is where nobody may delete them before.',
  );
  Findings.acknowledge(
    resource,
    [...Findings.standards('S3DefaultEncryptionKMS'), 'cdk-validator-cfnguard::s3_bucket_default_encryption_kms_check'],
    'Load balancers cannot write access logs to a bucket with a KMS key; S3 encrypts with its own.',
  );
  return bucket;
}
