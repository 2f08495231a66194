import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** A key that only this database is encrypted with (C17). */
export function ownKey(scope: Construct): Key {
  const key = new Key(scope, 'Key', {
    description: `Database ${scope.node.path}`,
    enableKeyRotation: true,
    // Without it no snapshot could be read again, those that AWS Backup copied included.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // RDS works with grants. Nobody else may hand the key on (CT.KMS.PR.3):
  // https://docs.aws.amazon.com/controltower/latest/controlreference/kms-rules.html
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'GrantsForServicesOfAwsAlone',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    }),
  );
  return key;
}
