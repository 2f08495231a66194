/**
 * Where a resource type says in which subnets it stands and which security groups guard it. `A>B` follows the resource
 * that property A names to its property B. A type with several ways of saying it lists all of them.
 */
export interface EndpointType {
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  /** What gives it a public IPv4 address. @default it never has one */
  readonly publicBy?: PublicBy;
  /** What gives it an IPv6 address that the internet may reach. @default it never has one */
  readonly ipv6By?: Ipv6By;
  /** Runs code of ours, or somebody's session: connections start here. @default false, it only answers */
  readonly starts?: boolean;
  /** The group that it has when it names none. @default the VPC's default one */
  readonly groupOtherwise?: 'of its cluster';
  /** Without a subnet it stands in no network at all. @default it stands in the default VPC of the account */
  readonly optional?: boolean;
}

/** Types that a resource may name by what it is called instead of by `Ref`, with the property that says it. */
export const NAMES: Readonly<Record<string, string>> = {
  'AWS::RDS::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::DocDB::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::Neptune::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::ElastiCache::SubnetGroup': 'CacheSubnetGroupName',
  'AWS::MemoryDB::SubnetGroup': 'SubnetGroupName',
  'AWS::DAX::SubnetGroup': 'SubnetGroupName',
  'AWS::DMS::ReplicationSubnetGroup': 'ReplicationSubnetGroupIdentifier',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
};

/** How a public address comes about. */
type PublicBy =
  /** A property that is true, or that has one of these values. */
  | {
      readonly properties: readonly string[];
      readonly values?: readonly string[];
      readonly otherwise: boolean | 'with a gateway';
    }
  /** The subnet's setting, unless the interface says otherwise, or an Elastic IP. */
  | { readonly properties: readonly string[]; readonly otherwise: 'as the subnet' };

type Ipv6By =
  /** One that the subnet assigns to every interface, or that one of these properties asks for. */
  | { readonly properties: readonly string[]; readonly setting?: string }
  /** A balancer that says so. */
  | 'as its address type';

const DATABASE: EndpointType = {
  subnets: ['DBSubnetGroupName>SubnetIds'],
  groups: ['VPCSecurityGroups', 'VpcSecurityGroupIds'],
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, PubliclyAccessible: unset, it
  // depends on whether the VPC has an internet gateway.
  publicBy: { properties: ['PubliclyAccessible'], otherwise: 'with a gateway' },
};

const PRIVATE_DATABASE: EndpointType = { ...DATABASE, publicBy: undefined };

const MIXED = 'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification';

const INSTANCE: EndpointType = {
  subnets: [
    'SubnetId',
    'NetworkInterfaces.SubnetId',
    'NetworkInterfaces.NetworkInterfaceId>SubnetId',
    ...launchTemplate('LaunchTemplate', 'NetworkInterfaces.SubnetId'),
  ],
  groups: [
    'SecurityGroupIds',
    'NetworkInterfaces.GroupSet',
    'NetworkInterfaces.NetworkInterfaceId>GroupSet',
    'LaunchTemplate.LaunchTemplateId>LaunchTemplateData.SecurityGroupIds',
    'LaunchTemplate.LaunchTemplateId>LaunchTemplateData.NetworkInterfaces.Groups',
  ],
  publicBy: {
    properties: [
      'NetworkInterfaces.AssociatePublicIpAddress',
      'LaunchTemplate.LaunchTemplateId>LaunchTemplateData.NetworkInterfaces.AssociatePublicIpAddress',
    ],
    otherwise: 'as the subnet',
  },
  ipv6By: {
    properties: [
      'Ipv6AddressCount',
      'Ipv6Addresses',
      'NetworkInterfaces.Ipv6AddressCount',
      'NetworkInterfaces.Ipv6Addresses',
    ],
  },
  starts: true,
};

/** Every type that has an address in a subnet. */
export const ENDPOINT_TYPES: Readonly<Record<string, EndpointType>> = {
  'AWS::EC2::Instance': INSTANCE,
  'AWS::EC2::NetworkInterface': {
    subnets: ['SubnetId'],
    groups: ['GroupSet'],
    // an interface that stands alone gets no public address from its subnet
    publicBy: { properties: [], otherwise: false },
    ipv6By: { properties: ['Ipv6AddressCount', 'Ipv6Addresses'] },
  },
  'AWS::EC2::InstanceConnectEndpoint': { subnets: ['SubnetId'], groups: ['SecurityGroupIds'], starts: true },
  'AWS::EC2::VPCEndpoint': { subnets: ['SubnetIds'], groups: ['SecurityGroupIds'], optional: true },
  'AWS::EC2::ClientVpnEndpoint': {
    subnets: [],
    groups: ['SecurityGroupIds'],
    starts: true,
    optional: true,
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    subnets: ['VPCZoneIdentifier'],
    groups: [
      ...launchTemplate('LaunchTemplate', 'SecurityGroupIds', 'NetworkInterfaces.Groups'),
      ...launchTemplate(MIXED, 'SecurityGroupIds', 'NetworkInterfaces.Groups'),
      'LaunchConfigurationName>SecurityGroups',
    ],
    publicBy: {
      properties: [
        ...launchTemplate('LaunchTemplate', 'NetworkInterfaces.AssociatePublicIpAddress'),
        ...launchTemplate(MIXED, 'NetworkInterfaces.AssociatePublicIpAddress'),
        'LaunchConfigurationName>AssociatePublicIpAddress',
      ],
      otherwise: 'as the subnet',
    },
    ipv6By: { properties: launchTemplate('LaunchTemplate', 'NetworkInterfaces.Ipv6AddressCount') },
    starts: true,
  },
  'AWS::ECS::Service': {
    subnets: ['NetworkConfiguration.AwsvpcConfiguration.Subnets'],
    groups: ['NetworkConfiguration.AwsvpcConfiguration.SecurityGroups'],
    publicBy: {
      properties: ['NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp'],
      values: ['ENABLED'],
      otherwise: false,
    },
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html#networking-considerations-ipv6
    ipv6By: { properties: [], setting: 'dualStackIPv6 of ECS' },
    starts: true,
  },
  'AWS::Lambda::Function': {
    subnets: ['VpcConfig.SubnetIds'],
    groups: ['VpcConfig.SecurityGroupIds'],
    starts: true,
    optional: true,
  },
  'AWS::CodeBuild::Project': {
    subnets: ['VpcConfig.Subnets'],
    groups: ['VpcConfig.SecurityGroupIds'],
    starts: true,
    optional: true,
  },
  'AWS::Batch::ComputeEnvironment': {
    subnets: ['ComputeResources.Subnets'],
    groups: ['ComputeResources.SecurityGroupIds'],
    publicBy: { properties: [], otherwise: 'as the subnet' },
    ipv6By: { properties: [] },
    starts: true,
  },
  'AWS::EKS::Cluster': {
    subnets: ['ResourcesVpcConfig.SubnetIds'],
    groups: ['ResourcesVpcConfig.SecurityGroupIds'],
    starts: true,
  },
  'AWS::EKS::Nodegroup': {
    subnets: ['Subnets'],
    groups: [
      'LaunchTemplate.Id>LaunchTemplateData.SecurityGroupIds',
      'LaunchTemplate.Id>LaunchTemplateData.NetworkInterfaces.Groups',
    ],
    publicBy: { properties: [], otherwise: 'as the subnet' },
    ipv6By: { properties: [] },
    starts: true,
    groupOtherwise: 'of its cluster',
  },
  'AWS::AppRunner::Service': {
    subnets: ['NetworkConfiguration.EgressConfiguration.VpcConnectorArn>Subnets'],
    groups: ['NetworkConfiguration.EgressConfiguration.VpcConnectorArn>SecurityGroups'],
    starts: true,
    optional: true,
  },
  'AWS::ApiGatewayV2::VpcLink': { subnets: ['SubnetIds'], groups: ['SecurityGroupIds'], optional: true },
  'AWS::DMS::ReplicationInstance': {
    subnets: ['ReplicationSubnetGroupIdentifier>SubnetIds'],
    groups: ['VpcSecurityGroupIds'],
    publicBy: { properties: ['PubliclyAccessible'], otherwise: true },
    starts: true,
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    subnets: ['Subnets', 'SubnetMappings.SubnetId'],
    groups: ['SecurityGroups'],
    publicBy: { properties: ['Scheme'], values: ['internet-facing'], otherwise: true },
    ipv6By: 'as its address type',
  },
  'AWS::ElasticLoadBalancing::LoadBalancer': {
    subnets: ['Subnets'],
    groups: ['SecurityGroups'],
    publicBy: { properties: ['Scheme'], values: ['internet-facing'], otherwise: true },
  },
  'AWS::RDS::DBInstance': DATABASE,
  'AWS::RDS::DBCluster': DATABASE,
  'AWS::DocDB::DBInstance': PRIVATE_DATABASE,
  'AWS::Neptune::DBInstance': PRIVATE_DATABASE,
  'AWS::RDS::DBProxy': { subnets: ['VpcSubnetIds'], groups: ['VpcSecurityGroupIds'] },
  'AWS::DocDB::DBCluster': PRIVATE_DATABASE,
  'AWS::Neptune::DBCluster': PRIVATE_DATABASE,
  'AWS::ElastiCache::CacheCluster': {
    subnets: ['CacheSubnetGroupName>SubnetIds'],
    groups: ['VpcSecurityGroupIds'],
  },
  'AWS::ElastiCache::ReplicationGroup': { subnets: ['CacheSubnetGroupName>SubnetIds'], groups: ['SecurityGroupIds'] },
  'AWS::ElastiCache::ServerlessCache': { subnets: ['SubnetIds'], groups: ['SecurityGroupIds'] },
  'AWS::MemoryDB::Cluster': { subnets: ['SubnetGroupName>SubnetIds'], groups: ['SecurityGroupIds'] },
  'AWS::Redshift::Cluster': {
    subnets: ['ClusterSubnetGroupName>SubnetIds'],
    groups: ['VpcSecurityGroupIds'],
    publicBy: { properties: ['PubliclyAccessible'], otherwise: false },
  },
  'AWS::RedshiftServerless::Workgroup': {
    subnets: ['SubnetIds'],
    groups: ['SecurityGroupIds'],
    publicBy: { properties: ['PubliclyAccessible'], otherwise: false },
  },
  'AWS::OpenSearchService::Domain': {
    subnets: ['VPCOptions.SubnetIds'],
    groups: ['VPCOptions.SecurityGroupIds'],
    optional: true,
  },
  'AWS::Elasticsearch::Domain': {
    subnets: ['VPCOptions.SubnetIds'],
    groups: ['VPCOptions.SecurityGroupIds'],
    optional: true,
  },
  'AWS::DAX::Cluster': { subnets: ['SubnetGroupName>SubnetIds'], groups: ['SecurityGroupIds'] },
  // stands where its mount targets stand
  'AWS::EFS::FileSystem': { subnets: [], groups: [], optional: true },
  'AWS::EFS::MountTarget': { subnets: ['SubnetId'], groups: ['SecurityGroups'] },
  'AWS::FSx::FileSystem': { subnets: ['SubnetIds'], groups: ['SecurityGroupIds'] },
  'AWS::MSK::Cluster': {
    subnets: ['BrokerNodeGroupInfo.ClientSubnets'],
    groups: ['BrokerNodeGroupInfo.SecurityGroups'],
    publicBy: {
      properties: ['BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type'],
      values: ['SERVICE_PROVIDED_EIPS'],
      otherwise: false,
    },
  },
  'AWS::AmazonMQ::Broker': {
    subnets: ['SubnetIds'],
    groups: ['SecurityGroups'],
    publicBy: { properties: ['PubliclyAccessible'], otherwise: false },
  },
};

function launchTemplate(property: string, ...said: readonly string[]): string[] {
  return said.map((path) => `${property}.LaunchTemplateId>LaunchTemplateData.${path}`);
}
