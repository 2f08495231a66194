import { AccountApp, ConstructPackage, Monorepo, PlainPackage, V } from './projenrc';

const repo = new Monorepo();

// Beside the floors: what reads a finished template, and the local AWS.
const testing = new PlainPackage(repo, 'testing', {
  description:
    'The test kit of the construct packages: contracts, the flag matrix, validators, a first reading of templates',
  private: true,
  deps: [`cdk-nag@${V.cdkNag}`, `@aws-cdk/aws-service-spec@${V.awsServiceSpec}`],
  peerDeps: [`aws-cdk-lib@^${V.awsCdkLibFloor}`, `constructs@^${V.constructsFloor}`],
  devDeps: [`aws-cdk-lib@${V.awsCdkLib}`, `constructs@${V.constructs}`],
});
const local = new PlainPackage(repo, 'local', {
  description: 'A local AWS without Docker: a pinned emulator, the provider pack that completes it, and its lifecycle',
  deps: ['ec2', 's3', 'cloudformation', 'ssm']
    .map((service) => `@aws-sdk/client-${service}@${V.awsSdk}`)
    .concat(`proper-lockfile@${V.properLockfile}`),
  devDeps: [
    `@types/proper-lockfile@${V.typesProperLockfile}`,
    `aws-cdk-lib@${V.awsCdkLib}`,
    `constructs@${V.constructs}`,
  ],
  ships: ['python'],
  staysBehind: ['/python/tests/', '/python/*-dev.*', '/python/requirements.in', '__pycache__/', '.*_cache/'],
});
new PlainPackage(repo, 'groundplan', {
  description: 'The groundplan command',
  packageName: 'groundplan',
  uses: [local],
  deps: [`commander@${V.commander}`, `listr2@${V.listr2}`, `cli-table3@${V.cliTable}`, `picocolors@${V.picocolors}`],
  devDeps: [`aws-cdk-lib@${V.awsCdkLib}`, `constructs@${V.constructs}`],
  bin: { groundplan: 'lib/main.js' },
});

// Construct packages, from the lowest floor upwards.
const core = new ConstructPackage(repo, 'core', {
  description:
    'Environments, tiers, names, tags, and the two contracts: what can be watched and what can be connected to',
});
const vpc = new ConstructPackage(repo, 'vpc', {
  description: 'A network whose growth never renumbers',
  siblings: [core],
  testsWith: [testing, local],
});

// One AWS account each.
for (const account of ['dev', 'staging', 'production'])
  new AccountApp(repo, account, { uses: [core, vpc], testsWith: [testing] });

repo.synth();
