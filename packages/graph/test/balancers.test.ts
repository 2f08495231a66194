import { att, ref } from './assemblies';
import { ANYBODY, group, inNetwork, instance, ofGroup, rule, ways } from './small-network';

const ELB = 'AWS::ElasticLoadBalancingV2';

/** A public balancer before a server; its targets are asked on 8080. */
function behind(properties: object, resources: Record<string, object> = {}) {
  return inNetwork({
    Balancer: {
      Type: `${ELB}::LoadBalancer`,
      Properties: {
        Scheme: 'internet-facing',
        Subnets: [ref('Public')],
        SecurityGroups: [att('Front', 'GroupId')],
        ...properties,
      },
    },
    Front: group([rule(ANYBODY, 80), rule(ANYBODY, 443)]),
    Listener: listener(443),
    Targets: targets(),
    Server: instance(ref('Private'), [att('Back', 'GroupId')]),
    Back: group([rule(ofGroup('Front'), 8080)]),
    ...resources,
  });
}

function listener(Port: unknown, ...actions: object[]) {
  const forward = { Type: 'forward', TargetGroupArn: ref('Targets') };
  return {
    Type: `${ELB}::Listener`,
    Properties: { LoadBalancerArn: ref('Balancer'), Port, DefaultActions: actions.length > 0 ? actions : [forward] },
  };
}

function targets(properties: object = {}) {
  return {
    Type: `${ELB}::TargetGroup`,
    Properties: { Port: 8080, Protocol: 'HTTP', Targets: [{ Id: ref('Server') }], ...properties },
  };
}

const REDIRECT = { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } };
const WAY = 'internet (0.0.0.0/0) -> 443/tcp Stack/Balancer -> 8080/tcp Stack/Server';

describe('an application load balancer', () => {
  test('leads to its targets, and the path names listener, target group and rules', () => {
    const graph = behind({});
    const [path] = graph.pathsFromInternetTo(graph.at('Stack/Server'));
    expect(path.text).toBe(WAY);
    expect(path.hops.map(({ allowedBy }) => allowedBy)).toEqual([
      ['Stack/Front'],
      ['Stack/Listener', 'Stack/Targets', 'Stack/Back', 'Stack/Front'],
    ]);
  });

  test('answers on the ports that have a listener, whatever its group admits', () => {
    expect(ways(behind({}), 'Balancer')).toEqual(['internet (0.0.0.0/0) -> 443/tcp Stack/Balancer']);
  });

  test('a listener that only redirects is an open port, and forwards nothing', () => {
    const graph = behind({}, { Listener: listener(443, REDIRECT), Plain: listener(80, REDIRECT) });
    expect(ways(graph, 'Balancer')).toEqual(['internet (0.0.0.0/0) -> 443/tcp,80/tcp Stack/Balancer']);
    expect(ways(graph, 'Server')).toEqual([]);
  });

  test('a rule of such a listener leads on', () => {
    const Rule = {
      Type: `${ELB}::ListenerRule`,
      Properties: { ListenerArn: ref('Plain'), Actions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }] },
    };
    const graph = behind({}, { Listener: listener(443, REDIRECT), Plain: listener(80, REDIRECT), Rule });
    expect(ways(graph, 'Server')).toEqual([WAY.replace('443', '80')]);
  });

  test('that is internal, or closed by its group, leads nobody from the internet', () => {
    expect(ways(behind({ Scheme: 'internal' }), 'Server')).toEqual([]);
    expect(ways(behind({}, { Front: group([rule({ CidrIp: '10.0.0.0/8' }, 443)]) }), 'Server')).toEqual([]);
  });

  test('reaches no target whose group does not admit it', () => {
    expect(ways(behind({}, { Back: group([rule(ofGroup('Front'), 80)]) }), 'Server')).toEqual([]);
  });

  test('with an IPv6 address alone has no IPv4 path', () => {
    expect(ways(behind({ IpAddressType: 'dualstack-without-public-ipv4' }), 'Balancer')).toEqual([]);
  });

  test('a listener with a port from a parameter answers on any, in doubt', () => {
    expect(ways(behind({}, { Listener: listener(ref('P')) }), 'Balancer')).toEqual([
      'internet (0.0.0.0/0) -> 443/tcp,80/tcp Stack/Balancer (unknown: "P" stands in no template of Stack)',
    ]);
  });

  test('a listener that a condition may take away is in doubt', () => {
    const actions = [{ 'Fn::If': ['Is', { Type: 'forward', TargetGroupArn: ref('Targets') }, REDIRECT] }];
    const Listener = {
      Type: `${ELB}::Listener`,
      Properties: { LoadBalancerArn: ref('Balancer'), Port: 443, DefaultActions: actions },
    };
    expect(ways(behind({}, { Listener }), 'Server')).toEqual([
      `${WAY} (unknown: the condition "Is" of Stack is known when it is deployed)`,
    ]);
  });
});

describe('a network load balancer', () => {
  const NLB = { Type: 'network', SecurityGroups: ref('AWS::NoValue') };
  const server = (back: object, properties: object) =>
    ways(behind(NLB, { Targets: targets({ Protocol: 'TCP', ...properties }), Back: group([back]) }), 'Server');

  test('without a group admits everybody', () => {
    expect(ways(behind(NLB), 'Balancer')).toEqual(['internet (0.0.0.0/0) -> 443/tcp Stack/Balancer']);
  });

  test('asks targets by IP with its own address', () => {
    expect(server(rule({ CidrIp: '10.0.0.0/24' }, 8080), { TargetType: 'ip' })).toEqual([WAY]);
    expect(server(rule({ CidrIp: '203.0.113.0/24' }, 8080), { TargetType: 'ip' })).toEqual([]);
  });

  test('keeps the address of the client for instances: their rules are about the client', () => {
    expect(server(rule(ANYBODY, 8080), { TargetType: 'instance' })).toEqual([WAY]);
    expect(server(rule({ CidrIp: '10.0.0.0/24' }, 8080), { TargetType: 'instance' })).toEqual([]);
    expect(server(rule({ CidrIp: '203.0.113.0/24' }, 8080), { TargetType: 'instance' })).toEqual([
      WAY.replace('0.0.0.0/0', '203.0.113.0/24'),
    ]);
  });

  test('that leads to one target by two groups, of which one keeps the address: either way in counts', () => {
    const graph = behind(NLB, {
      Targets: targets({ Protocol: 'TCP', TargetType: 'instance' }),
      More: targets({ Protocol: 'TCP', TargetType: 'ip' }),
      MoreListener: listener(8443, { Type: 'forward', TargetGroupArn: ref('More') }),
      Back: group([rule({ CidrIp: '10.0.0.0/24' }, 8080)]),
    });
    expect(ways(graph, 'Server')).toEqual([WAY.replace('443', '8443')]);
  });

  test('unless the target group says otherwise', () => {
    const TargetGroupAttributes = [{ Key: 'preserve_client_ip.enabled', Value: 'false' }];
    expect(server(rule({ CidrIp: '10.0.0.0/24' }, 8080), { TargetGroupAttributes })).toEqual([WAY]);
  });
});

test.each<[string, string[]]>([
  ['http-only', []],
  ['https-only', ['443/tcp']],
  ['match-viewer', ['443/tcp']],
])('a distribution asks on the ports of its protocol policy: %s', (OriginProtocolPolicy, expected) => {
  const origin = { DomainName: att('Balancer', 'DNSName'), CustomOriginConfig: { OriginProtocolPolicy } };
  const Cdn = { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { Origins: [origin] } } };
  const graph = behind({}, { Cdn });
  const [path] = graph.pathsFromInternetTo(graph.at('Stack/Balancer')).filter(({ source }) => source === 'anyone');
  expect(path?.hops[1].ports ?? []).toEqual(expected);
});

describe('what stands outside of the assembly', () => {
  const forward = [{ Type: 'forward', TargetGroupArn: ref('Targets') }];
  test('a rule on the listener of a shared balancer: in doubt, and it says so', () => {
    const Rule = {
      Type: `${ELB}::ListenerRule`,
      Properties: { ListenerArn: 'listener/app/shared', Actions: forward },
    };
    const graph = behind(
      {},
      {
        Listener: { Type: 'AWS::SNS::Topic' },
        Rule,
        Back: group([rule({ SourceSecurityGroupId: 'sg-shared' }, 8080)]),
      },
    );
    const [path] = graph.pathsFromInternetTo(graph.at('Stack/Server'));
    expect(path.hops.map(({ resource }) => resource)).toEqual(['Stack/Rule', 'Stack/Server']);
    expect(path.unknowns).toEqual([
      'whether the internet reaches listener/app/shared is not in this assembly',
      'what Stack/Rule asks with is not in this assembly',
    ]);
  });

  test('a target group of somebody else: in doubt', () => {
    const Service = {
      Type: 'AWS::ECS::Service',
      Properties: {
        LoadBalancers: [{ TargetGroupArn: 'targetgroup/theirs', ContainerPort: 8080 }],
        NetworkConfiguration: {
          AwsvpcConfiguration: { Subnets: [ref('Private')], SecurityGroups: [att('Open', 'GroupId')] },
        },
      },
    };
    const graph = behind({}, { Service, Open: group([rule({ SourceSecurityGroupId: 'sg-theirs' }, 8080)]) });
    expect(ways(graph, 'Service')).toEqual([
      'internet (targetgroup/theirs) -> 8080/tcp Stack/Service (unknown: who leads to the target group targetgroup/theirs is not in this assembly)',
    ]);
  });
});
