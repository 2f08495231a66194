import type { NagPack } from 'cdk-nag';
import { cloudFormationFindings } from './cloudformation';
import { Finding, Report } from './findings';
import { nagFindings } from './nag';
import type { Scope } from './synthesized';

export interface CleanOptions {
  /** @default AWS Solutions and NIST 800-53 revision 5 */
  readonly packs?: NagPack[];
  /** Accept acknowledgements that match no finding. @default false: they are misspelt or no longer needed */
  readonly allowUnused?: boolean;
}

/**
 * Fails when cdk-nag or CloudFormation's own validator holds anything against a scope, and names rule, place and reason.
 *
 * Returns the report, so that a test can hold the acknowledged findings and their reasons in place.
 */
export function expectClean(scope: Scope, options: CleanOptions = {}): Report {
  const reports = [nagFindings(scope, options.packs), cloudFormationFindings(scope)];
  const report: Report = {
    findings: reports.flatMap(({ findings }) => findings),
    acknowledged: reports.flatMap(({ acknowledged }) => acknowledged),
    unused: reports.flatMap(({ unused }) => unused),
  };
  const unused = options.allowUnused ? [] : report.unused;
  if (report.findings.length + unused.length === 0) return report;
  throw new Error(
    [
      ...(report.findings.length
        ? [
            `${report.findings.length} ${report.findings.length > 1 ? 'findings' : 'finding'}. ${WHAT_TO_DO}`,
            ...byPath(report.findings),
          ]
        : []),
      ...(unused.length ? ['Acknowledgements that match no finding: misspelt, misplaced or no longer needed.'] : []),
      ...unused.map(({ id, acknowledgedAt }) => `  ${acknowledgedAt}\n    ${id}`),
    ].join('\n'),
  );
}

const WHAT_TO_DO =
  'Fix what can be fixed; acknowledge the rest on the narrowest child, with the reason: Validations.of(child).acknowledge({ id, reason }).';

function byPath(findings: Finding[]): string[] {
  const paths = [...new Set(findings.map(({ path }) => path))];
  return paths.flatMap((path) => [
    `  ${path}`,
    ...findings
      .filter((finding) => finding.path === path)
      .map(({ source, rule, reason }) => `    ${source.replace(/ /g, '-')}::${rule}  ${reason}`),
  ]);
}
