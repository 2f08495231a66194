import { CloudFormationValidatePlugin, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { RawFinding, Tool } from '../finding';
import type { Subject } from '../subject';

/** CloudFormation's own validator, warnings included. */
export function cloudFormationValidate(): Tool {
  return {
    title: 'CloudFormation',
    namespace: 'CloudFormation-Validate',
    run: (subject) => findingsOf(new CloudFormationValidatePlugin(), subject),
  };
}

/** The Guard rules of Control Tower's proactive controls. The engine comes with the package: nothing is downloaded. */
export function guard(): Tool {
  return {
    title: 'Control Tower Guard',
    namespace: 'cdk-validator-cfnguard',
    // Guard echoes the resources that it finds something in: a megabyte, Node's default, is too little for a large app.
    run: (subject) => findingsOf(new CfnGuardValidator({ maxBuffer: 512 * 1024 * 1024 }), subject),
  };
}

/** Runs one of CDK's validation plugins on the templates, as `cdk synth` does. */
function findingsOf(plugin: IPolicyValidationPlugin, subject: Subject): RawFinding[] {
  const { violations } = plugin.validate({
    templatePaths: subject.templates.map(({ file }) => file),
    stackTemplates: subject.templates.map(({ file, stackPath, account, region }) => ({
      stackConstructPath: stackPath,
      templatePath: file,
      accountId: account,
      region,
    })),
    appConstruct: subject.app,
  });
  return violations.flatMap(({ ruleName, description, fix, violatingResources }) =>
    violatingResources.map(({ constructPath, resourceLogicalId, templatePath = '' }) => ({
      rule: ruleName,
      path: constructPath ?? subject.pathOf(templatePath, resourceLogicalId),
      message: description,
      fix,
    })),
  );
}
