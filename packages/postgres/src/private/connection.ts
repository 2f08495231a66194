import type { Connection, ConnectionSecret, IConnectConsumer } from '@groundplan/core';
import { CfnSecurityGroup, CfnVPC, IConnectable, IVpc, Port } from 'aws-cdk-lib/aws-ec2';
import { Endpoint } from 'aws-cdk-lib/aws-rds';
import { Reference, Token, Tokenization } from 'aws-cdk-lib/core';
import { FIXED } from './defaults';

/** Where a database is reached, and as whom. */
export interface Login {
  readonly endpoint: Endpoint;
  readonly connections: IConnectable;
  readonly vpc: IVpc;
  readonly databaseName: string;
  readonly username: string;
  /** Nothing where IAM says who it is. */
  readonly password?: ConnectionSecret;
}

/**
 * What libpq, and every client that follows it, reads from its environment: https://www.postgresql.org/docs/17/libpq-envars.html.
 * `DATABASE_URL` holds no password: clients take it from `PGPASSWORD`.
 */
export function connectionAs(login: Login): Connection {
  const { endpoint, databaseName, username } = login;
  const port = portOf(endpoint);
  return {
    connections: login.connections,
    // As a number: nobody could tell what a rule opens whose port is known only at deployment.
    port: Port.tcp(FIXED.port),
    environment: {
      PGHOST: endpoint.hostname,
      PGPORT: port,
      PGDATABASE: databaseName,
      PGUSER: username,
      PGSSLMODE: 'require',
      DATABASE_URL: `postgresql://${username}@${endpoint.hostname}:${port}/${databaseName}?sslmode=require`,
    },
    secrets: login.password ? { PGPASSWORD: login.password } : {},
  };
}

/** A port as text, also where it is known only at deployment. */
export function portOf({ port }: Endpoint): string {
  return Token.isUnresolved(port) ? Tokenization.stringifyNumber(port) : `${port}`;
}

/** Refuses a consumer of another network: no route leads to the database, and no rule between two groups could let it in. */
export function refuseStrangers(path: string, vpc: IVpc, consumer: IConnectConsumer): void {
  for (const group of consumer.connections.securityGroups) {
    const resource = group.node.defaultChild;
    if (!(resource instanceof CfnSecurityGroup)) continue;
    if (resource.vpcId !== undefined && certainlyDiffer(resource.vpcId, vpc.vpcId))
      throw new Error(
        `Database "${path}": connectTo must come from its own network, got "${group.node.path}" in another; ` +
          'stand both in one network, or connect the networks and write the rules by hand',
      );
  }
}

/** Two names of networks, each known now or made here. Of a name that only the deployment knows nothing can be said. */
function certainlyDiffer(one: string, other: string): boolean {
  return one !== other && [one, other].every((id) => !Token.isUnresolved(id) || isMadeHere(id));
}

function isMadeHere(id: string): boolean {
  const token = Tokenization.reverse(id, { failConcat: false });
  return Reference.isReference(token) && CfnVPC.isCfnVPC(token.target);
}
