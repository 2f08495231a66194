import { OPEN, Resources } from './resources';

const groups = [{ Ref: 'Narrow' }];
const subnets = [{ Ref: 'Subnet' }];
const vpc = (SubnetIds: object[]) => ({
  VPCOptions: { SubnetIds, SecurityGroupIds: groups },
});

/** Databases of every kind in a subnet that reaches the internet, and some that are open in other ways. */
export const databases: Resources = {
  Vpc: ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }],
  Gateway: ['AWS::EC2::InternetGateway'],
  Attached: ['AWS::EC2::VPCGatewayAttachment', { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } }],
  Routes: ['AWS::EC2::RouteTable', { VpcId: { Ref: 'Vpc' } }],
  Route: [
    'AWS::EC2::Route',
    {
      RouteTableId: { Ref: 'Routes' },
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: { Ref: 'Gateway' },
    },
  ],
  Subnet: ['AWS::EC2::Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' }],
  Routed: ['AWS::EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Routes' } }],
  OtherSubnet: ['AWS::EC2::Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' }],
  OtherRouted: [
    'AWS::EC2::SubnetRouteTableAssociation',
    { SubnetId: { Ref: 'OtherSubnet' }, RouteTableId: { Ref: 'Routes' } },
  ],
  Isolated: ['AWS::EC2::Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.2.0/24' }],
  Narrow: ['AWS::EC2::SecurityGroup', { VpcId: { Ref: 'Vpc' } }],
  Named: [
    'AWS::EC2::SecurityGroup',
    {
      VpcId: { Ref: 'Vpc' },
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { Ref: 'Narrow' } },
      ],
    },
  ],
  Wide: [
    'AWS::EC2::SecurityGroup',
    {
      VpcId: { Ref: 'Vpc' },
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '0.0.0.0/0' },
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' },
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: OPEN },
      ],
    },
  ],
  WideToo: [
    'AWS::EC2::SecurityGroup',
    {
      VpcId: { Ref: 'Vpc' },
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '0.0.0.0/0' },
        { IpProtocol: 'tcp', FromPort: 5434, ToPort: 5434, CidrIp: '0.0.0.0/0' },
      ],
    },
  ],
  Subnets: ['AWS::RDS::DBSubnetGroup', { SubnetIds: [{ Ref: 'Subnet' }, { Ref: 'OtherSubnet' }] }],
  IsolatedSubnets: ['AWS::RDS::DBSubnetGroup', { SubnetIds: [{ Ref: 'Isolated' }] }],
  CacheSubnets: ['AWS::ElastiCache::SubnetGroup', { SubnetIds: subnets }],
  MemorySubnets: ['AWS::MemoryDB::SubnetGroup', { SubnetIds: subnets }],
  WarehouseSubnets: ['AWS::Redshift::ClusterSubnetGroup', { SubnetIds: subnets }],

  Instance: [
    'AWS::RDS::DBInstance',
    { DBSubnetGroupName: { Ref: 'Subnets' }, VPCSecurityGroups: groups, PubliclyAccessible: false },
  ],
  OpenInstance: [
    'AWS::RDS::DBInstance',
    {
      DBSubnetGroupName: { Ref: 'Subnets' },
      VPCSecurityGroups: [{ Ref: 'Wide' }, { Ref: 'WideToo' }],
      PubliclyAccessible: true,
    },
  ],
  SoundInstance: [
    'AWS::RDS::DBInstance',
    {
      DBSubnetGroupName: { Ref: 'IsolatedSubnets' },
      VPCSecurityGroups: [{ Ref: 'Named' }],
      PubliclyAccessible: false,
    },
  ],
  Cluster: ['AWS::RDS::DBCluster', { DBSubnetGroupName: { Ref: 'Subnets' }, VpcSecurityGroupIds: groups }],
  Member: ['AWS::RDS::DBInstance', { DBClusterIdentifier: { Ref: 'Cluster' }, PubliclyAccessible: true }],
  SoundMember: ['AWS::RDS::DBInstance', { DBClusterIdentifier: { Ref: 'Cluster' }, PubliclyAccessible: false }],
  Proxy: ['AWS::RDS::DBProxy', { VpcSubnetIds: subnets, VpcSecurityGroupIds: groups }],
  Documents: ['AWS::DocDB::DBCluster', { DBSubnetGroupName: { Ref: 'Subnets' }, VpcSecurityGroupIds: groups }],
  Neptune: ['AWS::Neptune::DBCluster', { DBSubnetGroupName: { Ref: 'Subnets' }, VpcSecurityGroupIds: groups }],
  Cache: [
    'AWS::ElastiCache::CacheCluster',
    { CacheSubnetGroupName: { Ref: 'CacheSubnets' }, VpcSecurityGroupIds: groups },
  ],
  Caches: [
    'AWS::ElastiCache::ReplicationGroup',
    { CacheSubnetGroupName: { Ref: 'CacheSubnets' }, SecurityGroupIds: groups },
  ],
  ServerlessCache: ['AWS::ElastiCache::ServerlessCache', { SubnetIds: subnets, SecurityGroupIds: groups }],
  Memory: ['AWS::MemoryDB::Cluster', { SubnetGroupName: { Ref: 'MemorySubnets' }, SecurityGroupIds: groups }],
  Warehouse: [
    'AWS::Redshift::Cluster',
    { ClusterSubnetGroupName: { Ref: 'WarehouseSubnets' }, VpcSecurityGroupIds: groups },
  ],
  ServerlessWarehouse: ['AWS::RedshiftServerless::Workgroup', { SubnetIds: subnets, SecurityGroupIds: groups }],
  Search: ['AWS::OpenSearchService::Domain', vpc(subnets)],
  SoundSearch: ['AWS::OpenSearchService::Domain', vpc([{ Ref: 'Isolated' }])],
  PublicSearch: ['AWS::OpenSearchService::Domain'],
  OldPublicSearch: ['AWS::Elasticsearch::Domain'],
  OldSearch: ['AWS::Elasticsearch::Domain', vpc(subnets)],
};
