import { CfnRotationSchedule, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { FIXED } from './defaults';

/**
 * Changes how often RDS rotates the secret that it keeps. The L2 asks for a function or for hosted rotation, neither of which a
 * managed secret has: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
 */
export function rotateMaster(
  scope: Construct,
  secret: ISecret,
  every: Duration | undefined,
  instances: CfnResource[],
): void {
  const days = every?.toDays();
  if (days === undefined || days === FIXED.rdsRotationDays) return;
  const schedule = new CfnRotationSchedule(scope, 'Rotation', {
    secretId: secret.secretArn,
    rotationRules: { automaticallyAfterDays: days },
    rotateImmediatelyOnUpdate: false,
  });
  // RDS would refuse to have its schedule taken away.
  schedule.applyRemovalPolicy(RemovalPolicy.RETAIN);
  for (const instance of instances) schedule.node.addDependency(instance);
}
