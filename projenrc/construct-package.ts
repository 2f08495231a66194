import { JsonFile, cdk, javascript } from 'projen';
import { jestConfig } from './jest';
import { Monorepo } from './monorepo';
import { V } from './versions';
import { IMember, joinWorkspace, memberOptions, names, siblingRange } from './workspace-member';

export interface ConstructPackageOptions {
  readonly description: string;
  /** Construct packages that the sources import: peers of the published package. */
  readonly siblings?: IMember[];
  /** Packages that only the tests import. */
  readonly testsWith?: IMember[];
  /** Development dependencies of the tests, with versions. */
  readonly devDeps?: string[];
  /**
   * Whether what reads an assembly from a folder works without aws-cdk-lib: it is loaded when an app is handed over, and
   * whoever has an app has it. npm then does not install its 160 MB for somebody who only runs the `groundplan` command.
   * @default false
   */
  readonly worksWithoutCdk?: boolean;
}

/** A jsii module: npm `@groundplan/<name>`, PyPI `groundplan-<name>`, Python `groundplan.<name>`. No runtime dependencies. */
export class ConstructPackage extends cdk.JsiiProject implements IMember {
  public readonly packageName: string;

  constructor(root: Monorepo, name: string, options: ConstructPackageOptions) {
    const siblings = (options.siblings ?? []).map(siblingRange);
    const folder = `packages/${name}`;
    const { repository, authorName, authorEmail, ...member } = memberOptions(root, folder);
    super({
      ...member,
      author: authorName,
      authorAddress: authorEmail,
      repositoryUrl: repository,
      name: `@groundplan/${name}`,
      description: options.description,
      sampleCode: false,
      eslint: false,
      docgen: false,
      projenrcTs: false,
      disableTsconfigDev: true,
      jsiiVersion: V.jsii,
      typescriptVersion: V.typescript,
      peerDeps: [`aws-cdk-lib@^${V.awsCdkLibFloor}`, `constructs@^${V.constructsFloor}`, ...siblings],
      peerDependencyOptions: { pinnedDevDependency: false },
      devDeps: [
        `aws-cdk-lib@${V.awsCdkLib}`,
        `constructs@${V.constructs}`,
        ...siblings,
        ...(options.testsWith ?? []).map(siblingRange),
        ...(options.devDeps ?? []),
      ],
      publishToPypi: { distName: `groundplan-${name}`, module: `groundplan.${name.replace(/-/g, '_')}` },
      tsconfig: {
        extends: javascript.TypescriptConfigExtends.fromPaths(['../../tsconfig.base.json']),
        compilerOptions: {
          rootDir: 'src',
          outDir: 'lib',
          types: ['node'],
          // Maps with the sources in them were two thirds of what a package weighs.
          inlineSourceMap: false,
          inlineSources: false,
        },
      },
    });
    this.packageName = this.package.packageName;
    if (options.worksWithoutCdk) this.package.addField('peerDependenciesMeta', { 'aws-cdk-lib': { optional: true } });
    for (const tool of ['projen', 'jsii', 'jsii-rosetta', 'jsii-pacmak', 'jsii-diff', 'typescript', '@types/node'])
      this.deps.removeDependency(tool);
    new JsonFile(this, 'jest.config.json', { marker: false, obj: jestConfig() });
    this.gitignore.exclude('.jsii.gz', '.jsii.tabl.json', '/api-reference.json');
    this.npmignore?.exclude(
      '/jest.config.json',
      '/.jsii.tabl.json',
      '/api-reference.json',
      '/examples/',
      '/runtime/', // what runs on AWS stands in assets, bundled
      '/FINDINGS.md',
      '/test-report.json',
    );
    root.allowImports({
      folder,
      packageName: this.packageName,
      sources: names(options.siblings),
      tests: names(options.testsWith),
    });
    joinWorkspace(this, name, { compile: {}, test: {}, package: {} });
  }
}
