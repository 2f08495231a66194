import { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import { Capacity, Deployment, WebServiceProps } from '../src';
import { groundIn, serviceIn, serviceOn } from './services';

const templateWith = (props: Partial<WebServiceProps>, tier = Tier.DEVELOPMENT) =>
  Template.fromStack(serviceIn(tier, props).stack);
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

describe('props', () => {
  test('port: the container listens there, is told so, and the balancer asks there', () => {
    const template = templateWith({ port: 3000 });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        { PortMappings: [{ ContainerPort: 3000 }], Environment: [{ Name: 'PORT', Value: '3000' }] },
      ],
    });
    template.hasResourceProperties(TARGET_GROUP, { Port: 3000 });
    template.hasResourceProperties('AWS::ECS::Service', { LoadBalancers: [{ ContainerPort: 3000 }] });
  });

  test('what every task says reaches the task: size, environment, command', () => {
    const template = templateWith({
      cpu: 1024,
      memoryMiB: 4096,
      environment: { MODE: 'quiet' },
      container: { command: ['node', 'main.js'], stopTimeout: Duration.seconds(90) },
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '1024',
      Memory: '4096',
      ContainerDefinitions: [
        {
          Command: ['node', 'main.js'],
          StopTimeout: 90,
          Environment: [
            { Name: 'PORT', Value: '8080' },
            { Name: 'MODE', Value: 'quiet' },
          ],
        },
      ],
    });
  });

  test('health check: path, codes, how often, how long, how many, and the grace of the start', () => {
    const template = templateWith({
      healthCheck: {
        path: '/up?deep=1',
        codes: '200-204,301',
        interval: Duration.seconds(30),
        timeout: Duration.seconds(29),
        healthyThreshold: 10,
        unhealthyThreshold: 2,
        gracePeriod: Duration.minutes(5),
      },
    });
    template.hasResourceProperties(TARGET_GROUP, {
      HealthCheckPath: '/up?deep=1',
      Matcher: { HttpCode: '200-204,301' },
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 29,
      HealthyThresholdCount: 10,
      UnhealthyThresholdCount: 2,
    });
    template.hasResourceProperties('AWS::ECS::Service', { HealthCheckGracePeriodSeconds: 300 });
  });

  test('targets: HTTPS to the task, and the health check goes the same way (C11)', () => {
    const template = templateWith({ port: 8443, targets: { protocol: ApplicationProtocol.HTTPS } });
    template.hasResourceProperties(TARGET_GROUP, { Port: 8443, Protocol: 'HTTPS', HealthCheckProtocol: 'HTTPS' });
  });

  test('targets: how long requests may take that are under way, slow start, and clients that stay with their task', () => {
    const attributesOf = (targets: WebServiceProps['targets']) =>
      Object.values(templateWith({ targets }).findResources(TARGET_GROUP))[0].Properties.TargetGroupAttributes;
    expect(attributesOf({ deregistrationDelay: Duration.minutes(5), slowStart: Duration.seconds(45) })).toEqual([
      { Key: 'deregistration_delay.timeout_seconds', Value: '300' },
      { Key: 'slow_start.duration_seconds', Value: '45' },
      { Key: 'stickiness.enabled', Value: 'false' },
    ]);
    expect(attributesOf({ deregistrationDelay: Duration.seconds(0), stickiness: Duration.hours(1) })).toEqual([
      { Key: 'deregistration_delay.timeout_seconds', Value: '0' },
      { Key: 'stickiness.enabled', Value: 'true' },
      { Key: 'stickiness.type', Value: 'lb_cookie' },
      { Key: 'stickiness.lb_cookie.duration_seconds', Value: '3600' },
    ]);
  });

  test('cluster: several services share one, and none is made beside it', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const cluster = new Cluster(ground.stack, 'Shared', {
      vpc: ground.network.vpc,
      enableFargateCapacityProviders: true,
    });
    const services = ['First', 'Second'].map((id) => serviceOn(ground, { cluster }, id));
    const template = Template.fromStack(ground.stack);
    template.resourceCountIs('AWS::ECS::Cluster', 1);
    for (const service of services) expect(service.cluster).toBe(cluster);
    const used = Object.values(template.findResources('AWS::ECS::Service')).map(({ Properties }) => Properties.Cluster);
    expect(used).toEqual(Array(2).fill(ground.stack.resolve(cluster.clusterName)));
  });

  test('cluster: another service joins the one of the first', () => {
    const { service, ...ground } = serviceIn(Tier.DEVELOPMENT);
    expect(serviceOn(ground, { cluster: service.cluster }, 'Second').cluster).toBe(service.cluster);
    Template.fromStack(ground.stack).resourceCountIs('AWS::ECS::Cluster', 1);
  });

  test('subnets: the tasks go where they are sent, and still get no public address', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const subnets = ground.network.subnets('Isolated');
    serviceOn(ground, { subnets });
    Template.fromStack(ground.stack).hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          AssignPublicIp: 'DISABLED',
          Subnets: ground.stack.resolve(ground.network.vpc.selectSubnets(subnets).subnetIds),
        },
      },
    });
  });

  const spot = { CapacityProvider: 'FARGATE_SPOT', Weight: 1 };
  test.each<[string, Capacity, Tier, object[]]>([
    ['on demand', Capacity.onDemand(), Tier.DEVELOPMENT, [{ CapacityProvider: 'FARGATE', Weight: 1 }]],
    [
      'spot with one task off it',
      Capacity.spot(),
      Tier.PRODUCTION,
      [{ CapacityProvider: 'FARGATE', Base: 1, Weight: 0 }, spot],
    ],
    [
      'spot with three off it',
      Capacity.spot({ onDemandBase: 3 }),
      Tier.SANDBOX,
      [{ CapacityProvider: 'FARGATE', Base: 3, Weight: 0 }, spot],
    ],
    ['all on spot', Capacity.spot({ onDemandBase: 0 }), Tier.STAGING, [spot]],
  ])('capacity: %s beats the tier', (_, capacity, tier, strategy) => {
    const [{ Properties }] = Object.values(templateWith({ capacity }, tier).findResources('AWS::ECS::Service'));
    expect(Properties.CapacityProviderStrategy).toEqual(strategy);
  });

  test('deployment: alarms of yours roll it back beside those of the balancer', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const metric = new Metric({ namespace: 'shop', metricName: 'OrdersRefused' });
    const alarm = new Alarm(ground.stack, 'Refused', { metric, threshold: 1, evaluationPeriods: 1 });
    serviceIn(Tier.DEVELOPMENT, { deployment: Deployment.rolling({ alarms: [alarm] }) }, ground);
    const alarms = Object.entries(Template.fromStack(ground.stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(3);
    const [{ Properties }] = Object.values(Template.fromStack(ground.stack).findResources('AWS::ECS::Service'));
    expect(Properties.DeploymentConfiguration.Alarms.AlarmNames.map(({ Ref }: { Ref: string }) => Ref).sort()).toEqual(
      alarms.map(([id]) => id).sort(),
    );
  });

  test('deployment: without a balancer only alarms of yours can roll it back, and the circuit breaker still does', () => {
    const { stack } = serviceIn(Tier.PRODUCTION, { ingress: undefined });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::Service'));
    expect(Properties.DeploymentConfiguration.Alarms).toEqual({ Enable: false, Rollback: false, AlarmNames: [] });
    expect(Properties.DeploymentConfiguration.DeploymentCircuitBreaker).toEqual({ Enable: true, Rollback: true });
    expect(Properties).not.toHaveProperty('HealthCheckGracePeriodSeconds');
    expect(Properties).not.toHaveProperty('LoadBalancers');
  });

  test.each([
    ['DeploymentErrors', 5],
    ['DeploymentLatency', 2],
  ])('the alarm %s of the deployment fires above %d in two of three minutes, and silence is well', (id, Threshold) => {
    const { stack, service } = serviceIn(Tier.PRODUCTION);
    const { Properties } =
      Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')[
        stack.getLogicalId(service.node.findChild(id).node.defaultChild as never)
      ];
    expect(Properties).toMatchObject({
      Threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
  });
});
