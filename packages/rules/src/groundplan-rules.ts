import { dirname, join, resolve } from 'node:path';
import { TemplateGraph } from '@groundplan/graph';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
  Stage,
} from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { Finding, Severity } from './finding';
import { PLUGIN_NAME } from './private/acknowledgements';
import { cdk, noteSettings } from './private/note-settings';
import { misplacedAcknowledgements } from './private/misplaced';
import { RuleSet } from './rule-set';
import type { RuleSettings } from './rule-settings';

/**
 * The rules as a validation plugin: every `cdk synth` of the app applies them and fails on a finding.
 *
 * A finding that cannot be fixed is acknowledged on the narrowest construct, with the reason:
 * `Validations.of(construct).acknowledge({ id: 'groundplan::TagCompleteness', reason: '…' })`.
 *
 * @example
 * import { GroundplanRules } from '@groundplan/rules';
 * import { App } from 'aws-cdk-lib';
 *
 * const app = new App();
 * GroundplanRules.addTo(app, { requiredTags: ['Owner', 'CostCenter'] });
 */
export class GroundplanRules implements IPolicyValidationPlugin {
  /**
   * Adds the rules to an App or a Stage.
   *
   * @param scope the App, or a Stage
   * @param settings what the rules go by; noted in every stack, so that `groundplan check` goes by the same
   * @throws where a required tag is empty, or stands there twice
   */
  public static addTo(scope: IConstruct, settings: RuleSettings = {}): GroundplanRules {
    noteSettings(scope, settings);
    const rules = new GroundplanRules();
    cdk().Validations.of(scope).addPlugins(rules);
    return rules;
  }

  /** Stands before the id of every rule: `groundplan::TagCompleteness`. */
  public readonly name: string = PLUGIN_NAME;
  public readonly ruleIds?: string[] = RuleSet.descriptions().map(({ ruleId }) => ruleId);

  /** Called by CDK when the templates are written. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const directory = (context.appConstruct as Stage).outdir;
    const folders = new Set(context.templatePaths.map((file) => dirname(resolve(file))));
    const findings = RuleSet.check(TemplateGraph.fromAssembly(directory)).filter(
      // a plugin of one Stage speaks of its stacks, each Stage has a folder of its own
      ({ templateFile }) => templateFile === '' || folders.has(dirname(join(directory, templateFile))),
    );
    const violations = [...findings, ...misplacedAcknowledgements(context.appConstruct)].map((finding) =>
      violationOf(finding, directory),
    );
    return { success: !violations.some(({ severity }) => severity === Severity.ERROR), violations };
  }
}

/** A finding in CDK's words. What was acknowledged is passed on too: CDK matches and records it itself. */
function violationOf(finding: Finding, directory: string): PolicyViolation {
  const { ruleId, severity, message, fix, path, logicalId, templateFile, location } = finding;
  const resource = logicalId
    ? { resourceLogicalId: logicalId, templatePath: join(directory, templateFile), locations: [location] }
    : { constructPath: path, locations: [] };
  return { ruleName: ruleId, severity, description: message, fix, violatingResources: [resource] };
}
