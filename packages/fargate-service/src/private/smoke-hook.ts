import { Findings } from '@groundplan/core';
import { IVpc, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { DeploymentHook, SmokePlan } from '../deployment-hook';
import { closeOutbound } from './closed-outbound';
import { ownLogGroup } from './own-log-group';
import { ALARMS, ServiceDefaults } from './defaults';

/** The header that leads to the version under test. Its value is no secret; it keeps ordinary requests out. */
export const TEST_HEADER = 'x-groundplan-test';

/** What the smoke hook asks, and from where. */
export interface SmokeSite {
  readonly scope: Construct;
  readonly vpc: IVpc;
  readonly defaults: ServiceDefaults;
  /** The name that the service is asked by. */
  readonly hostname?: string;
  /** The balancer, where it is reached from within the network only. */
  readonly internal?: ApplicationLoadBalancer;
}

/** The function that asks a new version. */
export function smokeHook(site: SmokeSite, plan: SmokePlan): LambdaFunction {
  const { scope, defaults } = site;
  const logGroup = ownLogGroup(scope, 'SmokeHookLogs', defaults, 'paths and statuses');
  const handler = new LambdaFunction(scope, 'SmokeHook', {
    description: `Asks new versions of ${scope.node.path} before they serve`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 256,
    handler: 'index.handler',
    code: Code.fromInline(DeploymentHook._smokeCode()),
    // A minute of questions, one answer of a minute at most, and time to say so.
    timeout: Duration.seconds(150),
    logGroup,
    role: roleOf(site, logGroup),
    ...network(site),
    environment: {
      BASE_URL: `https://${plan.hostname ?? site.hostname}`,
      TEST_HEADER,
      TEST_VALUE: scope.node.addr,
      CHECKS: JSON.stringify(
        plan.checks.map(({ path, status = 200, within, contains }) => ({
          path,
          status,
          withinMs: within?.toMilliseconds() ?? ALARMS.p95Seconds * 1000,
          contains,
        })),
      ),
    },
  });
  acknowledge(handler, site);
  return handler;
}

/** Within the network only where the balancer is: then it reaches that and nothing else. */
function network({ scope, vpc, internal }: SmokeSite) {
  if (!internal) return {};
  const securityGroup = new SecurityGroup(scope, 'SmokeHookSecurityGroup', {
    vpc,
    description: `Smoke hook of ${scope.node.path}`,
    allowAllOutbound: false,
  });
  closeOutbound(securityGroup);
  securityGroup.connections.allowTo(internal, Port.tcp(443), 'HTTPS to the version under test');
  return { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [securityGroup] };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const INTERFACES = ['CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets'];

function roleOf({ scope, internal }: SmokeSite, logGroup: LogGroup): Role {
  const role = new Role(scope, 'SmokeHookRole', {
    description: 'The smoke hook',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  const policy = new ManagedPolicy(scope, 'SmokeHookPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      ...(internal
        ? [new PolicyStatement({ actions: INTERFACES.map((action) => `ec2:${action}`), resources: ['*'] })]
        : []),
    ],
  });
  if (internal)
    Findings.acknowledge(
      policy.node.defaultChild!,
      ['AwsSolutions-IAM5[Resource::*]', 'checkov::CKV_AWS_111'],
      'Lambda makes the network interfaces of functions in a VPC, and AWS takes no resource for it.',
    );
  return role;
}

/** CDK's habit, which this package cannot change. */
const WAITING =
  'CDK makes a function wait for its role together with the policies of the role; the policies are what it is for.';

function acknowledge(handler: LambdaFunction, { internal }: SmokeSite): void {
  const resource = handler.node.defaultChild!;
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
    'ECS asks once a deployment and waits for the answer: nothing is lost that a queue could keep, and none is throttled.',
  );
  Findings.acknowledge(
    resource,
    ['Serverless-LambdaTracing'],
    'It asks a few questions a deployment and writes each answer to its log.',
  );
  if (!internal)
    Findings.acknowledge(
      resource,
      [...Findings.standards('LambdaInsideVPC'), 'checkov::CKV_AWS_117'],
      'It asks as the clients do, from the internet, and holds no rights but to write its log.',
    );
  Findings.acknowledge(
    resource,
    ['checkov::CKV_AWS_173'],
    'Its variables hold an address and questions, no secret; Lambda encrypts them with its own key.',
  );
  Findings.acknowledge(
    resource,
    ['cdk-validator-cfnguard::lambda_inside_vpc_check'],
    'It stands in the network where the balancer does, and outside where clients come from there.',
  );
  Findings.acknowledge(resource, ['cfn-lint::W3005'], WAITING);
}
