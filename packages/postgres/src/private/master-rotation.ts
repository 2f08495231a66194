import { Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CfnRotationSchedule, HostedRotation, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnResource, RemovalPolicy } from 'aws-cdk-lib/core';
import type { MasterUser } from '../master-user';
import type { PostgresDatabase } from '../postgres-database';
import { FIXED } from './defaults';

/** Has the password of the master user change. */
export function rotateMaster(
  database: PostgresDatabase,
  master: MasterUser,
  secret: ISecret,
  instances: CfnResource[],
): void {
  if (master._isManaged) rescheduleRds(database, master, secret, instances);
  else if (master._rotateEvery) rotateByFunction(database, master, secret, instances);
}

/**
 * Changes how often RDS rotates the secret that it keeps. The L2 asks for a function or for hosted rotation, neither of which a
 * managed secret has: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
 */
function rescheduleRds(
  database: PostgresDatabase,
  { _rotateEvery: every }: MasterUser,
  secret: ISecret,
  instances: CfnResource[],
): void {
  const days = every?.toDays();
  if (days === undefined || days === FIXED.rdsRotationDays) return;
  const schedule = new CfnRotationSchedule(database, 'Rotation', {
    secretId: secret.secretArn,
    rotationRules: { automaticallyAfterDays: days },
    rotateImmediatelyOnUpdate: false,
  });
  // RDS would refuse to have its schedule taken away.
  schedule.applyRemovalPolicy(RemovalPolicy.RETAIN);
  for (const instance of instances) schedule.node.addDependency(instance);
}

/** A function that AWS wrote and CloudFormation adds: it asks Secrets Manager and the database, and nothing else. */
function rotateByFunction(
  database: PostgresDatabase,
  { _rotateEvery: every, _rotationSubnets: vpcSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS } }: MasterUser,
  secret: ISecret,
  instances: CfnResource[],
): void {
  const { vpc, connections } = database;
  const group = new SecurityGroup(database, 'RotationSecurityGroup', {
    vpc,
    description: `Rotation of ${database.node.path}`.replace(/[^\w./: -]/g, '-').slice(0, 255),
    allowAllOutbound: false,
  });
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Secrets Manager');
  connections.allowFrom(group, Port.tcp(FIXED.port), 'Rotation of the master password');
  const schedule = secret.addRotationSchedule('Rotation', {
    automaticallyAfter: every,
    rotateImmediatelyOnUpdate: false,
    hostedRotation: HostedRotation.postgreSqlSingleUser({ vpc, vpcSubnets, securityGroups: [group] }),
  });
  schedule.node.addDependency(...instances);
}
