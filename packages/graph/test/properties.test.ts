import * as fc from 'fast-check';
import { Certainty, InternetPath, TemplateGraph } from '../src';
import { TemplateJson, graphOf } from './assemblies';
import { GeneratedNetwork, internetRoute, networks, ruleResource, templateOf } from './networks';

const RUNS = { numRuns: 120 };
const INSTANCES = [0, 1, 2].map((number) => `Stack/Instance${number}`);

type Template = TemplateJson & { Resources: Record<string, object> };

/** Source and hops -> how certain, over all instances. */
function pathsOf(graph: TemplateGraph): Map<string, Certainty> {
  return new Map(
    INSTANCES.flatMap((path) => graph.pathsFromInternetTo(graph.at(path))).map((path) => [keyOf(path), path.certainty]),
  );
}

function keyOf({ source, hops }: InternetPath): string {
  return [source, ...hops.map(({ resource }) => resource)].join(' > ');
}

function lost(before: Map<string, Certainty>, after: Map<string, Certainty>): string[] {
  return [...before].flatMap(([path, certainty]) => {
    const now = after.get(path);
    if (now === undefined) return [`${path} is gone`];
    return certainty === Certainty.CERTAIN && now !== Certainty.CERTAIN ? [`${path} is in doubt`] : [];
  });
}

function withResources(template: Template, resources: Readonly<Record<string, object | undefined>>): Template {
  const added = Object.entries(resources).flatMap(([name, json]) => (json ? [[name, json] as const] : []));
  return { ...template, Resources: { ...template.Resources, ...Object.fromEntries(added) } };
}

function withoutResources(template: Template, names: readonly string[]): Template {
  return {
    ...template,
    Resources: Object.fromEntries(Object.entries(template.Resources).filter(([name]) => !names.includes(name))),
  };
}

/** One more thing that allows. */
const additions: Readonly<
  Record<string, (template: Template, seed: number) => Readonly<Record<string, object | undefined>>>
> = {
  'a rule of a security group': (_, seed) => ({
    Added: ruleResource(
      seed % 3,
      {
        peer: ['0.0.0.0/0', '203.0.113.0/24', 0, 1, '10.0.0.0/16'][seed % 5],
        port: [undefined, 8080, 80][seed % 3],
        isOpen: seed % 2 === 0,
      },
      'Ingress',
    ),
  }),
  'an egress rule': (_, seed) => ({
    Added: ruleResource(
      seed % 3,
      { peer: '0.0.0.0/0', port: [undefined, 8080][seed % 2], isOpen: seed % 3 === 0 },
      'Egress',
    ),
  }),
  'a route to the internet gateway': (_, seed) => ({ Added: internetRoute(seed % 3) }),
  'an entry of an ACL': (template, seed) => {
    const acl = `Acl${seed % 3}`;
    return acl in template.Resources
      ? {
          Added: {
            Type: 'AWS::EC2::NetworkAclEntry',
            Properties: {
              NetworkAclId: { Ref: acl },
              RuleNumber: (seed % 12) + 0.5,
              Egress: seed % 2 === 0,
              Protocol: -1,
              CidrBlock: ['0.0.0.0/0', '203.0.113.0/24'][seed % 2],
              RuleAction: 'allow',
            },
          },
        }
      : {};
  },
  'a listener with a target': (template, seed) =>
    'Balancer0' in template.Resources
      ? {
          AddedTargets: {
            Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
            Properties: {
              Protocol: 'HTTP',
              Port: 8080,
              TargetType: 'ip',
              Targets: [{ Id: { Ref: `Instance${seed % 3}` } }],
            },
          },
          Added: {
            Type: 'AWS::ElasticLoadBalancingV2::Listener',
            Properties: {
              LoadBalancerArn: { Ref: 'Balancer0' },
              Port: 8443,
              DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'AddedTargets' } }],
            },
          },
        }
      : {},
};

function inNetwork(check: (template: Template, network: GeneratedNetwork, seed: number) => void, more = {}): void {
  fc.assert(
    fc.property(networks(), fc.nat({ max: 1000 }), (network, seed) => check(templateOf(network), network, seed)),
    { ...RUNS, ...more },
  );
}

test.each(Object.entries(additions))('%s never closes a path and never casts doubt on one', (_, add) => {
  inNetwork((template, __, seed) => {
    const more = withResources(template, add(template, seed));
    expect(lost(pathsOf(graphOf(template)), pathsOf(graphOf(more)))).toEqual([]);
  });
});

test('the space of networks holds open and closed ones, certain ones and ones in doubt', () => {
  const seen = { paths: 0, none: 0, certain: 0, unknown: 0, forwarded: 0 };
  inNetwork(
    (template) => {
      const paths = pathsOf(graphOf(template));
      if (paths.size === 0) seen.none++;
      seen.paths += paths.size;
      for (const [path, certainty] of paths) {
        seen[certainty]++;
        if (path.split(' > ').length > 2) seen.forwarded++;
      }
      // always the same networks: this is about the space, not about luck
    },
    { seed: 1 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
});

test('taking out what a hop names as allowing it closes the path', () => {
  inNetwork((template) => {
    const graph = graphOf(template);
    for (const path of INSTANCES.flatMap((instance) => graph.pathsFromInternetTo(graph.at(instance))))
      for (const { allowedBy } of path.hops) {
        // the default egress of a group is the group itself: it cannot be taken out
        const removable = allowedBy
          .map((rule) => rule.replace('Stack/', ''))
          .filter((name) => /(In|Out)\d|Listener/.test(name));
        if (removable.length < allowedBy.length && !removable.some((name) => /In\d|Listener/.test(name))) continue;
        expect([...pathsOf(graphOf(withoutResources(template, removable))).keys()]).not.toContain(keyOf(path));
      }
  });
});

test('whatever a request reaches directly, a chain reaches too', () => {
  inNetwork((template) => {
    const graph = graphOf(template);
    for (const instance of INSTANCES.map((path) => graph.at(path))) {
      const chains = graph.chainsFromInternetTo(instance).map(keyOf);
      for (const path of graph.pathsFromInternetTo(instance)) expect(chains).toContain(keyOf(path));
    }
  });
});

test('a rule of a security group never closes a chain between an entry and a last step', () => {
  const ends = (graph: TemplateGraph) =>
    INSTANCES.flatMap((path) => graph.chainsFromInternetTo(graph.at(path))).map(({ source, hops }) =>
      [source, hops[0].resource, hops[hops.length - 2]?.resource, hops[hops.length - 1].resource].join(' > '),
    );
  inNetwork((template, _, seed) => {
    const more = ends(graphOf(withResources(template, additions['a rule of a security group'](template, seed))));
    for (const end of ends(graphOf(template))) expect(more).toContain(end);
  });
});

test('the order of the resources in a template does not matter', () => {
  inNetwork((template) => {
    const turned = { ...template, Resources: Object.fromEntries(Object.entries(template.Resources).reverse()) };
    const rows = (graph: TemplateGraph) =>
      graph
        .reach()
        .map(({ through, ports, allowedBy, unknowns, ...row }) =>
          JSON.stringify({
            ...row,
            through,
            ports: [...ports].sort(),
            allowedBy: [...allowedBy].sort(),
            unknowns: [...unknowns].sort(),
          }),
        )
        .sort();
    expect(rows(graphOf(turned))).toEqual(rows(graphOf(template)));
  });
});

test('without ACLs and egress rules, who may connect is decided by the rules of the one that is asked', () => {
  inNetwork((_, network) => {
    const plain = {
      ...network,
      subnets: network.subnets.map((subnet) => ({ ...subnet, acl: undefined })),
      groups: network.groups.map((group) => ({ ...group, egress: undefined })),
    };
    const graph = graphOf(templateOf(plain));
    const [a, b] = INSTANCES.map((path) => graph.at(path));
    const asked = plain.instances[1].groups.flatMap((group) => plain.groups[group].rules);
    const groups = plain.instances[0].groups;
    const subnet = `10.0.${plain.instances[0].subnet}.0/24`;
    const admits = asked.some(
      ({ peer }) =>
        (typeof peer === 'number' && groups.includes(peer)) ||
        ['0.0.0.0/0', '10.0.0.0/16', subnet].includes(String(peer)) ||
        String(peer).startsWith('pl-'),
    );
    expect(graph.openPorts(a, b).length > 0).toBe(admits);
  });
});

test('two resources with the same groups and the same subnet are open to the same ports from a third', () => {
  inNetwork((_, network) => {
    const [first, second, third] = network.instances;
    const twins = { ...network, instances: [first, { ...second, subnet: third.subnet, groups: third.groups }, third] };
    const graph = graphOf(templateOf(twins));
    const [a, b, c] = INSTANCES.map((path) => graph.at(path));
    const open = (to: typeof b) => graph.openPorts(a, to).map(({ ports, certainty }) => `${ports} ${certainty}`);
    expect(open(b)).toEqual(open(c));
  });
});
