import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { CfnSecret, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import { Token } from 'aws-cdk-lib/core';

/** A value that ECS puts into a container's environment when a task starts. The template holds its name only. */
export class ContainerSecret {
  /**
   * A secret of Secrets Manager.
   *
   * @param field the key of the JSON in the secret, by default the whole of it
   * @throws where the secret is made in this app and has no such field
   */
  public static fromSecret(secret: ISecret, field?: string): ContainerSecret {
    const fields = field === undefined ? undefined : fieldsOf(secret);
    if (field !== undefined && fields && !fields.includes(field))
      throw new Error(
        `ContainerSecret: field must be one of ${fields.join(', ')}, which secret "${secret.node.path}" has, got "${field}"; name one of them, or leave it out for the whole secret`,
      );
    return new ContainerSecret(EcsSecret.fromSecretsManager(secret, field), secret);
  }

  /** A parameter of Systems Manager; a `SecureString` is decrypted. */
  public static fromParameter(parameter: IParameter): ContainerSecret {
    return new ContainerSecret(EcsSecret.fromSsmParameter(parameter));
  }

  private constructor(
    /** As CDK's container definitions take it. */
    public readonly secret: EcsSecret,
    /** The secret of Secrets Manager, where it is one. */
    public readonly source?: ISecret,
  ) {}
}

/** The fields of a secret whose content is generated in this app; nothing where it cannot be told. */
function fieldsOf(secret: ISecret): string[] | undefined {
  const resource = secret.node.defaultChild;
  if (!(resource instanceof CfnSecret)) return undefined;
  const generated = resource.generateSecretString;
  if (!generated || Token.isUnresolved(generated)) return undefined;
  const { secretStringTemplate, generateStringKey } = generated as CfnSecret.GenerateSecretStringProperty;
  if (!generateStringKey || !secretStringTemplate || Token.isUnresolved(secretStringTemplate)) return undefined;
  return [...Object.keys(JSON.parse(secretStringTemplate)), generateStringKey];
}
