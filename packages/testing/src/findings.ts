import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Scope } from './synthesized';

/** Something that a validator holds against a construct. */
export interface Finding {
  /** The validator: `AwsSolutions`, `NIST.800.53.R5`, `CloudFormation Validate`. */
  readonly source: string;
  readonly rule: string;
  /** The construct path of the resource. */
  readonly path: string;
  readonly reason: string;
}

/** A finding that somebody accepted, and why. */
export interface AcknowledgedFinding extends Finding {
  readonly acknowledgedAt: string;
  readonly because: string;
}

/** An acknowledgement that matches no finding: misspelt, at the wrong place, or no longer needed. */
export interface UnusedAcknowledgement {
  readonly id: string;
  readonly acknowledgedAt: string;
  readonly because: string;
}

/** What validators say about a scope. */
export interface Report {
  readonly findings: Finding[];
  readonly acknowledged: AcknowledgedFinding[];
  readonly unused: UnusedAcknowledgement[];
}

interface Acknowledgement {
  readonly id: string;
  readonly at: IConstruct;
  readonly because: string;
}

/**
 * Sorts findings into those that stand and those that are acknowledged on the construct or above it.
 *
 * @param sources the validators that ran, by name: only acknowledgements of their rules can be unused
 */
export function sift(scope: Scope, sources: string[], raw: Finding[]): Report {
  const given = acknowledgements(scope);
  const used = new Set<Acknowledgement>();
  const report: Report = { findings: [], acknowledged: [], unused: [] };
  for (const finding of raw) {
    const match = given
      .filter(({ id, at }) => covers(at.node.path, finding.path) && spellings(finding).includes(id))
      .sort((a, b) => b.at.node.path.length - a.at.node.path.length)[0];
    if (match) {
      used.add(match);
      report.acknowledged.push({ ...finding, acknowledgedAt: match.at.node.path, because: match.because });
    } else report.findings.push(finding);
  }
  const namespaces = sources.map(dashed);
  for (const acknowledgement of given) {
    const { id, at, because } = acknowledgement;
    if (!covers(scope.node.path, at.node.path)) continue;
    const concerns = namespaces.some((name) => id.startsWith(`${name}::`) || id.startsWith(`${BARE}${name}-`));
    if (concerns && !used.has(acknowledgement)) report.unused.push({ id, acknowledgedAt: at.node.path, because });
  }
  return report;
}

/** What CDK puts before an id that names no validator. */
const BARE = 'Annotation::';

/** The ids under which CDK stores an acknowledgement of a finding: with the validator's name before it, or bare. */
function spellings({ source, rule }: Finding): string[] {
  return [`${dashed(source)}::${dashed(rule)}`, `${BARE}${rule}`];
}

function dashed(text: string): string {
  return text.replace(/ /g, '-');
}

function covers(above: string, path: string): boolean {
  return above === '' || path === above || path.startsWith(`${above}/`);
}

/** Every acknowledgement at, below and above a scope. */
function acknowledgements(scope: Scope): Acknowledgement[] {
  const above = scope.node.scopes.slice(0, -1);
  return [...above, ...scope.node.findAll()].flatMap((at) =>
    at.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, because]) => ({ id, at, because })),
  );
}
