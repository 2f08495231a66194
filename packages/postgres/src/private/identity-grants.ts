import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';

/**
 * Has a secret grant its key along with itself, in the policy of whoever reads it.
 *
 * aws-cdk-lib writes readers into the key's policy: the stack of the data would then depend on every stack that reads it, and
 * these depend on the data. The key trusts the policies of its account, so the reader's side is enough; on the secret itself it
 * is narrowed to what Secrets Manager asks on behalf of the reader.
 */
export function grantByIdentity(secret: ISecret, key: IKey | undefined): void {
  if (!key) return;
  const grantRead = secret.grantRead.bind(secret);
  secret.grantRead = (grantee, versionStages) => {
    const { region, urlSuffix } = Stack.of(secret);
    Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
    });
    return grantRead(grantee, versionStages);
  };
}
