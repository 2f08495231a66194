import { Findings } from '@groundplan/core';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceDefaults } from './defaults';

/**
 * A log group of what stands around a service, such as its API or a hook.
 *
 * @param holds what is written into it, for whoever asks why no key of the user encrypts it
 */
export function ownLogGroup(scope: Construct, id: string, defaults: ServiceDefaults, holds: string): LogGroup {
  const logGroup = new LogGroup(scope, id, {
    retention: defaults.logDays,
    removalPolicy: defaults.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const resource = logGroup.node.defaultChild!;
  Findings.acknowledge(
    resource,
    [
      ...Findings.standards('CloudWatchLogGroupEncrypted'),
      'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check',
      'checkov::CKV_AWS_158',
    ],
    `CloudWatch Logs encrypts with its own key. This log holds ${holds}.`,
  );
  Findings.acknowledge(
    resource,
    ['cdk-validator-cfnguard::cloudwatch_log_group_retention_period_check'],
    'It answers questions about the last weeks; what is evidence belongs into the log of the application.',
  );
  return logGroup;
}
