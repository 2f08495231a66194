import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnElement, CloudFormationValidatePlugin, Stack, Token } from 'aws-cdk-lib';
import { Finding, Report, sift } from './findings';
import { Scope, SynthesizedTemplate, synthesized } from './synthesized';

let validator: CloudFormationValidatePlugin | undefined;
/** The types of resources that the engine of the validator was made for. */
const known = new Set<string>();

/**
 * What CloudFormation's own validator holds against a scope's templates, warnings included.
 *
 * It is the validator that runs in every `cdk synth`, called directly: `CDK_VALIDATION=false`, which keeps tests fast,
 * does not switch it off here. Its engine takes a second or two to start, once per test file and again for types that are new.
 * Acknowledge with the validator's name before the rule: `CloudFormation-Validate::W3005`.
 */
export function cloudFormationFindings(scope: Scope): Report {
  validator ??= new CloudFormationValidatePlugin();
  const templates = synthesized(scope);
  prepare(validator, templates);
  const { violations } = validator.validate({
    templatePaths: templates.map(({ file }) => file),
    stackTemplates: templates.map(({ file, stack }) => ({
      stackConstructPath: stack.node.path,
      templatePath: file,
      accountId: literal(stack.account),
      region: literal(stack.region),
    })),
    appConstruct: scope.node.root,
  });
  const raw = violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath, resourceLogicalId, templatePath }): Finding => ({
      source: CloudFormationValidatePlugin.PLUGIN_NAME,
      rule: ruleName,
      path: constructPath ?? pathOf(templates, templatePath, resourceLogicalId),
      reason: description,
    })),
  );
  // aws-cdk-lib acknowledges findings of its own validator in advance, also where there are none: none counts as unused.
  return sift(scope, [], raw);
}

/**
 * Has the engine made for all types that were ever asked about: the validator makes another one, which takes a second, whenever
 * a template holds a type that the one before did not.
 */
function prepare(plugin: CloudFormationValidatePlugin, templates: SynthesizedTemplate[]): void {
  const before = known.size;
  for (const { template } of templates) for (const { Type } of Object.values(template.Resources ?? {})) known.add(Type);
  if (known.size === before) return;
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-types-'));
  try {
    const templatePath = join(folder, 'types.json');
    const resources = [...known].map((Type, index) => [`Resource${index}`, { Type }]);
    writeFileSync(templatePath, JSON.stringify({ Resources: Object.fromEntries(resources) }));
    const stackTemplates = [{ stackConstructPath: '', templatePath, accountId: undefined, region: undefined }];
    plugin.validate({ templatePaths: [templatePath], stackTemplates, appConstruct: templates[0].stack.node.root });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pathOf(templates: SynthesizedTemplate[], file: string | undefined, logicalId: string | undefined): string {
  const stack = templates.find((template) => template.file === file)?.stack;
  if (!stack || !logicalId) return stack?.node.path ?? '';
  const element = stack.node
    .findAll()
    .find((child) => CfnElement.isCfnElement(child) && Stack.of(child) === stack && idOf(child) === logicalId);
  return element?.node.path ?? `${stack.node.path}/${logicalId}`;
}

function idOf(element: CfnElement): string {
  return element.stack.resolve(element.logicalId) as string;
}

function literal(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
