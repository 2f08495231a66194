import { Tier } from '@groundplan/core';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { StorageType } from 'aws-cdk-lib/aws-rds';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Network } from '@groundplan/vpc';
import { MasterUser, PostgresCluster, PostgresClusterProps } from '../src';
import { CLUSTER, INSTANCE, TIERS, allOf, clusterIn } from './standing';

const templateOf = (tier: Tier, props?: Partial<PostgresClusterProps>) =>
  Template.fromStack(clusterIn(tier, props).stack);
const clusterOf = (tier: Tier, props?: Partial<PostgresClusterProps>) =>
  allOf(clusterIn(tier, props).stack, CLUSTER)[0];

describe('defaults', () => {
  describe.each(TIERS)('in %s', (tier) => {
    test('is a Multi-AZ cluster: encrypted, private, with IAM, no Extended Support, on 400 GiB of gp3', () => {
      expect(clusterOf(tier).Properties).toMatchObject({
        Engine: 'postgres',
        EngineVersion: expect.stringMatching(/^17\.\d+$/),
        StorageType: 'gp3',
        AllocatedStorage: 400,
        Iops: 12_000,
        StorageEncrypted: true,
        PubliclyAccessible: false,
        EnableIAMDatabaseAuthentication: true,
        CopyTagsToSnapshot: true,
        EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
        AutoMinorVersionUpgrade: true,
        PerformanceInsightsEnabled: true,
        DatabaseName: 'app',
        MasterUsername: 'postgres',
        ManageMasterUserPassword: true,
        PreferredBackupWindow: '03:00-04:00',
        PreferredMaintenanceWindow: 'sun:04:00-sun:05:00',
      });
      templateOf(tier).resourceCountIs(INSTANCE, 0);
    });

    test('what it is told is that of a cluster, and TLS is forced', () => {
      templateOf(tier).hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
        Family: 'postgres17',
        Parameters: Match.objectLike({ 'rds.force_ssl': '1', log_statement: 'ddl' }),
      });
      templateOf(tier).resourceCountIs('AWS::RDS::DBParameterGroup', 0);
    });

    test('it has a name of 52 characters at most; its log groups stand before it', () => {
      const { stack } = clusterIn(tier);
      const [{ Properties, DependsOn }] = allOf(stack, CLUSTER);
      const name = Properties.DBClusterIdentifier as string;
      expect(name).toMatch(/^data-database-[0-9a-f]{8}$/);
      const groups = allOf(stack, 'AWS::Logs::LogGroup');
      expect(groups.map((group) => group.Properties.LogGroupName).sort()).toEqual([
        `/aws/rds/cluster/${name}/postgresql`,
        `/aws/rds/cluster/${name}/upgrade`,
      ]);
      for (const { id } of groups) expect(DependsOn).toContain(id);
    });

    test('CDK warns of nothing', () => {
      const { stack } = clusterIn(tier, {}, { '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    });
  });

  test.each<[Tier, string, number, boolean, string, number | undefined]>([
    [Tier.SANDBOX, 'c6gd.medium', 1, false, 'Delete', undefined],
    [Tier.DEVELOPMENT, 'c6gd.medium', 7, false, 'Delete', undefined],
    [Tier.STAGING, 'm6gd.large', 14, false, 'Snapshot', 60],
    [Tier.PRODUCTION, 'm6gd.large', 35, true, 'Retain', 60],
  ])('%s: three %s, %d days of backup, locked: %s, with its stack: %s', (tier, size, days, locked, policy, every) => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = clusterOf(tier);
    expect(Properties).toMatchObject({
      DBClusterInstanceClass: `db.${size}`,
      BackupRetentionPeriod: days,
      DeletionProtection: locked,
    });
    expect(Properties.MonitoringInterval).toBe(every);
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual([policy, policy]);
  });

  test('in production it has a key of its own for storage, insights and the secret (C17)', () => {
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] };
    expect(clusterOf(Tier.PRODUCTION).Properties).toMatchObject({
      KmsKeyId: key,
      PerformanceInsightsKmsKeyId: key,
      MasterUserSecret: { KmsKeyId: key },
      DatabaseInsightsMode: 'advanced',
      PerformanceInsightsRetentionPeriod: 465,
    });
    expect(clusterOf(Tier.STAGING).Properties.KmsKeyId).toBeUndefined();
  });

  test('of a stack with a long name RDS takes the name too', () => {
    const stack = new Stack(new App(), 'Data', {
      stackName: 'a-stack-with-a-name-as-long-as-CloudFormation-takes-it'.repeat(2),
    });
    const { vpc } = new Network(stack, 'Network', { zones: 3 });
    new PostgresCluster(stack, 'Database', { vpc });
    const [{ Properties }] = allOf(stack, CLUSTER);
    expect(Properties.DBClusterIdentifier).toMatch(/^(?=.{1,52}$)[a-z](-?[a-z0-9])*$/);
  });
});

describe('props', () => {
  const dev = (props: Partial<PostgresClusterProps>) => clusterOf(Tier.DEVELOPMENT, props).Properties;

  test('instanceType', () => {
    expect(dev({ instanceType: new InstanceType('r8gd.2xlarge') }).DBClusterInstanceClass).toBe('db.r8gd.2xlarge');
  });

  test.each<[string, Partial<PostgresClusterProps>, [string, number, number]]>([
    ['more of gp3', { storageGiB: 1000 }, ['gp3', 1000, 12_000]],
    ['so much that half an operation for each GiB is more', { storageGiB: 65_536 }, ['gp3', 65_536, 32_768]],
    ['io1, the least', { storageType: StorageType.IO1 }, ['io1', 100, 1000]],
    ['io2, with operations', { storageType: StorageType.IO2, storageGiB: 500, iops: 25_000 }, ['io2', 500, 25_000]],
  ])('storage: %s', (_, props, [StorageType, AllocatedStorage, Iops]) => {
    expect(dev(props)).toMatchObject({ StorageType, AllocatedStorage, Iops });
  });

  test('what every database has: version, name, windows, retention, subnets, parameters, removal', () => {
    const template = templateOf(Tier.DEVELOPMENT, {
      majorVersion: 16,
      databaseName: 'orders_2',
      subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      backup: { retention: Duration.days(21), window: '22:00-23:00' },
      maintenanceWindow: 'mon:00:30-mon:01:30',
      parameters: { work_mem: '16384' },
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    template.hasResource(CLUSTER, {
      DeletionPolicy: 'Snapshot',
      Properties: {
        EngineVersion: Match.stringLikeRegexp('^16\\.'),
        DatabaseName: 'orders_2',
        BackupRetentionPeriod: 21,
        PreferredBackupWindow: '22:00-23:00',
        PreferredMaintenanceWindow: 'mon:00:30-mon:01:30',
      },
    });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Family: 'postgres16',
      Parameters: Match.objectLike({ work_mem: '16384' }),
    });
  });

  test('master: a password that RDS does not manage stands in a secret that knows the cluster', () => {
    const { stack } = clusterIn(Tier.DEVELOPMENT, { master: MasterUser.generated() });
    const [{ Properties }] = allOf(stack, CLUSTER);
    expect(Properties.ManageMasterUserPassword).toBeUndefined();
    expect(JSON.stringify(Properties.MasterUserPassword)).toContain('{{resolve:secretsmanager:');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SecretsManager::SecretTargetAttachment', {
      TargetType: 'AWS::RDS::DBCluster',
    });
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  });
});

test('what lies underneath can be reached and changed', () => {
  const { stack, database } = clusterIn(Tier.DEVELOPMENT);
  database.cluster.backtrackWindow = 0;
  database.parameterGroup.addParameter('work_mem', '8192');
  expect(database.logGroup).toBeInstanceOf(LogGroup);
  const [endpoint, readEndpoint] = [database.endpoint, database.readEndpoint].map(({ hostname }) =>
    stack.resolve(hostname),
  );
  expect(endpoint).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^DatabaseCluster/), 'Endpoint.Address'] });
  expect(readEndpoint).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^DatabaseCluster/), 'ReadEndpoint.Address'] });
  expect(stack.resolve(database.secret.secretArn)).toEqual({
    'Fn::GetAtt': [expect.stringMatching(/^DatabaseCluster/), 'MasterUserSecret.SecretArn'],
  });
  Template.fromStack(stack).hasResourceProperties(CLUSTER, { BacktrackWindow: 0 });
});
