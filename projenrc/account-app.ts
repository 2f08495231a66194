import { JsonFile, javascript } from 'projen';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { jestConfig } from './jest';
import { Monorepo } from './monorepo';
import { V } from './versions';
import { IMember, joinWorkspace, memberOptions, names, siblingRange } from './workspace-member';

export interface AccountAppOptions {
  /** Construct packages that the app is made of. */
  readonly uses: IMember[];
  /** Packages that only the tests import. */
  readonly testsWith?: IMember[];
}

/** A thin CDK app that deploys one AWS account. Never published. */
export class AccountApp extends javascript.NodeProject {
  constructor(root: Monorepo, name: string, options: AccountAppOptions) {
    super({
      ...memberOptions(root, `apps/${name}`),
      name: `@groundplan/app-${name}`,
      package: false,
      entrypoint: '',
      npmignoreEnabled: false,
      deps: [`aws-cdk-lib@${V.awsCdkLib}`, `constructs@${V.constructs}`, ...options.uses.map(siblingRange)],
      devDeps: (options.testsWith ?? []).map(siblingRange),
    });
    this.deps.removeDependency('projen');
    this.package.addField('private', true);
    new JsonFile(this, 'cdk.json', {
      marker: false,
      obj: {
        app: 'tsx --tsconfig ../../tsconfig.json src/main.ts',
        context: {
          ...recommendedFlags,
          // CloudFormation's own validator runs in every synth; here its findings are errors.
          '@aws-cdk/core:validateAgainstDefaultRules': true,
        },
      },
    });
    new JsonFile(this, 'jest.config.json', { marker: false, obj: jestConfig() });
    this.gitignore.exclude('/cdk.out/', '/check-report.json');
    root.allowImports({
      folder: `apps/${name}`,
      packageName: this.package.packageName,
      sources: names(options.uses),
      tests: names(options.testsWith),
    });
    joinWorkspace(this, name, { test: {}, synth: {}, check: {}, diff: {}, deploy: {}, destroy: {} });
  }
}
