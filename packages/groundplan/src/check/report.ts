import type { TemplateGraph } from '@groundplan/graph';
import { Finding, RuleDescription, RuleSet, Severity } from '@groundplan/rules';
import { SourcePlace, SourcePlaces } from './source-places';

/** A finding with the line of the app that made what it is about. */
export interface ReportedFinding extends Finding {
  readonly source?: SourcePlace;
}

/** What `check --format json` prints. */
export interface CheckReport {
  readonly folder: string;
  readonly summary: {
    /** Findings that fail the check. */
    readonly open: number;
    readonly warnings: number;
    readonly acknowledged: number;
    readonly resources: number;
  };
  readonly rules: RuleSummary[];
  readonly findings: ReportedFinding[];
}

/** How one rule came out. */
interface RuleSummary extends RuleDescription {
  readonly found: number;
  readonly acknowledged: number;
  readonly open: number;
}

export interface ReportOptions {
  /** Warnings count as open. */
  readonly strict: boolean;
  /** Acknowledged findings are listed too. */
  readonly all: boolean;
}

export function reportOf(
  folder: string,
  graph: TemplateGraph,
  findings: Finding[],
  { strict, all }: ReportOptions,
): CheckReport {
  const places = new SourcePlaces(graph);
  const open = findings.filter(({ acknowledgedBecause }) => acknowledgedBecause === undefined);
  const fails = open.filter(({ severity }) => strict || severity === Severity.ERROR);
  return {
    folder,
    summary: {
      open: fails.length,
      warnings: open.filter(({ severity }) => severity === Severity.WARNING).length,
      acknowledged: findings.length - open.length,
      resources: graph.resources().length,
    },
    rules: rulesOf(findings),
    findings: (all ? findings : open).map((finding) => ({ ...finding, source: places.of(finding.path) })),
  };
}

/** Every rule, also those that found nothing, and then what is wrong with acknowledgements. */
function rulesOf(findings: readonly Finding[]): RuleSummary[] {
  const described = RuleSet.descriptions();
  const others = [...new Set(findings.map(({ ruleId }) => ruleId))]
    .filter((ruleId) => !described.some((rule) => rule.ruleId === ruleId))
    .map((ruleId) => ({ ruleId, demands: 'An acknowledgement names a rule and matches a finding.', because: '' }));
  return [...described, ...others].map((rule) => {
    const found = findings.filter(({ ruleId }) => ruleId === rule.ruleId);
    const acknowledged = found.filter(({ acknowledgedBecause }) => acknowledgedBecause !== undefined).length;
    return { ...rule, found: found.length, acknowledged, open: found.length - acknowledged };
  });
}
