import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { AwsEnvironment, knownEnvironments } from './environments';
import { LocalAws } from './local-aws';

/** One cluster or instance as RDS describes it; the members of a cluster are its own. */
export interface DatabaseReport extends AwsEnvironment {
  readonly name: string;
  readonly engine: string;
  readonly version: string;
  readonly status: string;
  /** Where it answers on this machine, `postgresql://user@host:port/database`; absent of an engine that is only recorded. */
  readonly url?: string;
  /** The name of the secret that holds the password; absent when nothing says which one does. */
  readonly secret?: string;
  /** The proxies that lead there, and where they answer. */
  readonly proxies: { readonly name: string; readonly url: string }[];
}

/** The databases in all environments that were deployed to. */
export async function databaseReports(aws: LocalAws, environments = knownEnvironments(aws)): Promise<DatabaseReport[]> {
  const all = await Promise.all(environments.map((environment) => reportsOf(aws, environment)));
  return all.flat();
}

async function reportsOf(aws: LocalAws, environment: AwsEnvironment): Promise<DatabaseReport[]> {
  const sdk = await import('@aws-sdk/client-rds');
  const client = new sdk.RDSClient(aws.clientConfig(environment.account, environment.region));
  try {
    const { DBClusters: clusters = [] } = await client.send(new sdk.DescribeDBClustersCommand({}));
    const { DBInstances: instances = [] } = await client.send(new sdk.DescribeDBInstancesCommand({}));
    const standing = [
      ...clusters.map(ofCluster),
      ...instances.filter((instance) => !instance.DBClusterIdentifier).map(ofInstance),
    ];
    if (standing.length === 0) return [];
    const attached = standing.every(({ secret }) => secret)
      ? new Map<string, string>()
      : await attachedSecrets(aws, environment);
    const proxies = await proxiesOf(client, sdk);
    return standing.map(({ host, port, user, database, source, ...about }) => {
      const url = (address: string, at: number) => `postgresql://${user}@${address}:${at}/${database || 'postgres'}`;
      return {
        ...environment,
        ...about,
        secret: about.secret ?? attached.get(about.name) ?? attached.get(source ?? ''),
        url: runs(about.engine) ? url(host, port) : undefined,
        proxies: (proxies.get(about.name) ?? []).map((proxy) => ({ name: proxy.name, url: url(proxy.host, 5432) })),
      };
    });
  } finally {
    client.destroy();
  }
}

/** Behind the others stands a record. */
function runs(engine: string): boolean {
  return engine === 'postgres' || engine === 'aurora-postgresql';
}

function ofCluster(cluster: DBCluster) {
  return {
    name: cluster.DBClusterIdentifier!,
    engine: cluster.Engine!,
    version: cluster.EngineVersion!,
    status: cluster.Status!,
    host: cluster.Endpoint!,
    port: cluster.Port!,
    user: cluster.MasterUsername!,
    database: cluster.DatabaseName,
    source: undefined,
    secret: nameOf(cluster.MasterUserSecret?.SecretArn),
  };
}

function ofInstance(instance: DBInstance) {
  return {
    name: instance.DBInstanceIdentifier!,
    engine: instance.Engine!,
    version: instance.EngineVersion!,
    status: instance.DBInstanceStatus!,
    host: instance.Endpoint!.Address!,
    port: instance.Endpoint!.Port!,
    user: instance.MasterUsername!,
    database: instance.DBName,
    // A replica has the users of its source.
    source: instance.ReadReplicaSourceDBInstanceIdentifier,
    secret: nameOf(instance.MasterUserSecret?.SecretArn),
  };
}

/** A secret's ARN ends with its name and six characters more. */
function nameOf(arn: string | undefined): string | undefined {
  return arn?.replace(/^.*:secret:/, '').replace(/-[^-]{6}$/, '');
}

/** Secrets that say which database they are attached to: its name to theirs. */
async function attachedSecrets(aws: LocalAws, environment: AwsEnvironment): Promise<Map<string, string>> {
  const sdk = await import('@aws-sdk/client-secrets-manager');
  const client = new sdk.SecretsManagerClient(aws.clientConfig(environment.account, environment.region));
  const found = new Map<string, string>();
  try {
    for await (const { SecretList = [] } of sdk.paginateListSecrets({ client }, {}))
      for (const { Name: name = '', ARN: SecretId } of SecretList) {
        const { SecretString = '' } = await client.send(new sdk.GetSecretValueCommand({ SecretId }));
        const { dbClusterIdentifier, dbInstanceIdentifier } = fieldsOf(SecretString);
        const database = dbClusterIdentifier ?? dbInstanceIdentifier;
        if (database) found.set(database, name);
      }
    return found;
  } finally {
    client.destroy();
  }
}

function fieldsOf(value: string): Record<string, string | undefined> {
  try {
    return (JSON.parse(value) as Record<string, string> | null) ?? {};
  } catch {
    return {}; // a secret may be any text
  }
}

type Sdk = typeof import('@aws-sdk/client-rds');

/** By the database that they lead to. */
async function proxiesOf(client: InstanceType<Sdk['RDSClient']>, sdk: Sdk) {
  const found = new Map<string, { name: string; host: string }[]>();
  const { DBProxies = [] } = await client.send(new sdk.DescribeDBProxiesCommand({}));
  for (const { DBProxyName: name = '', Endpoint: host = '' } of DBProxies) {
    const { Targets = [] } = await client.send(new sdk.DescribeDBProxyTargetsCommand({ DBProxyName: name }));
    for (const { RdsResourceId: target = '' } of Targets)
      found.set(target, [...(found.get(target) ?? []), { name, host }]);
  }
  return found;
}
