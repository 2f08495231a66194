import { Findings } from '@groundplan/core';
import { CfnInstance, CfnRoute, CfnVPC, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { NetworkProps } from '../network';

/** Acknowledges what rules find in every network with a public tier and cannot be otherwise, each where it is found. */
export function acknowledgeNetwork(vpc: Vpc, props: NetworkProps): void {
  if (props.closeDefaultSecurityGroup) acknowledgeClosingFunction(Stack.of(vpc));
  else
    Findings.acknowledge(
      vpc.node.defaultChild as CfnVPC,
      Findings.standards('VPCDefaultSecurityGroupClosed'),
      'Nothing uses the default security group, and CloudFormation cannot close it. closeDefaultSecurityGroup: true does, at the price of a Lambda function.',
    );
  for (const subnet of vpc.publicSubnets)
    for (const route of subnet.node.findAll().filter((construct) => CfnRoute.isCfnRoute(construct)))
      Findings.acknowledge(
        route,
        Findings.standards('VPCNoUnrestrictedRouteToIGW'),
        'A public subnet is one that routes to the internet. Balancers and NAT gateways stand there; what must not be reached belongs into the private or the isolated tier.',
      );
  if (props.dualStack)
    for (const subnet of [...vpc.privateSubnets, ...vpc.isolatedSubnets])
      Findings.acknowledge(
        subnet.node.defaultChild as IConstruct,
        Findings.standards('VPCSubnetAutoAssignPublicIpDisabled'),
        'Every IPv6 address is global. This subnet is reached from outside by none: its only way out is the egress-only gateway, or there is no way at all. Leave dualStack out for IPv4 only.',
      );
}

/** Acknowledges what rules find in the function that closes default security groups: CDK makes it, one for each stack. */
function acknowledgeClosingFunction(stack: Stack): void {
  const handler = stack.node
    .tryFindChild('Custom::VpcRestrictDefaultSGCustomResourceProvider')
    ?.node.tryFindChild('Handler');
  if (!handler) return;
  const own =
    'CDK makes this function, without a prop for it. It runs for seconds when a network is made or deleted. Leave closeDefaultSecurityGroup out for a network without a function.';
  Findings.acknowledge(
    handler,
    [
      'cdk-validator-cfnguard::lambda_inside_vpc_check',
      'checkov::CKV_AWS_115',
      'checkov::CKV_AWS_117',
      'cfn-lint::W3005',
      'groundplan::LogRetention',
    ],
    own,
  );
  Findings.acknowledge(
    handler,
    ['checkov::CKV_AWS_116'],
    'CloudFormation calls it and waits for the answer: a call that failed fails the deployment, nothing is lost that a queue could keep.',
  );
}

/** Acknowledges what rules find in a NAT instance and cannot be otherwise. */
export function acknowledgeNatInstance(instance: CfnInstance): void {
  Findings.acknowledge(
    instance,
    ['AwsSolutions-EC29'],
    'Termination protection would stop CloudFormation from replacing the instance with a newer image. It holds no state; Egress.single() has no instance.',
  );
  Findings.acknowledge(
    instance,
    [
      ...Findings.standards('EC2InstanceNoPublicIp'),
      'cdk-validator-cfnguard::ec2_instance_no_public_ip_check',
      'checkov::CKV_AWS_88',
    ],
    'A NAT instance translates to its own public address; its security group answers the network only. Egress.single() has no instance.',
  );
  Findings.acknowledge(
    instance,
    Findings.standards('EC2InstancesInVPC'),
    'It is within the VPC: the subnet stands in its network interface, where the rule does not look.',
  );
  if (/^t\d/.test(String(instance.instanceType)))
    Findings.acknowledge(
      instance,
      ['cdk-validator-cfnguard::ec2_instance_nitro_encryption_in_transit_check'],
      'No burstable type encrypts between instances. What leaves for the internet needs TLS in any case; pass an instanceType such as c7gn.medium, or take Egress.single().',
    );
}
