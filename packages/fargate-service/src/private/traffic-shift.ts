import { Findings } from '@groundplan/core';
import {
  AlternateTarget,
  DeploymentLifecycleLambdaTarget,
  FargateService,
  IAlternateTarget,
  ListenerRuleConfiguration,
} from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListenerRule,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { TrafficShift } from '../deployment';
import type { Entrance } from './gate';
import { SmokeSite, TEST_HEADER, smokeHook } from './smoke-hook';

/** All traffic on the first group. From then on ECS moves the weights, and the template leaves them alone. */
export function forwardTo([blue, green]: readonly ApplicationTargetGroup[]): ListenerAction {
  if (!green) return ListenerAction.forward([blue]);
  return ListenerAction.weightedForward([
    { targetGroup: blue, weight: 1 },
    { targetGroup: green, weight: 0 },
  ]);
}

/** Prepares a test rule and what ECS may do, to shift between two target groups. */
export function alternateTarget(
  scope: Construct,
  { listener, rule, conditions, priority }: Entrance,
  groups: readonly ApplicationTargetGroup[],
  shift: TrafficShift,
): IAlternateTarget {
  const testRule = new ApplicationListenerRule(scope, 'TestRule', {
    listener,
    priority: shift.testPriority ?? priority - 1,
    conditions: [...conditions, ListenerCondition.httpHeader(TEST_HEADER, [scope.node.addr])],
    action: forwardTo(groups),
  });
  return new AlternateTarget('Alternate', {
    alternateTargetGroup: groups[1],
    productionListener: ListenerRuleConfiguration.applicationListenerRule(rule),
    testListener: ListenerRuleConfiguration.applicationListenerRule(testRule),
    role: shiftingRole(scope, [rule, testRule], groups),
  });
}

/**
 * What ECS may do to shift traffic: what AWS's own policy for it says, for these rules and groups only.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
function shiftingRole(
  scope: Construct,
  rules: readonly ApplicationListenerRule[],
  groups: readonly ApplicationTargetGroup[],
): Role {
  const role = roleOfEcs(scope, 'ShiftRole', 'ECS, to shift traffic between two versions');
  const policy = new ManagedPolicy(scope, 'ShiftPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['elasticloadbalancing:ModifyRule'],
        resources: rules.map(({ listenerRuleArn }) => listenerRuleArn),
      }),
      new PolicyStatement({
        actions: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
        resources: groups.map(({ targetGroupArn }) => targetGroupArn),
      }),
      new PolicyStatement({
        actions: ['Listeners', 'Rules', 'TargetGroups', 'TargetHealth'].map(
          (things) => `elasticloadbalancing:Describe${things}`,
        ),
        resources: ['*'],
      }),
    ],
  });
  Findings.acknowledge(
    policy.node.defaultChild!,
    ['AwsSolutions-IAM5[Resource::*]'],
    'What only describes load balancers cannot be narrowed: AWS takes no resource for it. All that changes something names its rule or group.',
  );
  return role;
}

/** Has ECS ask the hooks of a deployment. */
export function addHooks(service: FargateService, { hooks }: TrafficShift, site: SmokeSite): void {
  Findings.acknowledge(
    service.node.defaultChild!,
    ['cfn-lint::W3005'],
    'CDK makes a service wait for every rule that leads to it, also for those that it names.',
  );
  if (hooks.length === 0) return;
  const role = roleOfEcs(site.scope, 'HookRole', 'ECS, to ask hooks whether a deployment goes on');
  const handlers = hooks.map((hook) => hook._handler ?? smokeHook(site, hook._smoke!));
  new ManagedPolicy(site.scope, 'HookPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [...new Set(handlers.map(({ functionArn }) => functionArn))],
      }),
    ],
  });
  for (const [i, { _stages }] of hooks.entries())
    service.addLifecycleHook(
      new DeploymentLifecycleLambdaTarget(handlers[i], 'Hook', { lifecycleStages: _stages, role }),
    );
}

function roleOfEcs(scope: Construct, id: string, description: string): Role {
  return new Role(scope, id, { description, assumedBy: new ServicePrincipal('ecs.amazonaws.com') });
}
