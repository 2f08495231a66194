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
  awsServiceSpec: '0.1.216',

  // jsii
  jsii: '6.0.16',
  rosetta: '6.0.17',
  pacmak: '1.140.0',

  // tests
  jest: '30.5.2',
  typesJest: '30.0.0',
  swcCore: '1.16.22',
  swcJest: '0.2.39',
  fastCheck: '4.10.2',

  // lint and format
  eslint: '10.15.0',
  eslintJs: '10.0.1',
  typescriptEslint: '8.73.0',
  prettier: '3.10.1',
  knip: '6.44.2',

  // what the command and the local AWS are made of
  awsSdk: '3.1162.0',
  commander: '14.0.3',
  listr2: '9.0.5',
  cliTable: '0.6.5',
  picocolors: '1.1.1',
  properLockfile: '4.1.2',
  typesProperLockfile: '4.1.4',
} as const;
