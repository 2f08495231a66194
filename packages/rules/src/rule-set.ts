import type { GraphResource, TemplateGraph } from '@groundplan/graph';
import { Finding, RuleDescription, Severity } from './finding';
import { Acknowledgements } from './private/acknowledgements';
import { CheckedAssembly, Objection, Rule } from './private/rule';
import { databaseIsolation } from './private/rules/database-isolation';
import { encryptionAtRest } from './private/rules/encryption-at-rest';
import { flowLogs } from './private/rules/flow-logs';
import { httpsOnly } from './private/rules/https-only';
import { logRetention } from './private/rules/log-retention';
import { noUndeclaredPublicIngress } from './private/rules/public-ingress';
import { resourceTypeExists } from './private/rules/resource-type-exists';
import { tagCompleteness } from './private/rules/tag-completeness';

const RULES: readonly Rule[] = [
  tagCompleteness,
  noUndeclaredPublicIngress,
  databaseIsolation,
  httpsOnly,
  logRetention,
  flowLogs,
  encryptionAtRest,
  resourceTypeExists,
];

/** What the reader of an assembly says about it. */
export interface CheckOptions {
  /**
   * Tags that every resource has to carry, for assemblies that do not say it themselves.
   *
   * @default Project, Environment, ManagedBy, Owner and CostCenter
   */
  readonly requiredTags?: string[];
}

/** The five standard tags of the platforms that this library answers (C5, CA-007…012, IP-060). */
const STANDARD_TAGS = ['Project', 'Environment', 'ManagedBy', 'Owner', 'CostCenter'];

/** All rules, applied to a graph. */
export class RuleSet {
  /** What there is. */
  public static descriptions(): RuleDescription[] {
    return RULES.map(({ id, demands, because }) => ({ ruleId: id, demands, because }));
  }

  /**
   * Everything that the rules hold against an assembly, with what was acknowledged (`acknowledgedBecause` says why), and
   * with the acknowledgements that are misspelt or match nothing.
   */
  public static check(graph: TemplateGraph, options?: CheckOptions): Finding[] {
    const acknowledgements = new Acknowledgements(
      graph,
      RULES.map(({ id }) => id),
    );
    const assembly = new CheckedAssembly(graph, options?.requiredTags ?? STANDARD_TAGS);
    const findings = RULES.flatMap((rule) =>
      rule.check(assembly).map((objection) => acknowledgements.applyTo(findingOf(rule, objection))),
    );
    return [...findings, ...acknowledgements.findings()];
  }

  private constructor() {}
}

function findingOf({ id }: Rule, { resource, message, fix, location, severity }: Objection): Finding {
  const { path, type, logicalId, templateFile }: GraphResource = resource;
  return {
    ruleId: id,
    severity: severity ?? Severity.ERROR,
    path,
    resourceType: type,
    logicalId,
    templateFile,
    location: location ?? 'Properties',
    message,
    fix,
  };
}
