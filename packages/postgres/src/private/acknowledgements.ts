import { Findings } from '@groundplan/core';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { NetworkListener, NetworkLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CustomResource } from 'aws-cdk-lib/core';
import type { DatabaseLogOptions } from '../postgres-database-props';

/** Acknowledges what rules find in the log of a database and cannot be otherwise. */
export function acknowledgeLogs(
  logGroup: LogGroup,
  { encryptionKey }: DatabaseLogOptions,
  retentionDays: number,
): void {
  const resource = logGroup.node.defaultChild!;
  if (!encryptionKey)
    Findings.acknowledge(
      resource,
      [
        ...Findings.standards('CloudWatchLogGroupEncrypted'),
        'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check',
        'checkov::CKV_AWS_158',
      ],
      'CloudWatch Logs encrypts with its own key. Pass logs: { encryptionKey } for a key of yours.',
    );
  if (retentionDays < 365)
    Findings.acknowledge(
      resource,
      ['cdk-validator-cfnguard::cloudwatch_log_group_retention_period_check'],
      'The log answers questions about the last weeks. Pass logs: { retention: RetentionDays.ONE_YEAR } where it is evidence.',
    );
}

/** Acknowledges what rules find in the role of enhanced monitoring. */
export function acknowledgeMonitoring(role: Role): void {
  Findings.acknowledge(
    role.node.defaultChild!,
    ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]'],
    'RDS documents this policy for enhanced monitoring: it writes to the one log group RDSOSMetrics and does nothing else.',
  );
}

/** What stands so that CloudFormation can wait for a run. */
interface Awaiting {
  readonly handler: Function;
  readonly policy: ManagedPolicy;
  readonly logGroup: LogGroup;
  readonly rule: Rule;
  readonly resource: CustomResource;
  readonly executions: string;
}

/** Acknowledges what rules find in the function that CloudFormation asks, and cannot be otherwise. */
export function acknowledgeAwaiting({ handler, policy, logGroup, rule, resource: run, executions }: Awaiting): void {
  const resource = handler.node.defaultChild!;
  Findings.acknowledge(
    rule.node.defaultChild!,
    ['Serverless-EventBusDLQ'],
    'An event that gets lost is noticed: CloudFormation waits for the answer no longer than the run may take, and fails the deployment.',
  );
  Findings.acknowledge(
    run.node.defaultChild!,
    ['cfn-lint::W3005'],
    'It waits for all of the task, with rules and policies that it does not refer to; that it refers to some is no reason to leave these out.',
  );
  Findings.acknowledge(
    resource,
    [
      'NIST.800.53.R5-LambdaConcurrency',
      'HIPAA.Security-LambdaConcurrency',
      'NIST.800.53.R5-LambdaDLQ',
      'HIPAA.Security-LambdaDLQ',
      'Serverless-LambdaDLQ',
      'checkov::CKV_AWS_115',
      'checkov::CKV_AWS_116',
    ],
    'It is asked once a deployment, and CloudFormation says so when no answer comes: nothing is lost that a queue could keep.',
  );
  Findings.acknowledge(
    resource,
    [
      'Serverless-LambdaTracing',
      ...Findings.standards('LambdaInsideVPC'),
      'checkov::CKV_AWS_117',
      'cdk-validator-cfnguard::lambda_inside_vpc_check',
    ],
    'It asks Step Functions and CloudFormation, both outside of the network, and holds no rights to anything within.',
  );
  Findings.acknowledge(
    resource,
    ['checkov::CKV_AWS_173'],
    'Its variable is the name of a log group; Lambda encrypts it with its own key.',
  );
  Findings.acknowledge(
    resource,
    ['cfn-lint::W3005'],
    'CDK makes a function wait for its role together with the policies of the role; the policies are what it is for.',
  );
  Findings.acknowledge(
    policy.node.defaultChild!,
    [executions],
    'An execution gets its name from the request of CloudFormation. The statement is narrowed to those of one state machine.',
  );
  acknowledgeLogs(logGroup, {}, 0);
}

/** Acknowledges what rules find in the balancer before PgBouncer, and cannot be otherwise. */
export function acknowledgePool(
  loadBalancer: NetworkLoadBalancer,
  listener: NetworkListener,
  { isLocked }: { readonly isLocked: boolean },
): void {
  const resource = loadBalancer.node.defaultChild!;
  Findings.acknowledge(
    resource,
    [
      'AwsSolutions-ELB2',
      ...Findings.standards('ELBLoggingEnabled'),
      'cdk-validator-cfnguard::elbv2_logging_enabled_check',
      'checkov::CKV_AWS_91',
    ],
    'A network load balancer writes access logs of TLS listeners alone, and this one passes TLS on. Who was turned away stands in the log of PgBouncer.',
  );
  Findings.acknowledge(
    listener.node.defaultChild!,
    Findings.standards('ELBv2ACMCertificateRequired'),
    'Clients of PostgreSQL ask for TLS within their own protocol, which a balancer does not speak: PgBouncer does, and refuses everything else.',
  );
  if (!isLocked)
    Findings.acknowledge(
      resource,
      [
        'NIST.800.53.R5-ELBDeletionProtectionEnabled',
        'HIPAA.Security-ELBDeletionProtectionEnabled',
        'cdk-validator-cfnguard::elbv2_deletion_protection_enabled_check',
      ],
      'Only in production it has to be unlocked before it can be deleted: elsewhere environments come and go.',
    );
}
