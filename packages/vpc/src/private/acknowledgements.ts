import { CfnInstance, CfnRoute, CfnVPC, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Validations } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { NetworkProps } from '../network';

/** Acknowledges what rules find in every network with a public tier and cannot be otherwise, each where it is found. */
export function acknowledgeNetwork(vpc: Vpc, props: NetworkProps): void {
  if (!props.closeDefaultSecurityGroup)
    acknowledge(
      vpc.node.defaultChild as CfnVPC,
      'NIST.800.53.R5-VPCDefaultSecurityGroupClosed',
      'Nothing uses the default security group, and CloudFormation cannot close it. closeDefaultSecurityGroup: true does, at the price of a Lambda function.',
    );
  for (const subnet of vpc.publicSubnets)
    for (const route of subnet.node.findAll().filter((construct) => CfnRoute.isCfnRoute(construct)))
      acknowledge(
        route,
        'NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW',
        'A public subnet is one that routes to the internet. Balancers and NAT gateways stand there; what must not be reached belongs into the private or the isolated tier.',
      );
  if (props.dualStack)
    for (const subnet of [...vpc.privateSubnets, ...vpc.isolatedSubnets])
      acknowledge(
        subnet.node.defaultChild as IConstruct,
        'NIST.800.53.R5-VPCSubnetAutoAssignPublicIpDisabled',
        'Every IPv6 address is global. This subnet is reached from outside by none: its only way out is the egress-only gateway, or there is no way at all. Leave dualStack out for IPv4 only.',
      );
}

/** Acknowledges what rules find in a NAT instance and cannot be otherwise. */
export function acknowledgeNatInstance(instance: CfnInstance): void {
  acknowledge(
    instance,
    'AwsSolutions-EC29',
    'Termination protection would stop CloudFormation from replacing the instance with a newer image. It holds no state; Egress.single() has no instance.',
  );
  acknowledge(
    instance,
    'NIST.800.53.R5-EC2InstanceNoPublicIp',
    'A NAT instance translates to its own public address; its security group answers the network only. Egress.single() has no instance.',
  );
  acknowledge(
    instance,
    'NIST.800.53.R5-EC2InstancesInVPC',
    'It is within the VPC: the subnet stands in its network interface, where the rule does not look.',
  );
}

/**
 * Acknowledges a finding of cdk-nag on the construct where it is found.
 *
 * @param rule the rule with its pack, as the finding names it: `AwsSolutions-VPC3`
 */
export function acknowledge(construct: IConstruct, rule: `${Pack}-${string}`, reason: string): void {
  const pack = PACKS.find((name) => rule.startsWith(`${name}-`));
  // CDK matches `<plugin>::<rule>` exactly and passes over anything else in silence.
  Validations.of(construct).acknowledge({ id: `${pack}::${rule}`, reason });
}

const PACKS = ['AwsSolutions', 'NIST.800.53.R5'] as const;
type Pack = (typeof PACKS)[number];
