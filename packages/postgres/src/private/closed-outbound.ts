import { ISecurityGroup, Peer, Port } from 'aws-cdk-lib/aws-ec2';

/**
 * Takes away the rule "everything out", which EC2 adds to a group with no egress written within it: rules between two groups
 * stand beside them. The address is the one of AWS's own example, "Remove default rule":
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html
 */
export function closeOutbound(group: ISecurityGroup): void {
  group.addEgressRule(Peer.ipv4('127.0.0.1/32'), Port.allTraffic(), 'Nothing but what stands beside it');
}
