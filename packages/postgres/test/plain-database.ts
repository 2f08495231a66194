import { Environment, Tier, VitalSign } from '@groundplan/core';
import { Network } from '@groundplan/vpc';
import { CfnDBCluster, CfnDBInstance, Endpoint } from 'aws-cdk-lib/aws-rds';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PostgresDatabase, PostgresDatabaseProps } from '../src';

/** The least that is a kind of database: what all kinds share is tested without any of them. */
export class PlainDatabase extends PostgresDatabase {
  readonly endpoint: Endpoint;
  readonly readEndpoint: Endpoint;
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id, props);
    const settings = this.settingsOf(props);
    const cluster = new CfnDBCluster(this, 'Cluster', {
      engine: 'aurora-postgresql',
      masterUsername: settings.credentials.username,
      manageMasterUserPassword: true,
      databaseName: this.databaseName,
      dbSubnetGroupName: settings.subnetGroup.subnetGroupName,
      vpcSecurityGroupIds: settings.securityGroups.map(({ securityGroupId }) => securityGroupId),
      kmsKeyId: settings.storageEncryptionKey?.keyArn,
      storageEncrypted: true,
    });
    const writer = new CfnDBInstance(this, 'Writer', {
      dbClusterIdentifier: cluster.ref,
      dbInstanceClass: 'db.serverless',
      engine: 'aurora-postgresql',
    });
    this.endpoint = new Endpoint(cluster.attrEndpointAddress, Token.asNumber(cluster.attrEndpointPort));
    this.readEndpoint = this.endpoint;
    this.secret = Secret.fromSecretCompleteArn(this, 'Master', cluster.attrMasterUserSecretSecretArn);
    this.complete(props, {
      resource: cluster,
      writers: [writer],
      kind: 'cluster',
      secret: this.secret,
      resourceId: cluster.attrDbClusterResourceId,
    });
  }

  vitalSigns(): VitalSign[] {
    return [];
  }
}

const ENVIRONMENT = { account: '111111111111', region: 'eu-central-1' };

/** An app of one tier, with a network and a stack for data. */
export function ground(tier = Tier.PRODUCTION): { app: App; network: Network; stack: Stack } {
  const app = new App();
  Environment.define(app, {
    ...ENVIRONMENT,
    project: 'shop',
    name: tier,
    tier,
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    tags: { Owner: 'team-shop', CostCenter: '4711' },
  });
  const network = new Network(new Stack(app, 'Network', { env: ENVIRONMENT }), 'Network');
  return { app, network, stack: new Stack(app, 'Data', { env: ENVIRONMENT }) };
}

/** A database in it. */
export function database(tier = Tier.PRODUCTION, props: Partial<PostgresDatabaseProps> = {}): PlainDatabase {
  const { network, stack } = ground(tier);
  return new PlainDatabase(stack, 'Database', { vpc: network.vpc, ...props });
}
