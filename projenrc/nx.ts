const quiet = {
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: '1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** The `groundplan` command, run from source: apps deploy without a compile before. */
const GROUNDPLAN = 'tsx --tsconfig ../../tsconfig.json ../../packages/groundplan/src/main.ts';

/** Writes what VitePress builds the documentation from. */
const GENERATE_PAGES = 'tsx --tsconfig ../tsconfig.json src/main.ts';

/** How a plain TypeScript package compiles: the one deviation from the jsii default below. */
export const PLAIN_COMPILE = 'tsc -p tsconfig.json';

/**
 * A target that runs a tool of the root's `node_modules/.bin` in the member's folder.
 *
 * `nx:run-commands`, and not inferred package.json scripts: those lose the root's tools from PATH.
 */
function run(command: string, options: Record<string, unknown> = {}, env: Record<string, string> = {}) {
  return {
    executor: 'nx:run-commands',
    options: { command, cwd: '{projectRoot}', env: { ...quiet, ...env } },
    ...options,
  };
}

/** An uncached target of an app that talks to an AWS: the real one, or with `--configuration=local` the local one. */
function deployment(command: string) {
  return run(command, {
    cache: false,
    dependsOn: ['synth'],
    configurations: { local: { command: `${GROUNDPLAN} local run -- ${command}` } },
  });
}

/** `nx.json`: what a target does stands here, once; a member's package.json says only which targets it has. */
export function nxJson() {
  const sources = ['production', '^production'];
  // what the documentation shows of members without depending on them
  const readmes = ['README.md', 'packages/*/README.md', 'packages/*/package.json', 'packages/*/examples/**/*'];
  return {
    $schema: './node_modules/nx/schemas/nx-schema.json',
    analytics: false,
    neverConnectToCloud: true,
    useDaemonProcess: false,
    tui: { enabled: false },
    // By default Nx shares a cache between the clones of a repository: a clean one would prove what another one ran.
    cacheDirectory: '.nx/cache',
    defaultBase: 'main',
    parallel: 2,
    pluginsConfig: { '@nx/js': { projectsAffectedByDependencyUpdates: 'auto' } },
    namedInputs: {
      sharedGlobals: [
        '{workspaceRoot}/tsconfig.base.json',
        '{workspaceRoot}/tsconfig.json',
        '{workspaceRoot}/pnpm-lock.yaml',
        // what apps deploy and tests run
        '{workspaceRoot}/examples/**/*',
      ],
      default: ['{projectRoot}/**/*', 'sharedGlobals'],
      // Always both X and ^X in a target: negations alone would drop the defaults and serve stale results.
      production: ['default', '!{projectRoot}/test/**/*', '!{projectRoot}/api-reference.json'],
    },
    targetDefaults: {
      compile: run(
        'jsii --compress-assembly --silence-warnings=reserved-word --silence-warnings=metadata/missing-dev-dependency',
        {
          cache: true,
          dependsOn: ['^compile'],
          inputs: sources,
          outputs: ['lib', '.jsii', '.jsii.gz', 'tsconfig.tsbuildinfo'].map((made) => `{projectRoot}/${made}`),
        },
      ),
      // Every example in READMEs and doc comments compiles, or this fails. Of all construct packages at once: what takes
      // long is to read aws-cdk-lib.
      reference: run('tsx --tsconfig ../tsconfig.json ../tools/reference/main.ts', {
        cache: true,
        dependsOn: ['^compile'],
        inputs: [
          ...sources,
          '{workspaceRoot}/tools/reference/**/*',
          '{workspaceRoot}/tools/pack/manifest.ts',
          '{workspaceRoot}/tools/release/packages.ts',
        ],
        outputs: ['.jsii.tabl.json', 'api-reference.json'].map((made) => `{workspaceRoot}/packages/*/${made}`),
      }),
      docs: run(`${GENERATE_PAGES} && vitepress build`, {
        cache: true,
        dependsOn: ['reference'],
        inputs: [...sources, ...readmes.map((file) => `{workspaceRoot}/${file}`)],
        outputs: ['{projectRoot}/generated', '{projectRoot}/.vitepress/dist'],
      }),
      preview: run(`${GENERATE_PAGES} && vitepress dev`, { cache: false, dependsOn: ['reference'] }),
      // From a release tree, whose version is not 0.0.0; anywhere else it says so. Never from a stale cache: what packs
      // is an input.
      package: run('tsx --tsconfig ../../tsconfig.json ../../tools/pack/main.ts', {
        cache: true,
        dependsOn: ['compile'],
        inputs: [...sources, '{workspaceRoot}/tools/pack/**/*'],
        outputs: ['{projectRoot}/dist'],
      }),
      // Runs on sources, the siblings' too, hence no dependsOn. CloudFormation's validator costs seconds per process:
      // it is left to `synth` and to the tests that are about it.
      test: run(
        'jest --ci --json --outputFile=test-report.json',
        {
          cache: true,
          inputs: ['default', '^production', '{workspaceRoot}/tools/jest-runtime.cjs'],
          outputs: ['{projectRoot}/test-report.json'],
        },
        // Nx asks its tasks for colours; what a test reads must not depend on who runs it.
        { CDK_VALIDATION: 'false', FORCE_COLOR: '0', NO_COLOR: '1' },
      ),
      synth: run('cdk synth --quiet', {
        cache: true,
        inputs: ['default', '^production'],
        outputs: ['{projectRoot}/cdk.out'],
      }),
      // Every validator there is over cdk.out, findings as errors. How it is run and acknowledged: tools/check.
      check: run('tsx --tsconfig ../../tsconfig.json ../../tools/check/main.ts', {
        cache: true,
        dependsOn: ['synth'],
        inputs: [...sources, '{workspaceRoot}/tools/check/**/*', '{workspaceRoot}/packages/local/src/{venv,python}.ts'],
        outputs: ['{projectRoot}/check-report.json'],
      }),
      diff: deployment('cdk diff --app cdk.out'),
      deploy: deployment('cdk deploy --app cdk.out --all --require-approval never'),
      destroy: deployment('cdk destroy --app cdk.out --all --force'),
    },
  };
}
