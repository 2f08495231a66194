import { Findings } from '@groundplan/core';
import {
  AddToPrincipalPolicyResult,
  Conditions,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { sizeOf } from './policy-size';

/** What a role is for. */
interface LeastPrivilegeRoleProps {
  readonly description: string;
  /** The service that takes it, such as `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** What has to hold when it does. */
  readonly conditions?: Conditions;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: characters of a managed policy. */
const POLICY_SIZE = 6144;
/** The same page: managed policies of a role, unless the account asked for more. One is for what cannot be narrowed. */
const POLICIES = 10 - 1;
/**
 * Actions that IAM takes for all resources or not at all:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const UNSCOPED = new Set([
  'ecr:GetAuthorizationToken',
  ...['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
    (name) => `xray:${name}`,
  ),
  ...['Create', 'Get', 'Update', 'Delete'].map((verb) => `logs:${verb}LogDelivery`),
  ...['ListLogDeliveries', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'].map(
    (name) => `logs:${name}`,
  ),
  ...['Create', 'Open'].flatMap((verb) => ['Control', 'Data'].map((kind) => `ssmmessages:${verb}${kind}Channel`)),
]);
const FRAME = '{"Version":"2012-10-17","Statement":[]}'.length;

/**
 * A role whose grants stand in managed policies: rules find inline ones wrong, since nobody can list them. A full policy is
 * followed by another, `Policy2` and so on. What IAM cannot narrow to resources stands apart, in `Unscoped`.
 */
export class LeastPrivilegeRole extends Role {
  /** The last policy with grants, which has room. */
  public policy?: ManagedPolicy;
  private unscoped?: ManagedPolicy;
  private policies = 0;
  private size = 0;

  constructor(scope: Construct, id: string, { description, service, conditions }: LeastPrivilegeRoleProps) {
    super(scope, id, { description, assumedBy: new ServicePrincipal(service, { conditions }) });
  }

  public override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    if (statement.resources.includes('*') && statement.actions.every((action) => UNSCOPED.has(action)))
      return added(statement, this.policyOfUnscoped());
    const size = sizeOf(Stack.of(this).resolve(statement.toStatementJson())) + ','.length;
    const policy = this.policy && this.size + size <= POLICY_SIZE ? this.policy : this.nextPolicy(size);
    this.policy = policy;
    this.size += size;
    return added(statement, policy);
  }

  private policyOfUnscoped(): ManagedPolicy {
    if (this.unscoped) return this.unscoped;
    this.unscoped = new ManagedPolicy(this, 'Unscoped', { roles: [this] });
    Findings.acknowledge(
      this.unscoped.node.defaultChild!,
      ['AwsSolutions-IAM5[Resource::*]'],
      'IAM takes these actions for all resources or not at all. What can be narrowed stands in the other policies of the role.',
    );
    return this.unscoped;
  }

  private nextPolicy(size: number): ManagedPolicy {
    this.policies += 1;
    if (FRAME + size > POLICY_SIZE || this.policies > POLICIES)
      throw new Error(
        `Role "${this.node.path}": grants must fit into ${POLICIES} managed policies of ${POLICY_SIZE} characters, which is what IAM takes, got more; ` +
          'grant several resources in one statement by a common prefix or tag, or split what the task does',
      );
    this.size = FRAME;
    return new ManagedPolicy(this, this.policies === 1 ? 'Policy' : `Policy${this.policies}`, { roles: [this] });
  }
}

function added(statement: PolicyStatement, policy: ManagedPolicy): AddToPrincipalPolicyResult {
  policy.addStatements(statement);
  return { statementAdded: true, policyDependable: policy };
}
