import { JsonFile, javascript } from 'projen';
import { ConstructPackage } from './construct-package';
import { jestConfig } from './jest';
import { Monorepo } from './monorepo';
import { V } from './versions';
import { IMember, joinWorkspace, memberOptions, names, siblingRange } from './workspace-member';

export interface DocsSiteOptions {
  /** Packages beside the construct packages whose code stands in the guide. */
  readonly showsCodeOf: IMember[];
}

/** The documentation site, in `docs/`: the guide, a page for every package, the decisions. Created after all members. */
export class DocsSite extends javascript.NodeProject {
  constructor(root: Monorepo, options: DocsSiteOptions) {
    const libraries = root.subprojects.filter((project) => project instanceof ConstructPackage);
    super({
      ...memberOptions(root, 'docs'),
      name: '@groundplan/docs',
      description: 'The documentation site',
      package: false,
      entrypoint: '',
      npmignoreEnabled: false,
      // What code on the pages may import: it is compiled here.
      devDeps: [
        `aws-cdk-lib@${V.awsCdkLib}`,
        `constructs@${V.constructs}`,
        ...[...libraries, ...options.showsCodeOf].map(siblingRange),
      ],
    });
    this.deps.removeDependency('projen');
    this.package.addField('private', true);
    new JsonFile(this, 'jest.config.json', { marker: false, obj: jestConfig('<rootDir>/..') });
    this.gitignore.exclude('/generated/', '/.vitepress/cache/', '/.vitepress/dist/');
    const imported = names([...libraries, ...options.showsCodeOf]);
    root.allowImports({ folder: 'docs', packageName: this.package.packageName, sources: [], tests: imported });

    joinWorkspace(this, 'docs', {
      reference: {},
      docs: {},
      preview: {},
      // The only tests that need something built: they open it in a browser.
      test: {
        dependsOn: ['docs'],
        inputs: [
          'default',
          '^production',
          '{workspaceRoot}/apps/dev/src/main.ts',
          { dependentTasksOutputFiles: '.vitepress/dist/**/*' },
        ],
      },
    });
  }
}
