import type { AcknowledgedRule, TemplateGraph } from '@groundplan/graph';
import { Finding, Severity } from '../finding';
import { nearestTo } from './nearest';
import { isAtOrBelow } from './paths';

/** The name that stands before a rule's id in an acknowledgement. CDK compares it letter by letter. */
export const PLUGIN_NAME = 'groundplan';

const PREFIX = `${PLUGIN_NAME}::`;

/** The acknowledgements of our rules in an assembly: CDK passes over one that matches nothing, so we say it. */
export class Acknowledgements {
  private readonly given: readonly AcknowledgedRule[];
  private readonly used = new Set<AcknowledgedRule>();

  constructor(
    graph: TemplateGraph,
    private readonly ruleIds: readonly string[],
  ) {
    this.given = graph.acknowledgements().filter(({ ruleId }) => this.isMeantForUs(ruleId));
  }

  /** The finding, with the reason of the acknowledgement that stands nearest above it. */
  public applyTo(finding: Finding): Finding {
    const matching = this.given
      .filter(({ ruleId, path }) => ruleId === PREFIX + finding.ruleId && isAtOrBelow(finding.path, path))
      .sort((a, b) => b.path.length - a.path.length);
    if (matching.length === 0) return finding;
    this.used.add(matching[0]);
    return { ...finding, acknowledgedBecause: matching[0].reason };
  }

  /** What is wrong with the acknowledgements themselves, once all findings were seen. */
  public findings(): Finding[] {
    return this.given.flatMap((acknowledgement) => {
      const { ruleId, path } = acknowledgement;
      const rule = ruleId.slice(namespaceOf(ruleId).length + 2);
      if (!ruleId.startsWith(PREFIX) || !this.ruleIds.includes(rule))
        return aboutAcknowledgement(path, 'UnknownRule', Severity.ERROR, {
          message: `${path} acknowledges "${ruleId}", which is no rule: CDK passes over it without a word.`,
          fix: `Did you mean "${PREFIX}${nearestTo(rule, this.ruleIds)}"?`,
        });
      if (this.used.has(acknowledgement)) return [];
      return aboutAcknowledgement(path, 'UnusedAcknowledgement', Severity.WARNING, {
        message: `${path} acknowledges "${ruleId}", and nothing at or below it is found.`,
        fix: 'Take it out, or put it on the construct that the finding names.',
      });
    });
  }

  /** In whatever spelling: CDK stores an id without a name before it as one of its own annotations. */
  private isMeantForUs(ruleId: string): boolean {
    const namespace = namespaceOf(ruleId);
    const rule = ruleId.slice(namespace.length + 2);
    return namespace.toLowerCase() === PLUGIN_NAME || (namespace === 'Annotation' && this.ruleIds.includes(rule));
  }
}

/** A finding about an acknowledgement, which is no resource of any template. */
export function aboutAcknowledgement(
  path: string,
  ruleId: string,
  severity: Severity,
  said: Pick<Finding, 'message' | 'fix'>,
): Finding {
  const nothing = { resourceType: '', logicalId: '', templateFile: '', location: 'Metadata' };
  return { ruleId, severity, path, ...nothing, ...said };
}

function namespaceOf(ruleId: string): string {
  return ruleId.split('::')[0];
}
