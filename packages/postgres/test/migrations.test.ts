import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { FargateTask, Image } from '@groundplan/task';
import { expectClean } from '@groundplan/testing';
import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Grants, MigrateOptions } from '../src';
import { groundIn, instanceIn, instanceOn } from './standing';
import { containersIn } from './task-of';

const { DEVELOPMENT, PRODUCTION } = Tier;
const GUESTBOOK = join(__dirname, 'fixtures/guestbook');

/** A stack with a database that is migrated. */
function migrated(tier = PRODUCTION, options: Partial<MigrateOptions> = {}) {
  const target = instanceIn(tier).database;
  const migrations = target.migrate({ directory: GUESTBOOK, ...options });
  return { target, migrations, stack: Stack.of(target) };
}

const templateOf = (stack: Stack) => Template.fromStack(stack);

/** The states of the one state machine, and where they begin. */
function machineOf(stack: Stack): {
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, Record<string, unknown>>;
} {
  const [{ Properties }] = Object.values(templateOf(stack).findResources('AWS::StepFunctions::StateMachine'));
  const [separator, parts] = Properties.DefinitionString['Fn::Join'] as [string, unknown[]];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join(separator));
}

describe('what runs', () => {
  const { stack } = migrated();
  const { app, init } = containersIn(stack);

  test('is Flyway, in an image that holds the SQL, as the owner of what it makes', () => {
    expect(app.command).toEqual(['migrate']);
    expect(app.environment).toMatchObject({
      FLYWAY_URL: expect.stringMatching(
        /^jdbc:postgresql:\/\/<.*Endpoint\.Address>:<.*Endpoint\.Port>\/app\?sslmode=require$/,
      ),
      FLYWAY_USER: 'postgres',
      FLYWAY_INIT_SQL: expect.stringContaining('SET ROLE "app_owner"'),
    });
    expect(Object.keys(app.secrets)).toEqual(['FLYWAY_PASSWORD']);
  });

  test('after the users were made, who come by name, with their passwords as secrets', () => {
    expect(JSON.parse(init.environment.DATABASE_USERS)).toEqual({
      roles: { owner: 'app_owner', readWrite: 'app_read_write', readOnly: 'app_read_only' },
      users: [],
    });
    expect(Object.keys(init.secrets)).toEqual(['PGPASSWORD']);
  });

  test('makes one function and one custom resource, and no other code', () => {
    const template = templateOf(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('Custom::DatabaseMigration', 1);
  });

  test('reaches the database on its port, and so does nobody else', () => {
    const { target, stack: other } = migrated();
    const graph = TemplateGraph.of(other);
    expect(graph.rulesOf(target.securityGroup).filter((rule) => JSON.stringify(rule).includes('5432'))).toHaveLength(1);
  });
});

test('a database without migrations has no function and no custom resource', () => {
  const template = templateOf(instanceIn(PRODUCTION).stack);
  template.resourceCountIs('AWS::Lambda::Function', 0);
  template.resourcePropertiesCountIs('AWS::CloudFormation::CustomResource', {}, 0);
});

describe('CloudFormation migrates again', () => {
  /** What CloudFormation compares. */
  const comparedIn = (stack: Stack) =>
    Object.values(templateOf(stack).findResources('Custom::DatabaseMigration'))[0].Properties;
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  function folderWith(sql: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'groundplan-sql-'));
    folders.push(folder);
    writeFileSync(join(folder, 'V1__first.sql'), sql);
    return folder;
  }

  test('when the SQL changes, and not when it stands somewhere else', () => {
    const [one, same, other] = ['SELECT 1;', 'SELECT 1;', 'SELECT 2;'].map(
      (sql) => comparedIn(migrated(DEVELOPMENT, { directory: folderWith(sql) }).stack).Content,
    );
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  test('when a user comes: the task definition is another', () => {
    const { target, stack } = migrated(DEVELOPMENT);
    const before = JSON.stringify(containersIn(migrated(DEVELOPMENT).stack).init);
    target.addUser('late', { grants: Grants.readOnly() });
    const { init } = containersIn(stack);
    expect(JSON.stringify(init)).not.toBe(before);
    expect(Object.keys(init.secrets)).toEqual(['PGPASSWORD', 'PASSWORD_OF_LATE']);
    expect(comparedIn(stack).TaskDefinition).toEqual({ Ref: expect.stringMatching(/TaskDefinition/) });
  });
});

describe('what has to wait', () => {
  test('in another stack makes that stack wait, and is wired to the database all the same', () => {
    const { app, network, stack } = groundIn(PRODUCTION);
    const target = instanceOn({ app, network, stack });
    const services = new Stack(app, 'Services', { env: { account: '111111111111', region: 'eu-central-1' } });
    const task = new FargateTask(services, 'Api', { vpc: network.vpc, image: Image.placeholder() });
    task.connectTo(target.asUser(target.addUser('app_user', { grants: Grants.readWrite() })));
    target.migrate({ directory: GUESTBOOK, before: task });
    app.synth();
    expect(services.dependencies).toContain(stack);
  });

  test('in the same stack depends on the run, without a circle', () => {
    const { network, stack, database: target } = instanceIn(PRODUCTION);
    const task = new FargateTask(stack, 'Api', { vpc: network.vpc, image: Image.placeholder() });
    task.connectTo(target.asUser(target.addUser('app_user', { grants: Grants.readWrite() })));
    target.migrate({ directory: GUESTBOOK, before: task });
    const [definition] = Object.values(templateOf(stack).findResources('AWS::ECS::TaskDefinition')).filter(
      ({ Properties }) => JSON.stringify(Properties).includes('app_user@'),
    );
    expect(definition.DependsOn).toEqual([expect.stringMatching(/MigrationsRun/)]);
  });
});

describe('a snapshot first', () => {
  test('in production: taken, awaited, and nothing migrates without it; a new database holds nothing', () => {
    const { StartAt, States } = machineOf(migrated(PRODUCTION).stack);
    expect(StartAt).toBe('HoldsData');
    expect(States.HoldsData).toMatchObject({
      Choices: [{ Variable: '$.RequestType', StringEquals: 'Create', Next: 'Ready' }],
      Default: 'TakeSnapshot',
    });
    expect(States.TakeSnapshot).toMatchObject({
      Resource: expect.stringMatching(/aws-sdk:rds:createDBSnapshot$/),
      Parameters: { 'DbSnapshotIdentifier.$': "States.Format('before-migration-{}', $$.Execution.Name)" },
      Next: 'WaitForSnapshot',
    });
    expect(States.CanBeRestored).toMatchObject({ Default: 'WaitForSnapshot' });
    expect(States.NoSnapshot).toMatchObject({ Type: 'Fail', Error: 'NoSnapshot' });
    expect(States.Ready).toMatchObject({ Next: 'Run' });
  });

  test('a run that a person starts without saying what for takes one too', () => {
    expect(machineOf(migrated(PRODUCTION).stack).States.HoldsData).toMatchObject({
      Choices: [expect.objectContaining({ Variable: '$.RequestType' })],
    });
  });

  test('is no habit elsewhere, and can be asked for', () => {
    expect(machineOf(migrated(DEVELOPMENT).stack).StartAt).toBe('Run');
    expect(machineOf(migrated(DEVELOPMENT, { snapshotFirst: true }).stack).StartAt).toBe('HoldsData');
    expect(machineOf(migrated(PRODUCTION, { snapshotFirst: false }).stack).StartAt).toBe('Run');
  });

  test('the state machine may take snapshots of this database, and of no other', () => {
    templateOf(migrated(PRODUCTION).stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['rds:CreateDBSnapshot', 'rds:AddTagsToResource'], Effect: 'Allow' }),
        ]),
      }),
    });
  });
});

test('a run has 30 minutes, and CloudFormation a little more; both can be said', () => {
  const timesOf = (stack: Stack) => [
    machineOf(stack).TimeoutSeconds,
    Object.values(templateOf(stack).findResources('Custom::DatabaseMigration'))[0].Properties.ServiceTimeout,
  ];
  expect(timesOf(migrated().stack)).toEqual([1800, '2040']);
  expect(timesOf(migrated(PRODUCTION, { timeout: Duration.minutes(5) }).stack)).toEqual([300, '540']);
});

test('an image with the SQL in it runs as it is', () => {
  const image = Image.fromRegistry('registry.example.com/migrations:1.4.0');
  const { app } = containersIn(migrated(PRODUCTION, { directory: undefined, image }).stack);
  expect(app.command).toEqual(['migrate']);
  expect(app.context).toBeUndefined();
});

test('without a folder only roles and users are made', () => {
  expect(containersIn(migrated(PRODUCTION, { directory: undefined }).stack).app.command).toEqual(['info']);
});

test.each(Object.values(Tier))('in %s no rule finds anything that is not acknowledged', (tier) => {
  const { target, stack } = migrated(tier);
  target.addUser('reports', { grants: Grants.readOnly(), iam: true });
  target.addUser('web', { grants: Grants.readWrite() });
  expectClean(stack);
});

describe('what cannot be migrated is refused with what to do', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  function folderOf(names: string[]): string {
    const folder = mkdtempSync(join(tmpdir(), 'groundplan-sql-'));
    folders.push(folder);
    for (const name of names) writeFileSync(join(folder, name), 'SELECT 1;');
    return folder;
  }

  test.each<[string, string[], RegExp]>([
    [
      'an empty folder',
      [],
      /directory must be a folder with migrations, got ".*", without any \.sql; write the first: V1__create_entries\.sql/,
    ],
    ['a folder without SQL', ['README.md'], /without any \.sql/],
    [
      'a name that Flyway passes over',
      ['V1__a.sql', 'v2_b.sql'],
      /directory must be named V<version>__<what>\.sql, R__<what>\.sql, or as a callback of Flyway, got v2_b\.sql in ".*"; rename it, or Flyway passes over it/,
    ],
    ['an undo', ['V1__a.sql', 'U1__a.sql'], /got U1__a\.sql .*an undo is a new version/],
    [
      'a version that stands twice',
      ['V1__a.sql', 'V2__b.sql', 'V02__c.sql'],
      /directory must be without a version that stands twice, got 2 in V02__c\.sql and V2__b\.sql; give the newer one the next number/,
    ],
    [
      'a gap',
      ['V1__a.sql', 'V4__d.sql'],
      /directory must be without gaps between versions that are counted, got no 2, 3 before 4; a file is missing/,
    ],
  ])('%s', (_what, names, message) => {
    const target = instanceIn(DEVELOPMENT).database;
    expect(() => target.migrate({ directory: folderOf(names) })).toThrow(message);
  });

  test.each<[string, string[]]>([
    ['dates', ['V20260101__a.sql', 'V20260301__b.sql']],
    ['dotted versions', ['V1.0__a.sql', 'V1.2__b.sql', 'V3__c.sql']],
    ['a first number that is not 1: the older ones are in the baseline', ['V7__a.sql', 'V8__b.sql']],
    ['callbacks and repeatable ones', ['V1__a.sql', 'R__views.sql', 'afterMigrate__grants.sql']],
  ])('%s are fine', (_what, names) => {
    expect(() => migrated(DEVELOPMENT, { directory: folderOf(names) })).not.toThrow();
  });

  test('a folder that is not there, an image beside a folder, and a time that CloudFormation does not wait: all at once', () => {
    const target = instanceIn(DEVELOPMENT).database;
    const image = Image.placeholder();
    expect(() => target.migrate({ directory: 'nowhere', image, timeout: Duration.hours(2) })).toThrow(
      [
        'Migrations "Data/Database/Migrations" has 3 mistakes:',
        '  - timeout must be 1 to 55 minutes, got 120; CloudFormation waits no longer than an hour: run what takes longer with a OneOffTask, outside of deployments',
        '  - directory must be left out where there is an image with the SQL in it, got "nowhere" and an image; pass one of the two',
        `  - directory must be a folder, got "nowhere", and there is no ${join(process.cwd(), 'nowhere')}; write it relative to where the app runs`,
      ].join('\n'),
    );
  });

  test('a second call', () => {
    const { target } = migrated(DEVELOPMENT);
    expect(() => target.migrate({ directory: GUESTBOOK })).toThrow(
      'Database "Data/Database": migrate must be called once, got a second call; put all migrations into one folder',
    );
  });
});
