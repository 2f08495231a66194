import { Environment, Tier } from '@groundplan/core';
import { Network } from '@groundplan/vpc';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { MasterUser, PostgresInstance } from '../src';
import { INSTANCE, TIERS, allOf, groundIn, instanceIn, instanceOf, instanceOn, templateOf } from './standing';

describe('defaults', () => {
  describe.each(TIERS)('in %s', (tier) => {
    test('storage is encrypted, IAM logs in, tags go to snapshots, and no Extended Support is ever paid', () => {
      expect(instanceOf(tier).Properties).toMatchObject({
        Engine: 'postgres',
        EngineVersion: expect.stringMatching(/^17\.\d+$/),
        StorageEncrypted: true,
        EnableIAMDatabaseAuthentication: true,
        CopyTagsToSnapshot: true,
        EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
        AutoMinorVersionUpgrade: true,
        AllowMajorVersionUpgrade: false,
        PubliclyAccessible: false,
        CACertificateIdentifier: 'rds-ca-rsa2048-g1',
        DBName: 'app',
      });
    });

    test('RDS keeps the password of the master user and changes it every 30 days (C18, IP-023)', () => {
      const { Properties } = instanceOf(tier);
      expect(Properties).toMatchObject({ ManageMasterUserPassword: true, MasterUsername: 'postgres' });
      expect(Properties.MasterUserPassword).toBeUndefined();
      templateOf(tier).hasResource('AWS::SecretsManager::RotationSchedule', {
        DeletionPolicy: 'Retain',
        DependsOn: Match.absent(),
        Properties: { RotationRules: { AutomaticallyAfterDays: 30 }, RotationLambdaARN: Match.absent() },
      });
    });

    test('nobody talks to it in the clear, and statements are not in its log (BB-082, C45)', () => {
      templateOf(tier).hasResourceProperties('AWS::RDS::DBParameterGroup', {
        Family: 'postgres17',
        Parameters: Match.objectLike({
          'rds.force_ssl': '1',
          shared_preload_libraries: 'pg_stat_statements',
          log_statement: 'ddl',
        }),
      });
      expect(instanceOf(tier).Properties.DBParameterGroupName).toEqual({
        Ref: expect.stringMatching(/^DatabaseParameters/),
      });
    });

    test('the daily snapshot and the maintenance have their windows (BB-079, BB-080)', () => {
      expect(instanceOf(tier).Properties).toMatchObject({
        PreferredBackupWindow: '03:00-04:00',
        PreferredMaintenanceWindow: 'sun:04:00-sun:05:00',
      });
    });

    test('a plan of AWS Backup finds it by its tier', () => {
      expect(instanceOf(tier).Properties.Tags).toContainEqual({ Key: 'groundplan:backup', Value: tier });
    });

    test('it has a name of its own, which no prop is in: its log groups stand, with an end, before it writes', () => {
      const { stack } = instanceIn(tier);
      const [{ Properties, DependsOn }] = allOf(stack, INSTANCE);
      const name = Properties.DBInstanceIdentifier as string;
      expect(name).toMatch(/^data-database-[0-9a-f]{8}$/);
      const groups = allOf(stack, 'AWS::Logs::LogGroup');
      expect(groups.map((group) => group.Properties.LogGroupName).sort()).toEqual([
        `/aws/rds/instance/${name}/postgresql`,
        `/aws/rds/instance/${name}/upgrade`,
      ]);
      for (const group of groups) {
        expect(group.Properties.RetentionInDays).toEqual(expect.any(Number));
        expect(DependsOn).toContain(group.id);
      }
      expect(Properties.EnableCloudwatchLogsExports).toEqual(['postgresql', 'upgrade']);
    });

    test('no function, no custom resource, no output, no replica', () => {
      const template = templateOf(tier);
      const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
      expect(types.filter(({ Type }) => /Lambda|^Custom|CustomResource|Serverless/.test(Type))).toEqual([]);
      expect(template.toJSON().Outputs).toBeUndefined();
      template.resourceCountIs(INSTANCE, 1);
    });

    test('CDK warns of nothing', () => {
      const { stack } = instanceIn(tier, {}, { '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    });
  });

  test.each<[Tier, string, number, boolean]>([
    [Tier.SANDBOX, 'micro', 20, false],
    [Tier.DEVELOPMENT, 'micro', 20, false],
    [Tier.STAGING, 'small', 20, false],
    [Tier.PRODUCTION, 'medium', 100, true],
  ])(
    '%s: t4g.%s with %d GiB of gp3, in two zones: %s (CA-082, CA-120…122, BB-013, BB-027, BB-078)',
    (tier, size, gib, multiAz) => {
      expect(instanceOf(tier).Properties).toMatchObject({
        DBInstanceClass: `db.t4g.${size}`,
        AllocatedStorage: `${gib}`,
        MaxAllocatedStorage: gib * 5,
        StorageType: 'gp3',
        MultiAZ: multiAz,
      });
      expect(instanceOf(tier).Properties.Iops).toBeUndefined();
    },
  );

  test.each<[Tier, number, boolean, string]>([
    [Tier.SANDBOX, 1, false, 'Delete'],
    [Tier.DEVELOPMENT, 7, false, 'Delete'],
    [Tier.STAGING, 14, false, 'Snapshot'],
    [Tier.PRODUCTION, 35, true, 'Retain'],
  ])(
    '%s: %d days of backup, locked: %s, and with its stack: %s (C15, C16, BB-029, BB-081)',
    (tier, days, locked, policy) => {
      const { Properties, DeletionPolicy, UpdateReplacePolicy } = instanceOf(tier);
      expect(Properties).toMatchObject({ BackupRetentionPeriod: days, DeletionProtection: locked });
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual([policy, policy]);
    },
  );

  test('it stands in the isolated subnets (C13, BB-077)', () => {
    templateOf(Tier.DEVELOPMENT).hasResourceProperties('AWS::RDS::DBSubnetGroup', {
      SubnetIds: Match.arrayWith([{ 'Fn::ImportValue': Match.stringLikeRegexp('IsolatedSubnet') }]),
    });
  });

  test('in production it has a key of its own for storage, insights and the secret (C17, IP-017)', () => {
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] };
    expect(instanceOf(Tier.PRODUCTION).Properties).toMatchObject({
      KmsKeyId: key,
      PerformanceInsightsKMSKeyId: key,
      MasterUserSecret: { KmsKeyId: key },
    });
    expect(instanceOf(Tier.STAGING).Properties.KmsKeyId).toBeUndefined();
  });

  test('with no environment above it an instance behaves as in production', () => {
    const { stack, network } = groundIn(Tier.PRODUCTION);
    const plain = new Stack(new App(), 'Plain');
    const { vpc } = new Network(plain, 'Network');
    expect(Environment.of(plain).tier).toBe(Tier.PRODUCTION);
    new PostgresInstance(plain, 'Database', { vpc });
    instanceOn({ app: stack.node.root as App, stack, network });
    for (const one of [plain, stack])
      Template.fromStack(one).hasResourceProperties(INSTANCE, { DeletionProtection: true, MultiAZ: true });
  });
});

describe('names', () => {
  const nameIn = (stackName: string, ...path: string[]) => {
    const stack = new Stack(new App(), 'Data', { stackName });
    const { vpc } = new Network(stack, 'Network');
    new PostgresInstance(stack, path.join(''), { vpc, readReplicas: 15, master: MasterUser.generated() });
    return allOf(stack, INSTANCE).map(({ Properties }) => Properties.DBInstanceIdentifier as string);
  };

  test.each([
    'Data',
    'shop-Production-Data-with-a-name-that-is-much-longer-than-anybody-would-like-it',
    'A',
    'shop-pr-12',
  ])('RDS takes those of a stack named "%s", and of fifteen replicas', (stackName) => {
    for (const name of nameIn(stackName, 'OrdersOfTheShopDatabase')) {
      expect(name.length).toBeLessThanOrEqual(63);
      expect(name).toMatch(/^[a-z](-?[a-z0-9])*$/);
    }
  });

  test('two stacks of one app, under other names, are two databases', () => {
    expect(nameIn('shop-pr-12', 'Database')[0]).not.toBe(nameIn('shop-pr-13', 'Database')[0]);
  });
});
