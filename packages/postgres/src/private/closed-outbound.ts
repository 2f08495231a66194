import { ISecurityGroup, IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/**
 * A security group that lets nobody in and nothing out.
 *
 * @param what stands in it, for its description: at most 255 characters, of those that EC2 takes
 */
export function closedGroup(scope: Construct, vpc: IVpc, what: string): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: `${what} ${scope.node.path}`.replace(/[^\w./: -]/g, '-').slice(0, 255),
    allowAllOutbound: false,
  });
  closeOutbound(group);
  return group;
}

/**
 * Takes away the rule "everything out", which EC2 adds to a group with no egress written within it: rules between two groups
 * stand beside them. The address is the one of AWS's own example, "Remove default rule":
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html
 */
function closeOutbound(group: ISecurityGroup): void {
  group.addEgressRule(Peer.ipv4('127.0.0.1/32'), Port.allTraffic(), 'Nothing but what stands beside it');
}
