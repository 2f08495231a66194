import { TemplateGraph } from '@groundplan/graph';
import { App, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { internetAccessByTier, subnetsIn } from '../src';

const { PUBLIC, PRIVATE_WITH_EGRESS, PRIVATE_ISOLATED } = ec2.SubnetType;

/** A VPC of CDK's own with three tiers in two zones. */
function aNetwork(props: ec2.VpcProps = {}) {
  const stack = new Stack(new App(), 'stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    subnetConfiguration: [
      { name: 'public', subnetType: PUBLIC, cidrMask: 24 },
      { name: 'private', subnetType: PRIVATE_WITH_EGRESS, cidrMask: 24 },
      { name: 'isolated', subnetType: PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    ...props,
  });
  return { vpc, graph: () => TemplateGraph.of(stack) };
}

describe('subnets', () => {
  test('of a tier carry zone and block', () => {
    const graph = aNetwork().graph();
    expect(subnetsIn(graph, 'isolated').map(({ resource: _, ...subnet }) => subnet)).toEqual([
      { tier: 'isolated', zone: 'eu-west-1a', cidr: '10.0.4.0/24', ipv6: '' },
      { tier: 'isolated', zone: 'eu-west-1b', cidr: '10.0.5.0/24', ipv6: '' },
    ]);
  });

  test('are what the graph takes questions about', () => {
    const { vpc, graph } = aNetwork();
    const asked = graph();
    const [first] = subnetsIn(asked, 'public');
    expect(first.resource).toBe(asked.resourceOf(vpc.publicSubnets[0]));
    expect(asked.routesOf(first.resource)).toHaveLength(1);
  });

  test('carry their slice of the IPv6 block', () => {
    const slices = subnetsIn(aNetwork({ ipProtocol: ec2.IpProtocol.DUAL_STACK }).graph()).map(({ ipv6 }) => ipv6);
    expect(new Set(slices).size).toBe(6);
    expect(slices[0]).toMatch(/^\$\{item 0 of slices\(.*64 bits\)\}$/);
  });

  test('carry one line about a zone that the deployment picks', () => {
    const zones = subnetsIn(aNetwork({ availabilityZones: undefined, maxAzs: 2 }).graph(), 'public');
    expect(new Set(zones.map(({ zone }) => zone)).size).toBe(2);
  });

  test('of a tier that does not exist are an error, not an empty list', () => {
    expect(() => subnetsIn(aNetwork().graph(), 'data')).toThrow(
      'There is no subnet in tier "data"; the assembly has: public, private, isolated.',
    );
    expect(() => subnetsIn(TemplateGraph.of(new Stack(new App(), 'stack')))).toThrow(
      'There is no subnet; the assembly has: no subnets at all.',
    );
  });
});

describe('how far tiers reach', () => {
  test('is said tier by tier', () => {
    expect(internetAccessByTier(aNetwork().graph())).toEqual({ public: 'both', private: 'outbound', isolated: 'none' });
  });

  test('names both ends where the zones of a tier differ', () => {
    const { vpc, graph } = aNetwork();
    vpc.privateSubnets[1].node.tryRemoveChild('DefaultRoute');
    expect(internetAccessByTier(graph())).toEqual({ public: 'both', private: 'outbound | none', isolated: 'none' });
  });
});
