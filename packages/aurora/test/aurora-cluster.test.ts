import { Tier } from '@groundplan/core';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { App, Stack } from 'aws-cdk-lib/core';
import { AuroraCluster } from '../src';
import { TIERS, clusterIn } from './clusters';
import { CLUSTER, INSTANCE, clusterOf, instancesOf, templateOf } from './templates';

describe('defaults', () => {
  describe.each(TIERS)('in %s', (tier) => {
    test('storage is encrypted, IAM logs in, tags go to snapshots, and no Extended Support is ever paid', () => {
      expect(clusterOf(tier).Properties).toMatchObject({
        Engine: 'aurora-postgresql',
        StorageEncrypted: true,
        EnableIAMDatabaseAuthentication: true,
        CopyTagsToSnapshot: true,
        EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
        AutoMinorVersionUpgrade: true,
      });
    });

    test('RDS keeps the password of the master user and changes it every 30 days (C18, IP-023)', () => {
      const { Properties } = clusterOf(tier);
      expect(Properties).toMatchObject({ ManageMasterUserPassword: true, MasterUsername: 'postgres' });
      expect(Properties.MasterUserPassword).toBeUndefined();
      templateOf(tier).hasResource('AWS::SecretsManager::RotationSchedule', {
        DeletionPolicy: 'Retain',
        Properties: {
          RotationRules: { AutomaticallyAfterDays: 30 },
          RotateImmediatelyOnUpdate: false,
          RotationLambdaARN: Match.absent(),
          HostedRotationLambda: Match.absent(),
        },
      });
    });

    test('nobody talks to it in the clear, statements are not in its log, and none runs forever (BB-082, C45)', () => {
      templateOf(tier).hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
        Family: 'aurora-postgresql17',
        Parameters: {
          'rds.force_ssl': '1',
          shared_preload_libraries: 'pg_stat_statements',
          log_statement: 'ddl',
          log_min_duration_statement: '1000',
          log_lock_waits: '1',
          idle_in_transaction_session_timeout: '60000',
          statement_timeout: '300000',
        },
      });
    });

    test('the daily snapshot and the maintenance have their windows (BB-079, BB-080)', () => {
      expect(clusterOf(tier).Properties).toMatchObject({
        PreferredBackupWindow: '03:00-04:00',
        PreferredMaintenanceWindow: 'sun:04:00-sun:05:00',
      });
    });

    test('a plan of AWS Backup finds the cluster by its tier', () => {
      expect(clusterOf(tier).Properties.Tags).toContainEqual({ Key: 'groundplan:backup', Value: tier });
    });

    test('no instance is public, and each has a certificate that lasts until 2061', () => {
      for (const properties of instancesOf(templateOf(tier)))
        expect(properties).toMatchObject({
          PubliclyAccessible: false,
          DBInstanceClass: 'db.serverless',
          CACertificateIdentifier: 'rds-ca-rsa2048-g1',
        });
    });

    test('no function, no custom resource, no output and no name of its own is made', () => {
      const template = templateOf(tier);
      const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
      expect(types.filter(({ Type }) => /Lambda|^Custom|CustomResource|Serverless/.test(Type))).toEqual([]);
      expect(template.toJSON().Outputs).toBeUndefined();
      expect(clusterOf(tier).Properties.DBClusterIdentifier).toBeUndefined();
    });

    test('CDK warns of nothing', () => {
      const { stack } = clusterIn(tier, {}, { '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    });
  });

  test.each<[Tier, number, number, number, number | undefined]>([
    [Tier.SANDBOX, 0, 2, 0, 300],
    [Tier.DEVELOPMENT, 0, 2, 0, 300],
    [Tier.STAGING, 0.5, 4, 1, undefined],
    [Tier.PRODUCTION, 1, 16, 1, undefined],
  ])('%s: %d to %d capacity units, %d readers (IP-016)', (tier, MinCapacity, MaxCapacity, readers, pause) => {
    const template = templateOf(tier);
    template.hasResourceProperties(CLUSTER, {
      ServerlessV2ScalingConfiguration: {
        MinCapacity,
        MaxCapacity,
        SecondsUntilAutoPause: pause ?? Match.absent(),
      },
    });
    template.resourceCountIs(INSTANCE, 1 + readers);
  });

  test.each<[Tier, number, boolean, string]>([
    [Tier.SANDBOX, 1, false, 'Delete'],
    [Tier.DEVELOPMENT, 7, false, 'Delete'],
    [Tier.STAGING, 14, false, 'Snapshot'],
    [Tier.PRODUCTION, 35, true, 'Retain'],
  ])('%s: %d days of backup, locked: %s, and with its stack: %s (C15, C16, BB-081)', (tier, days, locked, policy) => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = clusterOf(tier);
    expect(Properties).toMatchObject({ BackupRetentionPeriod: days, DeletionProtection: locked });
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual([policy, policy]);
  });

  test.each<[Tier, string, number, number | undefined, number]>([
    [Tier.SANDBOX, 'standard', 7, undefined, 30],
    [Tier.DEVELOPMENT, 'standard', 7, undefined, 30],
    [Tier.STAGING, 'standard', 7, 60, 60],
    [Tier.PRODUCTION, 'advanced', 465, 60, 90],
  ])('%s: %s insights for %d days, the system asked every %s s, logs for %d days', (tier, mode, days, every, logs) => {
    expect(clusterOf(tier).Properties).toMatchObject({
      DatabaseInsightsMode: mode,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsRetentionPeriod: days,
    });
    const template = templateOf(tier);
    for (const { MonitoringInterval, EnablePerformanceInsights } of instancesOf(template))
      expect([MonitoringInterval, EnablePerformanceInsights]).toEqual([every, true]);
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: logs });
  });

  test('in production it has a key of its own for storage, insights and the secret, elsewhere the one of AWS (C17, IP-017)', () => {
    const { Properties } = clusterOf(Tier.PRODUCTION);
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] };
    expect(Properties).toMatchObject({
      KmsKeyId: key,
      PerformanceInsightsKmsKeyId: key,
      MasterUserSecret: { KmsKeyId: key },
    });
    for (const tier of [Tier.SANDBOX, Tier.DEVELOPMENT, Tier.STAGING]) {
      templateOf(tier).resourceCountIs('AWS::KMS::Key', 0);
      expect(clusterOf(tier).Properties.KmsKeyId).toBeUndefined();
    }
  });

  test('only services of AWS may be granted the key, it rotates, and it outlives the database', () => {
    templateOf(Tier.PRODUCTION).hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      Properties: {
        EnableKeyRotation: true,
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Deny',
              Action: 'kms:CreateGrant',
              Condition: {
                BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' },
              },
            }),
          ]),
        },
      },
    });
  });

  test('what a database that stays needs stays too, and a database that goes leaves nothing but its rotation', () => {
    const left = (tier: Tier) =>
      Object.values(templateOf(tier).toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>)
        .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
        .map(({ Type }) => Type.replace('AWS::', ''))
        .sort();
    expect(left(Tier.PRODUCTION)).toEqual([
      'EC2::SecurityGroup',
      'IAM::Role',
      'KMS::Key',
      'Logs::LogGroup',
      'RDS::DBCluster',
      'RDS::DBClusterParameterGroup',
      'RDS::DBInstance',
      'RDS::DBInstance',
      'RDS::DBSubnetGroup',
      'SecretsManager::RotationSchedule',
    ]);
    expect(left(Tier.DEVELOPMENT)).toEqual(['SecretsManager::RotationSchedule']);
  });

  test('the log group stands, with an end, before an instance writes to it', () => {
    const template = templateOf(Tier.DEVELOPMENT);
    const [[id, { Properties }]] = Object.entries(template.findResources('AWS::Logs::LogGroup'));
    expect(Properties.LogGroupName).toEqual({
      'Fn::Join': ['', ['/aws/rds/cluster/', { Ref: expect.stringMatching(/^DatabaseCluster/) }, '/postgresql']],
    });
    template.allResources(INSTANCE, { DependsOn: [id] });
    template.hasResourceProperties(CLUSTER, { EnableCloudwatchLogsExports: ['postgresql'] });
  });

  test('with no environment above it a cluster behaves as in production', () => {
    const stack = new Stack(new App(), 'Data');
    const isolated = { name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED };
    const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [isolated] });
    new AuroraCluster(stack, 'Database', { vpc });
    Template.fromStack(stack).hasResource(CLUSTER, {
      DeletionPolicy: 'Retain',
      Properties: { DeletionProtection: true, BackupRetentionPeriod: 35 },
    });
  });
});
