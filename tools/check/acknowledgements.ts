import { Stack, Validations } from 'aws-cdk-lib';
import { Finding, Tool, idOf } from './finding';
import type { Subject } from './subject';

/** Somebody accepted a rule's findings at a construct and below it, and said why. */
interface Acknowledgement {
  /** `checkov::CKV_AWS_158`. */
  readonly id: string;
  readonly path: string;
  readonly reason: string;
}

/** A finding that somebody accepted. */
interface AcknowledgedFinding extends Finding {
  readonly acknowledgedAt: string;
  readonly reason: string;
}

/** Findings by what became of them. */
export interface Sorted {
  readonly open: Finding[];
  readonly acknowledged: AcknowledgedFinding[];
  /** Acknowledgements that matched nothing: misspelt, at the wrong place, or no longer needed. */
  readonly unused: Acknowledgement[];
}

/** Findings of its own validator that aws-cdk-lib acknowledges in advance, wherever they might come up: nobody can take them out. */
const BY_CDK = [
  ...['E3019', 'F3002', 'F3003', 'F3032', 'F3037'],
  ...['W2506', 'W3010', 'W3045', 'W9003', 'W9009', 'W9010'],
].map((rule) => `CloudFormation-Validate::${rule}`);

/** What CDK puts before an id that names no tool; its own warnings are acknowledged under it. */
const NO_TOOL = 'Annotation::';

/**
 * Sorts findings into those that are open and those that are acknowledged on the construct or above it: the nearest counts.
 * Ids are compared letter by letter, as CDK compares them.
 *
 * @param silent the tools that could not run: an acknowledgement of theirs cannot be called unused
 */
export function sortOut(
  findings: readonly Finding[],
  subject: Subject,
  tools: readonly Tool[],
  silent: readonly Tool[],
): Sorted {
  const given = acknowledgementsIn(subject);
  const used = new Set<Acknowledgement>();
  const open: Finding[] = [];
  const acknowledged: AcknowledgedFinding[] = [];
  for (const finding of findings) {
    const [nearest] = given
      .filter(({ id, path }) => id === idOf(finding) && covers(path, finding.path))
      .sort((a, b) => b.path.length - a.path.length);
    if (!nearest) open.push(finding);
    else {
      used.add(nearest);
      acknowledged.push({ ...finding, acknowledgedAt: nearest.path, reason: nearest.reason });
    }
  }
  const unused = [...given.filter((acknowledgement) => !used.has(acknowledgement)), ...misplacedIn(subject)].filter(
    ({ id }) => isMeantForTools(id, tools) && !silent.some(({ namespace }) => id.startsWith(`${namespace}::`)),
  );
  return { open, acknowledged, unused };
}

/** The acknowledgements that the assembly carries. */
function acknowledgementsIn({ graph }: Subject): Acknowledgement[] {
  return graph.acknowledgements().map(({ ruleId, path, reason }) => ({ id: ruleId, path, reason }));
}

/** Acknowledgements on the App or a Stage: they reach no assembly, so they cover nothing. */
function misplacedIn({ app }: Subject): Acknowledgement[] {
  return app.node
    .findAll()
    .filter((construct) => !construct.node.scopes.some((scope) => Stack.isStack(scope)))
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(data as Record<string, string>))
        .map(([id, reason]) => ({ id, reason, path: node.path })),
    );
}

/** Also those whose tool is misspelt. Not those of CDK's own warnings, unless one was meant for a tool and names none. */
function isMeantForTools(id: string, tools: readonly Tool[]): boolean {
  if (BY_CDK.includes(id)) return false;
  return !id.startsWith(NO_TOOL) || tools.some(({ namespace }) => id.startsWith(`${NO_TOOL}${namespace}-`));
}

function covers(above: string, path: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}
