import type { TemplateResource } from '../assembly/template';

/** Attributes that are the same as `Ref`: both name the resource itself. */
export const SELF_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::SecurityGroup': ['GroupId', 'Id'],
  'AWS::EC2::VPC': ['VpcId'],
  'AWS::EC2::Subnet': ['SubnetId'],
  'AWS::EC2::RouteTable': ['RouteTableId'],
  'AWS::EC2::InternetGateway': ['InternetGatewayId'],
  'AWS::EC2::NatGateway': ['NatGatewayId'],
  'AWS::EC2::NetworkAcl': ['Id'],
  'AWS::EC2::Instance': ['InstanceId'],
  'AWS::EC2::PrefixList': ['PrefixListId'],
};

/** Attributes that repeat a property: the templates say what they come to. */
export const PROPERTY_ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::EC2::VPC': { CidrBlock: 'CidrBlock' },
  'AWS::EC2::Subnet': { VpcId: 'VpcId', AvailabilityZone: 'AvailabilityZone', CidrBlock: 'CidrBlock' },
  'AWS::EC2::SecurityGroup': { VpcId: 'VpcId' },
  'AWS::Lambda::Url': { FunctionArn: 'TargetFunctionArn' },
};

/** The port that a database answers on when its template says none. */
interface DefaultPort {
  readonly attributes: readonly string[];
  /** By the beginning of the engine's name; `''` stands for every other one. */
  readonly byEngine: readonly (readonly [engine: string, port: number])[];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, Port */
const RDS: DefaultPort = {
  attributes: ['Endpoint.Port'],
  byEngine: [
    ['aurora-postgresql', 5432],
    ['aurora', 3306],
    ['postgres', 5432],
    ['mysql', 3306],
    ['mariadb', 3306],
    ['oracle', 1521],
    ['custom-oracle', 1521],
    ['sqlserver', 1433],
    ['custom-sqlserver', 1433],
    ['db2', 50000],
  ],
};

const CACHE_ENGINES = [
  ['memcached', 11211],
  ['', 6379],
] as const;

const PORTS: Readonly<Record<string, DefaultPort>> = {
  'AWS::RDS::DBInstance': RDS,
  'AWS::RDS::DBCluster': RDS,
  'AWS::DocDB::DBCluster': { attributes: ['Port'], byEngine: [['', 27017]] },
  'AWS::Neptune::DBCluster': { attributes: ['Port'], byEngine: [['', 8182]] },
  'AWS::Redshift::Cluster': { attributes: ['Endpoint.Port'], byEngine: [['', 5439]] },
  'AWS::ElastiCache::CacheCluster': {
    attributes: ['RedisEndpoint.Port', 'ConfigurationEndpoint.Port'],
    byEngine: CACHE_ENGINES,
  },
  'AWS::ElastiCache::ReplicationGroup': {
    attributes: ['PrimaryEndPoint.Port', 'ConfigurationEndPoint.Port', 'ReaderEndPoint.Port'],
    byEngine: [['', 6379]],
  },
  'AWS::ElastiCache::ServerlessCache': {
    attributes: ['Endpoint.Port', 'ReaderEndpoint.Port'],
    byEngine: CACHE_ENGINES,
  },
  'AWS::MemoryDB::Cluster': { attributes: ['ClusterEndpoint.Port'], byEngine: [['', 6379]] },
};

/** The default of an attribute that is a port; undefined for every other attribute. */
export function portAttribute(
  { type }: TemplateResource,
  attribute: string,
  engine: string | undefined,
): { readonly otherwise: number | undefined } | undefined {
  const known = PORTS[type];
  if (!known?.attributes.includes(attribute)) return undefined;
  const [, otherwise] = known.byEngine.find(([name]) => name === '' || engine?.startsWith(name)) ?? [];
  return { otherwise };
}
