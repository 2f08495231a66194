import { GraphResource, InternetAccess, Reach, ReachKind } from '@groundplan/graph';
import { CheckedAssembly, Objection, Rule, isTrue } from '../rule';

/** What keeps data and answers on a network: databases, their proxies, caches, warehouses and search. */
const DATABASES = [
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBProxy',
  'AWS::DocDB::DBCluster',
  'AWS::Neptune::DBCluster',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::MemoryDB::Cluster',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Workgroup',
  'AWS::OpenSearchService::Domain',
  'AWS::Elasticsearch::Domain',
];

export const databaseIsolation: Rule = {
  id: 'DatabaseIsolation',
  demands: 'A database stands in isolated subnets, has no public address, and answers security groups only.',
  because: 'A database that has no way in but from named services, and no way out, cannot leak to anybody else.',
  check: (assembly) => assembly.ofType(...DATABASES).flatMap((database) => objections(assembly, database)),
};

function objections(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const what = `${resource.path} (${resource.type})`;
  const found: Objection[] = [];
  if (isTrue(assembly.at(resource, 'PubliclyAccessible')))
    found.push({
      resource,
      location: 'Properties/PubliclyAccessible',
      message: `${what} asks for a public address.`,
      fix: 'Set publiclyAccessible: false; reach it from inside of the network, or through a session of Systems Manager.',
    });
  // where an instance of a cluster stands and whom it answers is said by the cluster
  if (assembly.at(resource, 'DBClusterIdentifier') !== undefined) return found;
  if (resource.type.endsWith('::Domain') && assembly.at(resource, 'VPCOptions') === undefined)
    return [
      ...found,
      {
        resource,
        location: 'Properties/VPCOptions',
        message: `${what} stands in no VPC: its endpoint is on the internet.`,
        fix: 'Give it a vpc with isolated subnets and a security group.',
      },
    ];
  return [...found, ...openSubnets(assembly, resource, what), ...strangers(assembly, resource, what)];
}

function openSubnets(assembly: CheckedAssembly, resource: GraphResource, what: string): Objection[] {
  const open = assembly.graph
    .subnetsOf(resource)
    .filter((subnet) => assembly.graph.internetAccessOf(subnet) !== InternetAccess.NONE);
  if (open.length === 0) return [];
  const names = open.map((subnet) => `${subnet.path} (${assembly.graph.internetAccessOf(subnet)})`);
  return [
    {
      resource,
      message: `${what} stands in subnets with a route to the internet: ${names.join(', ')}.`,
      fix: 'Put it into isolated subnets: vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }.',
    },
  ];
}

/** Whoever reaches it without being a security group that somebody named. */
function strangers(assembly: CheckedAssembly, resource: GraphResource, what: string): Objection[] {
  const rows = assembly.graph.whoReaches(resource).filter(isStranger);
  return rows.map((row) => ({
    resource,
    message: `${what} answers ${described(row)} on ${row.ports.join(', ')}, by ${row.allowedBy.join(', ')}.`,
    fix: 'Admit the security group of the service that needs it, on its one port: database.connections.allowDefaultPortFrom(service).',
  }));
}

function isStranger({ kind }: Reach): boolean {
  return kind === ReachKind.INTERNET || kind === ReachKind.NETWORK;
}

function described({ kind, source }: Reach): string {
  return kind === ReachKind.INTERNET ? `the internet (${source})` : `everybody in ${source}`;
}
