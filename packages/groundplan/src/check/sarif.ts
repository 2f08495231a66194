import { Severity } from '@groundplan/rules';
import type { Location, Log, Result } from 'sarif';
import type { CheckReport, ReportedFinding } from './report';

/** The report as SARIF 2.1.0, which code hosts and editors show beside the lines. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif({ rules, findings, folder }: CheckReport): Log {
  const ids = rules.map(({ ruleId }) => ruleId);
  return {
    version: '2.1.0',
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: 'groundplan',
            informationUri: 'https://github.com/groundplan/groundplan',
            rules: rules.map(({ ruleId, demands, because }) => ({
              id: ruleId,
              shortDescription: { text: demands },
              ...(because && { fullDescription: { text: because } }),
            })),
          },
        },
        results: findings.map((finding) => resultOf(finding, ids, folder)),
      },
    ],
  };
}

function resultOf(finding: ReportedFinding, ids: readonly string[], folder: string): Result {
  const { ruleId, severity, message, fix, acknowledgedBecause } = finding;
  return {
    ruleId,
    ruleIndex: ids.indexOf(ruleId),
    level: severity === Severity.ERROR ? 'error' : 'warning',
    message: { text: `${message} ${fix}` },
    locations: [locationOf(finding, folder)],
    // The same finding stays the same one when lines move.
    partialFingerprints: { 'constructPath/v1': `${ruleId}:${finding.path}` },
    ...(acknowledgedBecause !== undefined && {
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: acknowledgedBecause }],
    }),
  };
}

function locationOf({ source, templateFile, path, resourceType }: ReportedFinding, folder: string): Location {
  const uri = source?.file ?? [folder.replace(/\/$/, ''), templateFile].filter(Boolean).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri },
      region: { startLine: source?.line ?? 1, startColumn: source?.column ?? 1 },
    },
    logicalLocations: [{ fullyQualifiedName: path, kind: resourceType ? 'resource' : 'object' }],
  };
}
