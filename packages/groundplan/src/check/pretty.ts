import { Severity } from '@groundplan/rules';
import pc from 'picocolors';
import { drawTable } from '../table';
import type { CheckReport, ReportedFinding } from './report';

/** The report for a person: what is open first by rule, then the table of all rules. */
export function renderPretty(report: CheckReport): string {
  const { findings, rules, summary } = report;
  const rows = rules.map(({ ruleId, found, acknowledged, open }) => [
    ruleId,
    String(found),
    String(acknowledged),
    open > 0 ? pc.red(String(open)) : '0',
  ]);
  return [
    ...rules.map(({ ruleId }) => renderRule(ruleId, findings)).filter(Boolean),
    drawTable(['Rule', 'Found', 'Acknowledged', 'Open'], rows),
    headline(summary, report.folder),
  ].join('\n\n');
}

function renderRule(rule: string, all: readonly ReportedFinding[]): string {
  const findings = all.filter(({ ruleId }) => ruleId === rule);
  if (findings.length === 0) return '';
  return [pc.bold(rule), ...findings.map(renderFinding)].join('\n');
}

function renderFinding({ severity, message, fix, source, acknowledgedBecause }: ReportedFinding): string {
  const mark =
    acknowledgedBecause !== undefined ? pc.green('✓') : severity === Severity.ERROR ? pc.red('✗') : pc.yellow('!');
  const place = source ? `\n      ${pc.dim(`${source.file}:${source.line}:${source.column}`)}` : '';
  const rest = acknowledgedBecause === undefined ? fix : `acknowledged: ${acknowledgedBecause}`;
  return `  ${mark} ${message}${place}\n      ${rest}`;
}

function headline({ open, warnings, acknowledged, resources }: CheckReport['summary'], folder: string): string {
  const counted = `${resources} resources of ${folder}`;
  const aside = [
    acknowledged > 0 ? `${acknowledged} acknowledged` : '',
    warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
  ].filter(Boolean);
  const rest = aside.length > 0 ? ` (${aside.join(', ')})` : '';
  return open > 0
    ? `${pc.red(`${open} open`)} in ${counted}${rest}.`
    : `${pc.green('Nothing is open')} in ${counted}${rest}.`;
}
