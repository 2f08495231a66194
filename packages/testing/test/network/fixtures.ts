import { App, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { NetworkReading } from '../../src';

const { PUBLIC, PRIVATE_WITH_EGRESS, PRIVATE_ISOLATED } = ec2.SubnetType;

/** A VPC of CDK's own with three tiers in two zones, and what the kit reads in it. */
export function aNetwork(props: ec2.VpcProps = {}) {
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
  return { stack, vpc, read: () => NetworkReading.of(stack) };
}

/** How far each tier reaches; fails when the zones of a tier differ. */
export function reachByTier(network: NetworkReading): Record<string, string> {
  const tiers = [...new Set(network.subnets.map(({ tier }) => tier))];
  return Object.fromEntries(
    tiers.map((tier) => {
      const reach = new Set(network.subnetsOf(tier).map((subnet) => network.reachesInternet(subnet)));
      return [tier, [...reach].join(' | ')];
    }),
  );
}
