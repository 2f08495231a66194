import { App, Stack, aws_ec2 as ec2, aws_ecs as ecs, aws_ecs_patterns as patterns, aws_rds as rds } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { TemplateGraph } from '../src';
import { chainsTo, graphOfApp, linesTo, newApp } from './apps';

const image = ecs.ContainerImage.fromRegistry('nginx');

function aurora(stack: Stack, vpc: ec2.IVpc): rds.DatabaseCluster {
  return new rds.DatabaseCluster(stack, 'Db', {
    vpc,
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  });
}

describe('ApplicationLoadBalancedFargateService of aws-ecs-patterns', () => {
  let database!: rds.DatabaseCluster;
  let web!: patterns.ApplicationLoadBalancedFargateService;
  const graph = graphOfApp((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    database = aurora(stack, vpc);
    web = new patterns.ApplicationLoadBalancedFargateService(stack, 'Web', {
      vpc,
      taskImageOptions: { image, containerPort: 8080 },
    });
    const own = new patterns.ApplicationLoadBalancedFargateService(stack, 'Own', {
      vpc,
      publicLoadBalancer: false,
      taskImageOptions: { image },
    });
    web.service.connections.allowToDefaultPort(database);
    web.service.connections.allowTo(own.loadBalancer, ec2.Port.tcp(80));
    own.service.connections.allowToDefaultPort(database);
  });

  test('a public one is reached through its balancer', () => {
    expect(graph.pathsFromInternetTo(web.service).map(({ text }) => text)).toEqual([
      'internet (0.0.0.0/0) -> 80/tcp Stack/Web/LB/Resource -> 8080/tcp Stack/Web/Service/Service',
    ]);
  });
  test('an internal one is not, except by a chain through the public one', () => {
    expect(linesTo(graph, 'Stack/Own/Service')).toEqual([]);
    expect(chainsTo(graph, 'Stack/Own/Service')).toEqual([
      'internet (0.0.0.0/0) -> 80/tcp Stack/Web/LB/Resource -> 8080/tcp Stack/Web/Service/Service -> 80/tcp Stack/Own/LB/Resource -> 80/tcp Stack/Own/Service/Service',
    ]);
  });
  test('the database behind them is reached by chains alone, and by the services alone', () => {
    expect(graph.pathsFromInternetTo(database)).toEqual([]);
    const [chain] = graph.chainsFromInternetTo(database);
    expect(chain.text).toContain('-> 8080/tcp Stack/Web/Service/Service -> 5432/tcp Stack/Db/Resource');
    expect(chain.hops.map(({ connectsOnward }) => connectsOnward)).toEqual([false, true, false]);
    const rows = graph
      .whoReaches(database)
      .map(({ kind, source, ports, certainty }) => [kind, source, ports, certainty].join(' '));
    expect(rows).toEqual([
      'resource Stack/Web/Service/Service 5432/tcp certain',
      'resource Stack/Own/Service/Service 5432/tcp certain',
    ]);
  });
  test('openPorts names the rules of both sides', () => {
    expect(graph.openPorts(web.service, database)).toMatchObject([
      {
        ports: '5432/tcp',
        certainty: 'certain',
        allowedBy: [expect.stringMatching(/^Stack\/Db\/SecurityGroup\/from/), expect.anything()],
      },
    ]);
    expect(graph.openPorts(database, web.service)).toEqual([]);
  });
});

test('NetworkLoadBalancedFargateService: the tasks have to admit the balancer', () => {
  let nlb!: patterns.NetworkLoadBalancedFargateService;
  const build = (opened: boolean) =>
    graphOfApp((stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
      nlb = new patterns.NetworkLoadBalancedFargateService(stack, 'Tcp', { vpc, taskImageOptions: { image } });
      if (opened) nlb.service.connections.allowFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(80));
    });
  expect(linesTo(build(true), 'Stack/Tcp/Service')).toEqual([
    'internet (0.0.0.0/0) -> 80/tcp Stack/Tcp/LB/Resource -> 80/tcp Stack/Tcp/Service/Service',
  ]);
  expect(linesTo(build(false), 'Stack/Tcp/Service')).toEqual([]);
});

test('ECS-native blue/green: the test listener leads to the service too, whatever its action says today', () => {
  const graph = graphOfApp((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Lb', { vpc, internetFacing: true });
    const group = (id: string) =>
      new elbv2.ApplicationTargetGroup(stack, id, {
        vpc,
        port: 8080,
        protocol: elbv2.ApplicationProtocol.HTTP,
        targetType: elbv2.TargetType.IP,
      });
    const [blue, green] = [group('Blue'), group('Green')];
    const rule = (id: string, port: number, action: elbv2.ListenerAction) => {
      const listener = balancer.addListener(id, {
        port,
        protocol: elbv2.ApplicationProtocol.HTTP,
        defaultAction: elbv2.ListenerAction.fixedResponse(404),
      });
      return new elbv2.ApplicationListenerRule(stack, `${id}Rule`, {
        listener,
        priority: 1,
        conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
        action,
      });
    };
    const production = rule(
      'Production',
      80,
      elbv2.ListenerAction.weightedForward([
        { targetGroup: blue, weight: 1 },
        { targetGroup: green, weight: 0 },
      ]),
    );
    const trial = rule('Trial', 9090, elbv2.ListenerAction.fixedResponse(503));
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('web', { image, portMappings: [{ containerPort: 8080 }] });
    const service = new ecs.FargateService(stack, 'Service', {
      cluster: new ecs.Cluster(stack, 'Cluster', { vpc }),
      taskDefinition,
      deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN,
    });
    const target = service.loadBalancerTarget({
      containerName: 'web',
      containerPort: 8080,
      alternateTarget: new ecs.AlternateTarget('Alternate', {
        alternateTargetGroup: green,
        productionListener: ecs.ListenerRuleConfiguration.applicationListenerRule(production),
        testListener: ecs.ListenerRuleConfiguration.applicationListenerRule(trial),
      }),
    });
    target.attachToApplicationTargetGroup(blue);
    balancer.connections.allowTo(service, ec2.Port.tcp(8080));
  });
  expect(linesTo(graph, 'Stack/Service')).toEqual([
    'internet (0.0.0.0/0) -> 80/tcp,9090/tcp Stack/Lb/Resource -> 8080/tcp Stack/Service/Service',
  ]);
});

// The shapes of two public samples, written anew: https://github.com/aws-samples/aws-cdk-examples (Apache-2.0),
// typescript/ecs/ecs-service-with-advanced-alb-config and typescript/ecs/cross-stack-load-balancer/split-at-targetgroup.ts
describe('public samples', () => {
  test('tasks on EC2 instances with a port of the host: the balancer reaches the instances that the tasks run on', () => {
    const graph = graphOfApp((stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
      const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
      cluster.addCapacity('Hosts', { instanceType: new ec2.InstanceType('t3.micro') });
      const taskDefinition = new ecs.Ec2TaskDefinition(stack, 'Task');
      taskDefinition.addContainer('web', {
        image,
        memoryLimitMiB: 256,
        portMappings: [{ containerPort: 80, hostPort: 8080 }],
      });
      const service = new ecs.Ec2Service(stack, 'Service', { cluster, taskDefinition });
      const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Lb', { vpc, internetFacing: true });
      balancer.addListener('Public', { port: 80 }).addTargets('Web', {
        port: 8080,
        targets: [service.loadBalancerTarget({ containerName: 'web', containerPort: 80 })],
      });
    });
    const WAY = 'internet (0.0.0.0/0) -> 80/tcp Stack/Lb/Resource -> 8080/tcp Stack/Service/Service';
    expect(linesTo(graph, 'Stack/Service/Service')).toEqual([WAY]);
    expect(linesTo(graph, 'Stack/Cluster/Hosts/ASG')).toEqual([]);
  });

  test('balancer and service in stacks of their own, split at the target group', () => {
    const app: App = newApp();
    const network = new Stack(app, 'Network');
    const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 2 });
    const cluster = new ecs.Cluster(network, 'Cluster', { vpc });
    const front = new Stack(app, 'Front');
    const balancer = new elbv2.ApplicationLoadBalancer(front, 'Lb', { vpc, internetFacing: true });
    const targets = new elbv2.ApplicationTargetGroup(front, 'Targets', { vpc, port: 80 });
    balancer.addListener('Listener', { port: 80, defaultTargetGroups: [targets] });
    const back = new Stack(app, 'Back');
    const taskDefinition = new ecs.FargateTaskDefinition(back, 'Task');
    taskDefinition.addContainer('web', { image, memoryLimitMiB: 256, portMappings: [{ containerPort: 80 }] });
    const service = new ecs.FargateService(back, 'Service', { cluster, taskDefinition });
    targets.addTarget(service);
    const graph = TemplateGraph.of(app);
    expect(graph.pathsFromInternetTo(service).map(({ text }) => text)).toEqual([
      'internet (0.0.0.0/0) -> 80/tcp Front/Lb/Resource -> 80/tcp Back/Service/Service',
    ]);
  });
});
