import { Tier } from '@groundplan/core';
import { contractOf } from '@groundplan/testing';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DeploymentLifecycleStage } from 'aws-cdk-lib/aws-ecs';
import { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Deployment, DeploymentHook, Ingress, ListenerOptions, Scaling, WebServiceProps } from '../src';
import { Ground, groundIn, serviceIn } from './services';

const SHIFTING: [string, () => Deployment, Record<string, unknown>][] = [
  ['BLUE_GREEN', () => Deployment.blueGreen(), {}],
  ['CANARY', () => Deployment.canary(), { CanaryConfiguration: { CanaryPercent: 5, CanaryBakeTimeInMinutes: 10 } }],
  ['LINEAR', () => Deployment.linear(), { LinearConfiguration: { StepPercent: 10, StepBakeTimeInMinutes: 3 } }],
];

function templateOf(props: Partial<WebServiceProps>, ground: Ground = groundIn(Tier.PRODUCTION)): Template {
  return Template.fromStack(serviceIn(Tier.PRODUCTION, props, ground).stack);
}

/** On a listener that somebody else made. */
function joined(ground: Ground, options: ListenerOptions): Ingress {
  const securityGroup = SecurityGroup.fromSecurityGroupId(ground.stack, 'Balancer', 'sg-0123456789abcdef0');
  const listenerArn =
    'arn:aws-x:elasticloadbalancing:eu-central-1:111111111111:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';
  const attributes = { listenerArn, securityGroup };
  return Ingress.listener(
    ApplicationListener.fromApplicationListenerAttributes(ground.stack, 'Listener', attributes),
    options,
  );
}

describe.each(SHIFTING)('%s', (strategy, deployment, steps) => {
  test('is done by ECS itself, bakes for 10 minutes, and keeps the circuit breaker and the alarms', () => {
    templateOf({ deployment: deployment() }).hasResourceProperties('AWS::ECS::Service', {
      DeploymentController: { Type: 'ECS' },
      DeploymentConfiguration: {
        Strategy: strategy,
        BakeTimeInMinutes: 10,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        Alarms: { Enable: true, Rollback: true, AlarmNames: [Match.anyValue(), Match.anyValue()] },
        ...steps,
      },
    });
  });

  test('has two target groups behind a production and a test rule, which begin with all traffic on the first', () => {
    const template = templateOf({ deployment: deployment() });
    const groups = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    expect(groups).toHaveLength(2);
    const forward = {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: { Ref: Match.stringLikeRegexp('^ApiTargetGroup') }, Weight: 1 },
          { TargetGroupArn: { Ref: Match.stringLikeRegexp('^ApiAlternateTargetGroup') }, Weight: 0 },
        ],
      },
    };
    const host = { Field: 'host-header', HostHeaderConfig: { Values: ['api.example.com'] } };
    const rule = 'AWS::ElasticLoadBalancingV2::ListenerRule';
    template.hasResourceProperties(rule, { Priority: 50000, Actions: [forward], Conditions: [host] });
    template.hasResourceProperties(rule, {
      Priority: 49999,
      Actions: [forward],
      Conditions: [host, { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-groundplan-test' } }],
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      LoadBalancers: [
        {
          TargetGroupArn: { Ref: Match.stringLikeRegexp('^ApiTargetGroup') },
          AdvancedConfiguration: {
            AlternateTargetGroupArn: { Ref: Match.stringLikeRegexp('^ApiAlternateTargetGroup') },
            ProductionListenerRule: { Ref: Match.stringLikeRegexp('^ApiRule') },
            TestListenerRule: { Ref: Match.stringLikeRegexp('^ApiTestRule') },
            RoleArn: Match.anyValue(),
          },
        },
      ],
    });
  });

  test('lets ECS change these two rules and groups and nothing else', () => {
    templateOf({ deployment: deployment() }).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'elasticloadbalancing:ModifyRule',
            Resource: [{ Ref: Match.stringLikeRegexp('^ApiRule') }, { Ref: Match.stringLikeRegexp('^ApiTestRule') }],
          },
          {
            Action: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
            Resource: [
              { Ref: Match.stringLikeRegexp('^ApiTargetGroup') },
              { Ref: Match.stringLikeRegexp('^ApiAlternateTargetGroup') },
            ],
          },
          { Action: Match.not(Match.arrayWith([Match.stringLikeRegexp(':(?!Describe)')])), Resource: '*' },
        ],
      },
    });
  });
});

test('switching from rolling to blue/green adds, and replaces nothing that stands', () => {
  const before = contractOf(serviceIn(Tier.PRODUCTION).stack);
  const after = contractOf(serviceIn(Tier.PRODUCTION, { deployment: Deployment.blueGreen() }).stack);
  expect(after).toMatchObject(before);
});

test('alarms watch both groups: either may be the one that serves', () => {
  const template = templateOf({ deployment: Deployment.blueGreen() });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms).toHaveLength(2);
  for (const alarm of alarms) {
    const text = JSON.stringify(alarm);
    expect(text).toMatch(/ApiTargetGroup/);
    expect(text).toMatch(/ApiAlternateTargetGroup/);
  }
});

test('times and shares are those that were asked for', () => {
  const minutes = (amount: number) => Duration.minutes(amount);
  templateOf({
    deployment: Deployment.canary({ percent: 20, stepBakeTime: minutes(3), bakeTime: minutes(30) }),
  }).hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: {
      BakeTimeInMinutes: 30,
      CanaryConfiguration: { CanaryPercent: 20, CanaryBakeTimeInMinutes: 3 },
    },
  });
});

test('an alarm of the user rolls back too', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const metric = new Metric({ namespace: 'Shop', metricName: 'Orders' });
  const alarm = new Alarm(ground.stack, 'Orders', { metric, threshold: 1, evaluationPeriods: 1 });
  templateOf({ deployment: Deployment.rolling({ alarms: [alarm] }) }, ground).hasResourceProperties(
    'AWS::ECS::Service',
    { DeploymentConfiguration: { Alarms: { AlarmNames: Match.arrayWith([{ Ref: 'OrdersA9B65338' }]) } } },
  );
});

describe('hooks', () => {
  test('without a hook there is no function', () => {
    const template = templateOf({ deployment: Deployment.blueGreen() });
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('the smoke hook asks the hostname with the header of the test rule, after the test traffic has shifted', () => {
    const hooks = [DeploymentHook.smoke([{ path: '/health' }, { path: '/version', contains: 'version', status: 203 }])];
    const template = templateOf({ deployment: Deployment.blueGreen({ hooks }) });
    const [rule] = Object.values(
      template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule', { Properties: { Priority: 49999 } }),
    );
    const [value] = rule.Properties.Conditions[1].HttpHeaderConfig.Values;
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: Match.absent(),
      Environment: {
        Variables: {
          BASE_URL: 'https://api.example.com',
          TEST_HEADER: 'x-groundplan-test',
          TEST_VALUE: value,
          CHECKS: JSON.stringify([
            { path: '/health', status: 200, withinMs: 2000 },
            { path: '/version', status: 203, withinMs: 2000, contains: 'version' },
          ]),
        },
      },
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: { LifecycleHooks: [{ LifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }] },
    });
  });

  test('in front of an internal balancer it stands in the network and reaches that balancer only', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const ingress = Ingress.internalLoadBalancer({ hostname: 'api.example.com', zone: ground.zone });
    const deployment = Deployment.blueGreen({ hooks: [DeploymentHook.smoke([{ path: '/health' }])] });
    const template = templateOf({ ingress, deployment }, ground);
    template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: Match.anyValue() } });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ApiSmokeHookSecurityGroup'), 'GroupId'] },
      DestinationSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ApiLoadBalancer'), 'GroupId'] },
      FromPort: 443,
      ToPort: 443,
    });
  });

  test('a function of the user is asked at its stages, and ECS may ask it and no other', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const arn = 'arn:aws-x:lambda:eu-central-1:111111111111:function:approve';
    const handler = LambdaFunction.fromFunctionArn(ground.stack, 'Approve', arn);
    const stages = [DeploymentLifecycleStage.PRE_SCALE_UP, DeploymentLifecycleStage.POST_PRODUCTION_TRAFFIC_SHIFT];
    const deployment = Deployment.linear({ hooks: [DeploymentHook.lambda(handler, ...stages)] });
    const template = templateOf({ deployment }, ground);
    template.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: { LifecycleHooks: [{ HookTargetArn: arn, LifecycleStages: stages }] },
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Resource: arn }] },
    });
  });
});

describe('bad input', () => {
  const service = (props: Partial<WebServiceProps>, ground?: Ground) => () =>
    void serviceIn(Tier.PRODUCTION, props, ground);

  test('traffic that no balancer sends', () => {
    expect(service({ deployment: Deployment.blueGreen(), ingress: Ingress.none() })).toThrow(
      'WebService "Services/Api": deployment must be Deployment.rolling() with ingress: none, got Deployment.blueGreen(); traffic that no load balancer sends cannot be shifted; choose an ingress, or deploy rolling',
    );
  });

  test.each([
    [Deployment.canary({ percent: 0.01 }), 'deployment.percent must be between 0.1 and 100, got 0.01'],
    [Deployment.linear({ percent: 2 }), 'deployment.percent must be between 3 and 100, got 2'],
    [
      Deployment.blueGreen({ bakeTime: Duration.seconds(90) }),
      'deployment.bakeTime must be whole minutes, 0 to 1440, got 1.5',
    ],
    [Deployment.linear({ stepBakeTime: Duration.days(2) }), 'deployment.stepBakeTime must be whole minutes'],
    [
      Deployment.blueGreen({ hooks: [DeploymentHook.smoke([])] }),
      'deployment.hooks[0].checks must be 1 to 10 questions, got 0',
    ],
    [
      Deployment.blueGreen({ hooks: [DeploymentHook.smoke([{ path: 'health' }])] }),
      'deployment.hooks[0].checks[0].path must be a path that begins with a slash, got "health"; write "/health"',
    ],
    [
      Deployment.blueGreen({ hooks: [DeploymentHook.smoke([{ path: '/', status: 42 }])] }),
      'deployment.hooks[0].checks[0].status must be a status of HTTP, got 42',
    ],
    [
      Deployment.blueGreen({ hooks: [DeploymentHook.smoke([{ path: '/', within: Duration.minutes(2) }])] }),
      'deployment.hooks[0].checks[0].within must be between 1 millisecond and 60 seconds, got 120000 milliseconds',
    ],
    [
      Deployment.blueGreen({ hooks: [0, 1].map(() => DeploymentHook.smoke([{ path: '/' }])) }),
      'deployment.hooks must be given one smoke hook at most, got 2; put all questions into one',
    ],
  ])('%#: %s', (deployment, message) => {
    expect(service({ deployment })).toThrow(message);
  });

  test('a smoke hook that knows no name', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const ingress = joined(ground, { priority: 10, paths: ['/api/*'] });
    const deployment = Deployment.blueGreen({ hooks: [DeploymentHook.smoke([{ path: '/' }])] });
    expect(service({ deployment, ingress }, ground)).toThrow(
      'deployment.hooks[0].hostname must be given, or the ingress has to have one, got neither',
    );
  });

  test('a test rule behind the service, or without a place', () => {
    const after = groundIn(Tier.PRODUCTION);
    const ingress = joined(after, { priority: 10, hosts: ['a.example.com'] });
    expect(service({ deployment: Deployment.blueGreen({ testPriority: 11 }), ingress }, after)).toThrow(
      'deployment.testPriority must be before that of the service, 10, got 11; the rule with the lower number is asked first',
    );
    const first = groundIn(Tier.PRODUCTION);
    const front = joined(first, { priority: 1, hosts: ['a.example.com'] });
    expect(service({ deployment: Deployment.blueGreen(), ingress: front }, first)).toThrow(
      'deployment.testPriority must be between 1 and 50000, got 0',
    );
  });

  test('scaling on the requests of a group that is idle half of the time', () => {
    const scaling = Scaling.automatic({ requestsPerTarget: 100 });
    expect(service({ deployment: Deployment.canary(), scaling })).toThrow(
      'scaling.requestsPerTarget must be left out where deployment shifts traffic between two target groups, got 100',
    );
  });
});
