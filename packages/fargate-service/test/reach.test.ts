import { Tier } from '@groundplan/core';
import { ReachKind, TemplateGraph } from '@groundplan/graph';
import { RuleSet } from '@groundplan/rules';
import { KINDS, TIERS, groundIn, serviceBehind, serviceIn, serviceOn } from './services';

/** The ways from the internet to the tasks, from entry to entry: `443/tcp LoadBalancer → 8080/tcp Service`. */
const WAYS: Readonly<Record<string, string[]>> = {
  'a public load balancer': ['443/tcp Api/LoadBalancer -> 8080/tcp Api/Service'],
  'an internal load balancer': [],
  'a listener that stands': ['443/tcp Edge/LoadBalancer -> 8080/tcp Api/Service'],
  'CloudFront with a VPC origin': ['443/tcp Api/Distribution -> 443/tcp Api/LoadBalancer -> 8080/tcp Api/Service'],
  'API Gateway with a VPC link': ['443/tcp Api/HttpApi -> 443/tcp Api/LoadBalancer -> 8080/tcp Api/Service'],
  none: [],
};

const short = (path: string) => path.replace(/^Services\//, '').replace(/\/(Resource|Service)$/, '');

describe('the chain internet -> balancer:443 -> task:port -> nothing else', () => {
  describe.each(KINDS)('with %s', (kind) => {
    // each is made once, by the first test that asks
    const made: { behind?: ReturnType<typeof serviceBehind>; graph?: TemplateGraph } = {};
    const behind = () => (made.behind ??= serviceBehind(kind, Tier.PRODUCTION));
    const graph = () => (made.graph ??= TemplateGraph.of(behind().stack));
    const balancer = () => graph().resourcesOfType('AWS::ElasticLoadBalancingV2::LoadBalancer')[0];

    test('the internet comes on this way and on no other', () => {
      const paths = graph().pathsFromInternetTo(behind().service.service);
      expect(
        paths.map(({ hops }) => hops.map(({ ports, resource }) => `${ports.join()} ${short(resource)}`).join(' -> ')),
      ).toEqual(WAYS[kind]);
    });

    test('only the balancer reaches a task, on its port', () => {
      const reach = graph()
        .whoReaches(behind().service.service)
        .filter((row) => row.kind !== ReachKind.INTERNET)
        .map(({ kind: by, source, ports }) => `${by} ${short(source)} ${ports.join()}`);
      const owner = kind === 'a listener that stands' ? 'Edge' : 'Api';
      expect(reach).toEqual(kind === 'none' ? [] : [`forwarder ${owner}/LoadBalancer 8080/tcp`]);
    });

    test('a task lets in the balancer and lets out HTTPS', () => {
      const rules = graph().rulesOf(behind().service.task.securityGroup);
      const owner = kind === 'a listener that stands' ? 'Edge' : 'Api';
      expect(rules.map(({ direction, ports, peer }) => `${direction} ${ports} ${short(peer)}`).sort()).toEqual([
        ...(kind === 'none' ? [] : [`in 8080/tcp ${owner}/LoadBalancer/SecurityGroup`]),
        'out 443/tcp 0.0.0.0/0',
      ]);
    });

    test('the balancer sends to tasks on their port, and nothing else leaves it', () => {
      if (kind === 'none') return expect(balancer()).toBeUndefined();
      const group = graph().at(`${balancer().path.replace(/\/Resource$/, '')}/SecurityGroup/Resource`);
      const out = graph()
        .rulesOf(group)
        .filter(({ direction, peer }) => direction === 'out' && peer !== '127.0.0.1/32');
      for (const { ports, peer } of out) expect(`${ports} ${peer}`).toMatch(/^8080\/tcp Services\/\w+\/Task\//);
      expect(
        graph()
          .openPorts(balancer(), behind().service.service)
          .map(({ ports }) => ports),
      ).toEqual(['8080/tcp']);
    });

    test('no rule of the platform has anything open against the app, the network included', () => {
      const open = RuleSet.check(graph()).filter(({ acknowledgedBecause }) => acknowledgedBecause === undefined);
      expect(open).toEqual([]);
    });
  });

  test('the way through CloudFront is known but for the addresses on its prefix list', () => {
    const { stack, service } = serviceBehind('CloudFront with a VPC origin', Tier.DEVELOPMENT);
    expect(
      TemplateGraph.of(stack)
        .pathsFromInternetTo(service.service)
        .flatMap(({ unknowns }) => unknowns),
    ).toEqual(['what the prefix list pl-a3a144ca holds is not in this assembly']);
  });

  test.each<[string, string[]]>([
    ['a public load balancer', ['443/tcp 0.0.0.0/0', '80/tcp 0.0.0.0/0']],
    ['an internal load balancer', []],
    ['CloudFront with a VPC origin', ['443/tcp pl-a3a144ca']],
    ['API Gateway with a VPC link', ['443/tcp Api/VpcLinkSecurityGroup']],
  ])('%s: into its balancer come %j', (kind, expected) => {
    const { stack, service } = serviceBehind(kind, Tier.DEVELOPMENT);
    const [group] = service.loadBalancer!.connections.securityGroups;
    const into = TemplateGraph.of(stack)
      .rulesOf(group)
      .filter(({ direction }) => direction === 'in')
      .map(({ ports, peer }) => `${ports} ${short(peer)}`);
    expect(into.sort()).toEqual(expected);
  });

  test('port 80 is answered by a redirect alone: it leads to no task', () => {
    const { stack, service } = serviceIn(Tier.DEVELOPMENT);
    for (const { hops } of TemplateGraph.of(stack).pathsFromInternetTo(service.service))
      expect(hops[0].ports).toEqual(['443/tcp']);
  });

  test('a service that is not let in does not reach another, and one that is reaches it on its port only', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const [api, stranger] = [serviceOn(ground, {}, 'Api'), serviceOn(ground, {}, 'Stranger')];
    expect(TemplateGraph.of(ground.stack).openPorts(stranger.service, api.service)).toEqual([]);
  });

  test.each(TIERS)('the chain is the same in %s', (tier) => {
    const { stack, service } = serviceIn(tier);
    const graph = TemplateGraph.of(stack);
    expect(graph.pathsFromInternetTo(service.service).map(({ text }) => text)).toEqual([
      'internet (0.0.0.0/0) -> 443/tcp Services/Api/LoadBalancer/Resource -> 8080/tcp Services/Api/Service/Service',
    ]);
    expect(graph.chainsFromInternetTo(service.service)).toHaveLength(1);
  });
});

describe('what is public', () => {
  test.each(KINDS)(
    '%s is declared by whoever made it, with the name that clients ask for, or is not public',
    (kind) => {
      const graph = TemplateGraph.of(serviceBehind(kind, Tier.DEVELOPMENT).stack);
      const notes = graph.metadata('groundplan:public-ingress').map(({ path, data }) => `${short(path)}: ${data}`);
      const hidden = ['an internal load balancer', 'none'];
      if (hidden.includes(kind)) return expect(notes).toEqual([]);
      expect(notes).toEqual([
        expect.stringMatching(
          /^(Api|Edge)\/(LoadBalancer|Distribution|HttpApi): Ingress\.\w+ of "Services\/(Api|Edge)": clients on the internet ask api\.example\.com over HTTPS\.$/,
        ),
      ]);
    },
  );
});
