import type { Location, Log, Result } from 'sarif';
import { sarifLog, sarifResult } from '../sarif-log';
import type { CheckReport, ReportedFinding } from './report';

/** The report as SARIF. */
export function renderSarif({ rules, findings, folder }: CheckReport): Log {
  const results = findings.map((finding) => resultOf(finding, folder));
  return sarifLog(rules, results);
}

function resultOf(finding: ReportedFinding, folder: string): Result {
  return {
    ...sarifResult(finding, finding.acknowledgedBecause),
    locations: [locationOf(finding, folder)],
    // The same finding stays the same one when lines move.
    partialFingerprints: { 'constructPath/v1': `${finding.ruleId}:${finding.path}` },
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
