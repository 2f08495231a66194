import { TemplateJson, att, graphOf, ref } from './assemblies';
import type { TemplateGraph } from '../src';

type Resources = Record<string, object>;

/** A VPC with a public subnet, a private one without any route, and a gateway. */
export const NETWORK: Resources = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Gateway: { Type: 'AWS::EC2::InternetGateway' },
  Attachment: {
    Type: 'AWS::EC2::VPCGatewayAttachment',
    Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') },
  },
  Public: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' } },
  PublicTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  PublicAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('Public'), RouteTableId: ref('PublicTable') },
  },
  PublicRoute: {
    Type: 'AWS::EC2::Route',
    Properties: { RouteTableId: ref('PublicTable'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') },
  },
  Private: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' } },
};

/** The graph of that network with more in it. */
export function inNetwork(resources: Resources, template: Partial<TemplateJson> = {}): TemplateGraph {
  return graphOf({ ...template, Resources: { ...NETWORK, ...resources } });
}

/** A security group with rules written within it; without egress EC2 lets everything out. */
export function group(ingress: readonly object[] = [], egress?: readonly object[]): object {
  return {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'test',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: ingress,
      ...(egress && { SecurityGroupEgress: egress }),
    },
  };
}

/** A rule for one port, or for all of them. */
export function rule(peer: object, port?: unknown): object {
  return port === undefined
    ? { IpProtocol: '-1', ...peer }
    : { IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer };
}

export const ANYBODY = { CidrIp: '0.0.0.0/0' };

export const ofGroup = (name: string) => ({ SourceSecurityGroupId: att(name, 'GroupId') });

/** An instance with one interface. */
export function instance(subnet: unknown, groups: readonly unknown[], isPublic: unknown = false): object {
  return {
    Type: 'AWS::EC2::Instance',
    Properties: {
      NetworkInterfaces: [{ SubnetId: subnet, GroupSet: groups, AssociatePublicIpAddress: isPublic }],
    },
  };
}

/** What is open from one resource to another, one line each: `443/tcp certain`. */
export function open(graph: TemplateGraph, from: string, to: string): string[] {
  return graph
    .openPorts(graph.at(`Stack/${from}`), graph.at(`Stack/${to}`))
    .map(({ ports, certainty, unknowns }) => [ports, certainty, ...unknowns].join(' | '));
}

/** The ways from the internet to a resource, one line each. */
export function ways(graph: TemplateGraph, to: string): string[] {
  return graph.pathsFromInternetTo(graph.at(`Stack/${to}`)).map(({ text }) => text);
}
