import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Image } from '@groundplan/task';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HttpNamespace, INamespace, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Deployment, Discovery, WebService, WebServiceProps } from '../src';
import { Ground, groundIn, serviceIn } from './services';

const httpNamespace = ({ stack }: Ground, id = 'Names') => new HttpNamespace(stack, id, { name: `shop-${id}` });
const dnsNamespace = ({ stack, network }: Ground): INamespace =>
  new PrivateDnsNamespace(stack, 'Names', { name: 'shop.internal', vpc: network.vpc });

/** A service that nobody reaches but other services. */
function inner(ground: Ground, id: string, props: Partial<WebServiceProps>): WebService {
  return new WebService(ground.stack, id, { vpc: ground.network.vpc, image: Image.placeholder(), ...props });
}

describe('Service Connect', () => {
  test('gives a short name inside of a namespace, and speaks HTTP', () => {
    const ground = groundIn(Tier.PRODUCTION);
    inner(ground, 'Api', { discovery: Discovery.serviceConnect(httpNamespace(ground), 'api') });
    const template = Template.fromStack(ground.stack);
    template.hasResourceProperties('AWS::ECS::Service', {
      ServiceConnectConfiguration: {
        Enabled: true,
        Namespace: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Names'), 'Arn'] },
        Services: [{ PortName: 'app', DiscoveryName: 'api', ClientAliases: [{ DnsName: 'api', Port: 8080 }] }],
      },
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          PortMappings: [{ Name: 'app', ContainerPort: 8080, AppProtocol: 'http', Protocol: 'tcp' }],
        }),
      ],
    });
  });

  test('leaves a service that speaks TLS itself alone', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const discovery = Discovery.serviceConnect(httpNamespace(ground), 'api');
    serviceIn(Tier.PRODUCTION, { discovery, targets: { protocol: ApplicationProtocol.HTTPS } }, ground);
    Template.fromStack(ground.stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ PortMappings: [Match.objectLike({ AppProtocol: Match.absent() })] })],
    });
  });
});

describe('a registry', () => {
  test('gives a name in the DNS of the network', () => {
    const ground = groundIn(Tier.PRODUCTION);
    inner(ground, 'Api', { discovery: Discovery.registry(dnsNamespace(ground), 'api') });
    const template = Template.fromStack(ground.stack);
    template.hasResourceProperties('AWS::ServiceDiscovery::Service', {
      Name: 'api',
      DnsConfig: { DnsRecords: [{ TTL: 10, Type: 'A' }] },
    });
    template.hasResourceProperties('AWS::ECS::Service', { ServiceRegistries: [{ RegistryArn: Match.anyValue() }] });
  });

  test('is refused where traffic is shifted, with the reason and the alternative (C34)', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const discovery = Discovery.registry(dnsNamespace(ground), 'api');
    expect(() => serviceIn(Tier.PRODUCTION, { discovery, deployment: Deployment.canary() }, ground)).toThrow(
      'WebService "Services/Api": discovery must be Discovery.serviceConnect with deployment: Deployment.canary(), got Discovery.registry; ' +
        'ECS shifts traffic through a load balancer or Service Connect, and clients of a DNS registry would go on to ask either version (C34); ' +
        'use Discovery.serviceConnect, or Deployment.rolling()',
    );
  });

  test('needs a namespace that has DNS', () => {
    const ground = groundIn(Tier.PRODUCTION);
    expect(() => inner(ground, 'Api', { discovery: Discovery.registry(httpNamespace(ground), 'api') })).toThrow(
      'discovery.namespace must be a private DNS namespace, for Discovery.registry, got one of type HTTP',
    );
  });
});

describe('connectTo another service', () => {
  test.each([
    ['Service Connect', httpNamespace, Discovery.serviceConnect, 'http://order-api:8080'],
    ['a registry', dnsNamespace, Discovery.registry, 'http://order-api.shop.internal:8080'],
  ] as const)('by %s opens one port and tells the address', (_, namespaceIn, discover, url) => {
    const ground = groundIn(Tier.PRODUCTION);
    const namespace = namespaceIn(ground);
    const orders = inner(ground, 'Orders', { discovery: discover(namespace, 'order-api') });
    const web = inner(ground, 'Web', { discovery: discover(namespace, 'web') });
    web.connectTo(orders);
    Template.fromStack(ground.stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({ Environment: Match.arrayWith([{ Name: 'ORDER_API_URL', Value: url }]) }),
      ],
    });
    const graph = TemplateGraph.of(ground.app);
    const [from, to] = [web, orders].map(({ service }) => graph.resourceOf(service));
    expect(graph.openPorts(from, to).map(({ ports }) => ports)).toEqual(['8080/tcp']);
    expect(graph.openPorts(to, from)).toEqual([]);
  });

  test('by Service Connect waits for it: tasks find only what was there before them', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const namespace = httpNamespace(ground);
    const orders = inner(ground, 'Orders', { discovery: Discovery.serviceConnect(namespace, 'orders') });
    inner(ground, 'Web', { discovery: Discovery.serviceConnect(namespace, 'web') }).connectTo(orders);
    Template.fromStack(ground.stack).hasResource('AWS::ECS::Service', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^OrdersService')]),
      Properties: { ServiceConnectConfiguration: { Services: [{ DiscoveryName: 'web' }] } },
    });
  });

  test('needs a name', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const orders = inner(ground, 'Orders', {});
    expect(() => inner(ground, 'Web', {}).connectTo(orders)).toThrow(
      'WebService "Services/Orders": connectTo must find it by a name, got no discovery; pass discovery',
    );
  });

  test('needs the same namespace of Service Connect', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const orders = inner(ground, 'Orders', { discovery: Discovery.serviceConnect(httpNamespace(ground), 'orders') });
    const stranger = Discovery.serviceConnect(httpNamespace(ground, 'Others'), 'web');
    const message = 'connectTo must come from a service of the same namespace of Service Connect, got one that is not';
    expect(() => inner(ground, 'Web', { discovery: stranger }).connectTo(orders)).toThrow(message);
    expect(() => inner(ground, 'Plain', {}).connectTo(orders)).toThrow(message);
  });

  test('must not lead back', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const namespace = httpNamespace(ground);
    const [a, b, c] = ['A', 'B', 'C'].map((id) =>
      inner(ground, id, { discovery: Discovery.serviceConnect(namespace, id.toLowerCase()) }),
    );
    a.connectTo(b);
    b.connectTo(c);
    expect(() => c.connectTo(a)).toThrow(
      'WebService "Services/C": connectTo must not lead back to itself, got "Services/A", which asks it already; let one of the two send messages instead',
    );
    expect(() => a.connectTo(a)).toThrow('must not lead back to itself');
  });
});

test.each(['', 'Api', '1api', 'api-', 'a'.repeat(64)])('the name %j is refused', (name) => {
  const ground = groundIn(Tier.PRODUCTION);
  expect(() => Discovery.serviceConnect(httpNamespace(ground), name)).toThrow(
    `Discovery: name must be 1 to 63 lower-case letters, digits and inner hyphens, beginning with a letter, got "${name}"`,
  );
});
