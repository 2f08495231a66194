import { Severity } from '@groundplan/rules';
import pc from 'picocolors';
import type { Log } from 'sarif';
import { sarifLog, sarifResult } from '../../sarif-log';
import { drawTable } from '../../table';
import { MigrationReport, ReportedMigrationFinding } from './report';
import { RULES, isAcceptable } from './rules';
import { ACCEPTANCE } from './sql/acceptance';

const WIDTH = 80;
const HINT = `Where a statement is meant, say so before it, on a line of its own: ${ACCEPTANCE}`;

/** The report for a person: what is open, as a table, and a line about all of it. */
export function renderPretty({ findings, summary, folder }: MigrationReport): string {
  const open = findings.filter(({ acceptedBecause }) => acceptedBecause === undefined);
  const table = drawTable(['Where', 'Rule', 'What, why, and what to do'], open.map(rowOf));
  const parts = [
    ...(open.length > 0 ? [table] : []),
    ...(open.some(({ ruleId }) => isAcceptable(ruleId)) ? [HINT] : []),
    headline(summary, folder),
  ];
  return parts.join('\n\n');
}

function rowOf({ path, line, ruleId, severity, message, fix }: ReportedMigrationFinding): string[] {
  const mark = severity === Severity.ERROR ? pc.red('✗') : pc.yellow('!');
  const lines = [wrapped(message), pc.dim(wrapped(RULES[ruleId].because)), wrapped(fix)];
  return [`${path}:${line}`, `${mark} ${ruleId}`, lines.join('\n')];
}

function wrapped(text: string): string {
  return text
    .split(' ')
    .reduce((lines, word) => {
      const last = lines.at(-1);
      if (last === undefined || last.length + 1 + word.length > WIDTH) return [...lines, word];
      return [...lines.slice(0, -1), `${last} ${word}`];
    }, [] as string[])
    .join('\n');
}

function headline({ open, warnings, accepted, migrations }: MigrationReport['summary'], folder: string): string {
  const counted = `${migrations} ${migrations === 1 ? 'migration' : 'migrations'} of ${folder}`;
  const aside = [
    accepted > 0 ? `${accepted} accepted` : '',
    warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
  ].filter(Boolean);
  const rest = aside.length > 0 ? ` (${aside.join(', ')})` : '';
  return open > 0
    ? `${pc.red(`${open} open`)} in ${counted}${rest}.`
    : `${pc.green('Nothing is open')} in ${counted}${rest}.`;
}

/** The report as SARIF, with what was accepted and why. */
export function renderSarif({ rules, findings }: MigrationReport): Log {
  const results = findings.map((finding) => ({
    ...sarifResult(finding, finding.acceptedBecause),
    locations: [{ physicalLocation: { artifactLocation: { uri: finding.path }, region: { startLine: finding.line } } }],
    // The same finding stays the same one when lines move.
    partialFingerprints: { 'migration/v1': `${finding.ruleId}:${finding.file}:${finding.message}` },
  }));
  return sarifLog(rules, results);
}
