import type { NagPack } from 'cdk-nag';
import { Finding, Report, sift } from './findings';
import { Scope, synthesized } from './synthesized';

/**
 * What cdk-nag holds against a scope: by default AWS Solutions and NIST 800-53 revision 5.
 *
 * Acknowledged findings are listed apart, with the reason. An id is either the rule's (`AwsSolutions-VPC7`) or carries
 * the pack's name (`AwsSolutions::AwsSolutions-VPC7`), which CDK's own report wants.
 */
export function nagFindings(scope: Scope, packs: NagPack[] = defaultPacks()): Report {
  // Aspects and lazy values settle in synthesis.
  synthesized(scope);
  const raw = packs.flatMap((pack) => {
    // cdk-nag drops what is acknowledged and keeps no record of it: let it report everything, and sift afterwards.
    Object.assign(pack, { isAcknowledged: () => false });
    return pack.validateScope(scope).violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }): Finding => ({
        source: pack.name,
        rule: ruleName,
        path: constructPath,
        reason: description.replace(/ - \(Control IDs?: .*\)\.?$/, ''),
      })),
    );
  });
  return sift(
    scope,
    packs.map((pack) => pack.name),
    raw,
  );
}

/** AWS Solutions, NIST 800-53 revision 5, PCI DSS 3.2.1, HIPAA and Serverless: what the `check` target runs. */
export function everyPack(): NagPack[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the kit
  const { HIPAASecurityChecks, PCIDSS321Checks, ServerlessChecks } = require('cdk-nag') as typeof import('cdk-nag');
  return [...defaultPacks(), new PCIDSS321Checks(), new HIPAASecurityChecks(), new ServerlessChecks()];
}

/** cdk-nag takes a second to load: only tests that ask for findings pay it. */
function defaultPacks(): NagPack[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the kit
  const { AwsSolutionsChecks, NIST80053R5Checks } = require('cdk-nag') as typeof import('cdk-nag');
  return [new AwsSolutionsChecks(), new NIST80053R5Checks()];
}
