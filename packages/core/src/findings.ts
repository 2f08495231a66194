import { Stack, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** cdk-nag's packs: their rules begin with the pack's name, which CDK wants once more before it. */
const PACKS = ['AwsSolutions', 'NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security', 'Serverless'];

/**
 * An id that CDK would keep as it is: `checkov::CKV_AWS_18`. Its own way is to take a stack trace for each, which costs more than all the
 * rest of a construct's acknowledgements; written as its documentation has plugins read them, those of one reason need none.
 */
const PLAIN = /^(?!(annotation|Construct-Annotations)::)[\w.-]+::[\w.-]+$/i;

/** What rules find in a construct although it cannot be otherwise: acknowledged where it is found, with a reason. */
export class Findings {
  /**
   * Acknowledges findings on a construct and on what stands below it: one reason for all tools that find the same. Said twice,
   * the first reason stands.
   *
   * @param construct the narrowest one that the finding is about
   * @param rules of cdk-nag as the finding names them (`AwsSolutions-VPC3`), of other tools with the tool
   *   (`checkov::CKV_AWS_18`, `cfn-lint::W3005`, `cdk-validator-cfnguard::…`, `groundplan::HttpsOnly`)
   * @param reason why it is right as it is, and what the alternative is
   */
  public static acknowledge(construct: IConstruct, rules: string[], reason: string): void {
    const plain: { [id: string]: string } = {};
    for (const rule of rules) {
      const pack = PACKS.find((name) => rule.startsWith(`${name}-`));
      // CDK matches `<plugin>::<rule>` exactly and passes over anything else in silence.
      const id = pack ? `${pack}::${rule}` : rule;
      if (isAcknowledged(construct, id)) continue;
      if (PLAIN.test(id)) plain[id] = reason;
      else Validations.of(construct).acknowledge({ id, reason });
    }
    if (Object.keys(plain).length > 0) construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, plain);
  }

  /** A rule that NIST 800-53 R5, PCI DSS 3.2.1 and HIPAA have in common, by its name in each. */
  public static standards(rule: string): string[] {
    return [`NIST.800.53.R5-${rule}`, `PCI.DSS.321-${rule}`, `HIPAA.Security-${rule}`];
  }

  /**
   * What AWS Solutions calls a resource with a wildcard in a policy.
   *
   * @param scope where the policy stands
   * @param arn the resource, with its wildcard
   */
  public static wildcard(scope: IConstruct, arn: string): string {
    const resolved: string | JoinedArn = Stack.of(scope).resolve(arn);
    const text =
      typeof resolved === 'string'
        ? resolved
        : resolved['Fn::Join'][1]
            .map((part) => (typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt']!.join('.')}>`))
            .join('');
    return `AwsSolutions-IAM5[Resource::${text}]`;
  }

  private constructor() {}
}

interface JoinedArn {
  readonly 'Fn::Join': [string, (string | { readonly Ref?: string; readonly 'Fn::GetAtt'?: string[] })[]];
}

function isAcknowledged(construct: IConstruct, id: string): boolean {
  return construct.node.metadata.some(
    ({ type, data }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY && id in (data as object),
  );
}
