import { Tier } from '@groundplan/core';
import { Image } from '@groundplan/task';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import { WebService } from '../src';
import { KINDS, TIERS, serviceBehind, serviceIn } from './services';

// each is made once, by the first test that asks
const templates = new Map<Tier, Template>();
function templateIn(tier: Tier): Template {
  const template = templates.get(tier) ?? Template.fromStack(serviceIn(tier).stack);
  templates.set(tier, template);
  return template;
}
const onlyOne = (template: Template, type: string) => {
  const [first, ...others] = Object.values(template.findResources(type));
  expect(others).toEqual([]);
  return first;
};

describe('defaults', () => {
  test.each<[Tier, number, number]>([
    [Tier.SANDBOX, 1, 2],
    [Tier.DEVELOPMENT, 1, 3],
    [Tier.STAGING, 2, 6],
    [Tier.PRODUCTION, 3, 9],
  ])('in %s %d to %d tasks run (C24)', (tier, MinCapacity, MaxCapacity) => {
    expect(onlyOne(templateIn(tier), 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({
      MinCapacity,
      MaxCapacity,
      ScalableDimension: 'ecs:service:DesiredCount',
    });
  });

  test.each<[Tier, object[]]>([
    [Tier.SANDBOX, [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }]],
    [Tier.DEVELOPMENT, [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }]],
    [
      Tier.STAGING,
      [
        { CapacityProvider: 'FARGATE', Base: 1, Weight: 0 },
        { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
      ],
    ],
    [Tier.PRODUCTION, [{ CapacityProvider: 'FARGATE', Weight: 1 }]],
  ])('in %s the tasks run on %j', (tier, strategy) => {
    const { Properties } = onlyOne(templateIn(tier), 'AWS::ECS::Service');
    expect(Properties.CapacityProviderStrategy).toEqual(strategy);
    expect(Properties).not.toHaveProperty('LaunchType');
  });

  test.each<[Tier, string]>([
    [Tier.SANDBOX, 'enabled'],
    [Tier.DEVELOPMENT, 'enabled'],
    [Tier.STAGING, 'enhanced'],
    [Tier.PRODUCTION, 'enhanced'],
  ])('in %s Container Insights of the cluster are %s', (tier, value) => {
    expect(onlyOne(templateIn(tier), 'AWS::ECS::Cluster').Properties.ClusterSettings).toEqual([
      { Name: 'containerInsights', Value: value },
    ]);
  });

  test('the cluster has the capacity providers of Fargate', () => {
    const { Properties } = onlyOne(templateIn(Tier.PRODUCTION), 'AWS::ECS::ClusterCapacityProviderAssociations');
    expect(Properties.CapacityProviders).toEqual(['FARGATE', 'FARGATE_SPOT']);
  });

  test.each<[Tier, number, number, boolean]>([
    [Tier.SANDBOX, 256, 512, false],
    [Tier.DEVELOPMENT, 256, 512, false],
    [Tier.STAGING, 512, 1024, false],
    [Tier.PRODUCTION, 512, 1024, true],
  ])('in %s a task has %d CPU units and %d MiB; a balancer is locked: %s', (tier, cpu, memory, locked) => {
    const template = templateIn(tier);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: `${cpu}`, Memory: `${memory}` });
    const attributes = onlyOne(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.LoadBalancerAttributes;
    expect(attributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: `${locked}` });
  });

  test.each<[Tier, number]>([
    [Tier.SANDBOX, 0],
    [Tier.DEVELOPMENT, 0],
    [Tier.STAGING, 60],
    [Tier.PRODUCTION, 90],
  ])('in %s access logs of a balancer are kept for %d days, in a bucket that stays (C27)', (tier, days) => {
    const template = templateIn(tier);
    template.resourceCountIs('AWS::S3::Bucket', days === 0 ? 0 : 1);
    if (days === 0) return;
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        LifecycleConfiguration: {
          Rules: [
            Match.objectLike({
              ExpirationInDays: days,
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            }),
          ],
        },
        VersioningConfiguration: { Status: 'Enabled' },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      },
    });
  });

  test('only the delivery service of load balancers writes access logs, before the balancer is told to, and nobody without TLS', () => {
    const template = templateIn(Tier.PRODUCTION);
    const bucket = { 'Fn::GetAtt': [expect.stringContaining('AccessLogs'), 'Arn'] };
    const [[policyId, policy]] = Object.entries(template.findResources('AWS::S3::BucketPolicy'));
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      {
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [bucket, '/AWSLogs/111111111111/*']] },
      },
    ]);
    expect(onlyOne(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').DependsOn).toContain(policyId);
  });

  test('a deployment never has fewer tasks than before, goes back when it fails, and spreads over zones (CA-106)', () => {
    const { Properties } = onlyOne(templateIn(Tier.DEVELOPMENT), 'AWS::ECS::Service');
    expect(Properties.DeploymentConfiguration).toMatchObject({
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      Alarms: { Enable: true, Rollback: true },
    });
    expect(Properties.AvailabilityZoneRebalancing).toBe('ENABLED');
  });

  test('tasks stand in private subnets, without a public address, and start after what lets them pull their image', () => {
    const { stack, network, service } = serviceIn(Tier.PRODUCTION);
    const { Properties, DependsOn } = onlyOne(Template.fromStack(stack), 'AWS::ECS::Service');
    expect(Properties.NetworkConfiguration.AwsvpcConfiguration).toEqual({
      AssignPublicIp: 'DISABLED',
      Subnets: stack.resolve(network.vpc.selectSubnets(network.subnets('Private')).subnetIds),
      SecurityGroups: [stack.resolve(service.task.securityGroup.securityGroupId)],
    });
    expect(DependsOn).toContainEqual(expect.stringMatching(/^ApiTaskExecutionRole/));
  });

  test('the balancer speaks TLS 1.3 and 1.2 with post-quantum key exchange, drops invalid headers, and sends HTTP to HTTPS', () => {
    const template = templateIn(Tier.DEVELOPMENT);
    const { Properties } = onlyOne(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(Properties.LoadBalancerAttributes).toEqual(
      expect.arrayContaining([
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'routing.http.desync_mitigation_mode', Value: 'defensive' },
        { Key: 'idle_timeout.timeout_seconds', Value: '60' },
      ]),
    );
    const listeners = template.findResources('AWS::ElasticLoadBalancingV2::Listener');
    expect(Object.values(listeners).map(({ Properties: { Port, Protocol } }) => `${Protocol} ${Port}`)).toEqual([
      'HTTPS 443',
      'HTTP 80',
    ]);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-PQ-2025-09',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
      ],
    });
  });

  test('it asks a task for /health every 10 seconds, and forgives bad answers for 60 after its start (IP-034, BB-093)', () => {
    const template = templateIn(Tier.DEVELOPMENT);
    expect(onlyOne(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties).toMatchObject({
      Port: 8080,
      Protocol: 'HTTP',
      TargetType: 'ip',
      HealthCheckProtocol: 'HTTP',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 3,
      Matcher: { HttpCode: '200' },
      TargetGroupAttributes: [
        { Key: 'deregistration_delay.timeout_seconds', Value: '30' },
        { Key: 'stickiness.enabled', Value: 'false' },
      ],
    });
    template.hasResourceProperties('AWS::ECS::Service', { HealthCheckGracePeriodSeconds: 60 });
  });

  test.each(KINDS)('no custom resource, no Lambda function and no output with %s', (kind) => {
    const { stack } = serviceBehind(kind, Tier.PRODUCTION);
    const { Resources, Outputs } = Template.fromStack(stack).toJSON() as {
      Resources: Record<string, { Type: string }>;
      Outputs?: object;
    };
    const types = Object.values(Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^Custom::|CustomResource|Lambda/.test(type))).toEqual([]);
    expect(Outputs).toBeUndefined();
  });

  test('a construct without an environment is a production service', () => {
    const stack = new Stack();
    new WebService(stack, 'Api', { vpc: new Vpc(stack, 'Vpc'), image: Image.placeholder() });
    Template.fromStack(stack).hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3 });
  });

  test.each(TIERS)('synthesis needs no credentials and no look-up in %s', (tier) => {
    for (const kind of KINDS) expect(serviceBehind(kind, tier).app.synth().manifest.missing).toBeUndefined();
  });
});

describe('what lies underneath is public', () => {
  const members = ['loadBalancer', 'listener', 'accessLogs', 'distribution', 'httpApi'] as const;

  test.each<[string, readonly (typeof members)[number][]]>([
    ['a public load balancer', ['loadBalancer', 'listener', 'accessLogs']],
    ['an internal load balancer', ['loadBalancer', 'listener', 'accessLogs']],
    ['a listener that stands', ['listener']],
    ['CloudFront with a VPC origin', ['loadBalancer', 'listener', 'accessLogs', 'distribution']],
    ['API Gateway with a VPC link', ['loadBalancer', 'listener', 'accessLogs', 'httpApi']],
    ['none', []],
  ])('%s: %j', (kind, made) => {
    const { service } = serviceBehind(kind, Tier.PRODUCTION);
    expect(members.filter((member) => service[member] !== undefined)).toEqual(made);
    expect(service.targetGroups).toHaveLength(kind === 'none' ? 0 : 1);
    expect(service.cluster.clusterName).toBeDefined();
    expect(service.service.serviceName).toBeDefined();
    expect(service.taskDefinition).toBe(service.task.taskDefinition);
    expect(service.container).toBe(service.taskDefinition.defaultContainer);
    expect(service.logGroup).toBe(service.task.logGroup);
    expect(service.grantPrincipal).toBe(service.task.taskRole);
    expect(service.connections.securityGroups).toEqual([service.task.securityGroup]);
    expect(service.scaling).toBeDefined();
  });
});
