import { Findings } from '@groundplan/core';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Credentials } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { MasterUser } from '../master-user';

/** Who a database begins with: RDS keeps the password, or a secret does that is made here. */
export function credentialsOf(scope: Construct, master: MasterUser, encryptionKey: IKey | undefined): Credentials {
  const { _username: username, _rotateEvery: every, _isManaged: isManaged } = master;
  if (isManaged) return Credentials.fromUsername(username, { encryptionKey });
  const secret = new Secret(scope, 'MasterSecret', {
    description: `Password of ${username} in ${scope.node.path}`,
    encryptionKey,
    removalPolicy: RemovalPolicy.DESTROY,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username }),
      generateStringKey: 'password',
      passwordLength: 32, // C18
      // In a URL and in a shell it stands as it is.
      excludePunctuation: true,
    },
  });
  acknowledgeSecret(secret, encryptionKey, every !== undefined);
  return Credentials.fromSecret(secret, username);
}

function acknowledgeSecret(secret: Secret, encryptionKey: IKey | undefined, isRotated: boolean): void {
  const resource = secret.node.defaultChild!;
  if (!isRotated)
    Findings.acknowledge(
      resource,
      ROTATION,
      'RDS refuses read replicas of an instance whose password it manages. Pass rotateEvery to MasterUser.generated() for a function that changes it, or MasterUser.managed() without replicas.',
    );
  if (!encryptionKey)
    Findings.acknowledge(
      resource,
      [...Findings.standards('SecretsManagerUsingKMSKey'), 'checkov::CKV_AWS_149'],
      'Secrets Manager encrypts with its own key. Pass encryptionKey to the database for a key of yours.',
    );
}

const ROTATION = [
  'AwsSolutions-SMG4',
  'NIST.800.53.R5-SecretsManagerRotationEnabled',
  'HIPAA.Security-SecretsManagerRotationEnabled',
];
