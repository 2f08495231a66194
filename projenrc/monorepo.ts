import { JsonFile, TextFile, YamlFile, javascript, typescript } from 'projen';
import { ciWorkflow } from './ci-workflow';
import { jestConfig } from './jest';
import { AllowedImports, eslintConfig } from './lint';
import { nxJson } from './nx';
import { tsconfigBase, tsconfigCheck } from './typescript';
import { V } from './versions';
import { dropTasks, ignoreNoSources } from './workspace-member';

/** Prebuilt binaries arrive as optional dependencies: no install script of a dependency is ever run. */
const IGNORED_BUILDS = ['nx', 'esbuild', '@swc/core', 'unrs-resolver', '@parcel/watcher', 'oxc-resolver'];

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
        `constructs@${V.constructs}`,
        `aws-cdk-lib@${V.awsCdkLib}`,
        `aws-cdk@${V.awsCdkCli}`,
        `jsii@${V.jsii}`,
        `jest@${V.jest}`,
        `@types/jest@${V.typesJest}`,
        `@swc/core@${V.swcCore}`,
        `@swc/jest@${V.swcJest}`,
        `fast-check@${V.fastCheck}`,
        // what tests ask a local AWS with
        ...['ec2', 's3', 'cloudwatch', 'cloudwatch-logs'].map((api) => `@aws-sdk/client-${api}@${V.awsSdk}`),
        `eslint@${V.eslint}`,
        `@eslint/js@${V.eslintJs}`,
        `typescript-eslint@${V.typescriptEslint}`,
        `prettier@${V.prettier}`,
        `knip@${V.knip}`,
        `listr2@${V.listr2}`,
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
        '*.egg-info/',
      ],
      pnpmOptions: {
        workspaceYamlOptions: {
          packages: ['packages/*', 'apps/*'],
          linkWorkspacePackages: javascript.PnpmWorkspaceYamlSchemaLinkWorkspacePackages.fromBoolean(true),
          preferWorkspacePackages: true,
          strictPeerDependencies: true,
          ignoredBuiltDependencies: IGNORED_BUILDS,
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
    new YamlFile(this, '.github/workflows/ci.yml', { obj: ciWorkflow() });

    const scripts = {
      setup: SETUP,
      prestart: SETUP,
      start: 'tsx tools/start.ts',
      pretest: SETUP,
      test: 'tsx tools/test.ts',
      compile: 'nx run-many -t compile',
      check: 'tsc -p tsconfig.json',
      lint: 'eslint . && prettier --check --log-level warn "**/*.ts"',
      format: 'prettier --write --log-level warn "**/*.ts"',
      groundplan: 'tsx packages/groundplan/src/main.ts',
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
          entry: ['tools/*.ts', 'tools/**/*.mjs', 'projenrc/**/*.mjs'],
          project: ['{projenrc,tools}/**/*.ts'],
          ignoreDependencies: ['aws-cdk', 'jsii', 'pnpm'], // the commands of Nx targets and of projen
        },
        ...Object.fromEntries(
          members.map((folder) => [
            folder,
            {
              entry: folder.startsWith('apps/') ? ['src/main.ts'] : ['src/{index,main}.ts', 'examples/*.ts'],
              project: ['{src,test,examples}/**/*.ts'],
            },
          ]),
        ),
      },
      ignoreBinaries: ['uv'], // used where it is present
    };
  }
}
