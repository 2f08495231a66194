import { Tier } from '@groundplan/core';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { MasterUser, PostgresInstanceProps } from '../src';
import { INSTANCE, TIERS, allOf, groundIn, instanceIn, instanceOf, instanceOn, templateOf } from './standing';

describe('props', () => {
  const dev = (props: Partial<PostgresInstanceProps>) => instanceOf(Tier.DEVELOPMENT, props).Properties;

  test('instanceType', () => {
    const instanceType = InstanceType.of(InstanceClass.R8G, InstanceSize.XLARGE2);
    expect(dev({ instanceType }).DBInstanceClass).toBe('db.r8g.2xlarge');
  });

  test('storageGiB and maxStorageGiB: five times as much, as much as is said, or as much as at the beginning', () => {
    expect(dev({ storageGiB: 50 })).toMatchObject({ AllocatedStorage: '50', MaxAllocatedStorage: 250 });
    expect(dev({ storageGiB: 50, maxStorageGiB: 55 }).MaxAllocatedStorage).toBe(55);
    expect(dev({ storageGiB: 20_000 }).MaxAllocatedStorage).toBe(65_536);
    expect(dev({ storageGiB: 50, maxStorageGiB: 50 }).MaxAllocatedStorage).toBeUndefined();
    // what is left to grow is less than RDS takes
    for (const storageGiB of [60_000, 65_536]) expect(dev({ storageGiB }).MaxAllocatedStorage).toBeUndefined();
  });

  test('multiAz: whatever the tier', () => {
    expect(dev({ multiAz: true }).MultiAZ).toBe(true);
    expect(instanceOf(Tier.PRODUCTION, { multiAz: false }).Properties.MultiAZ).toBe(false);
  });

  test('allowMajorUpgrade: the explicit word for another version', () => {
    expect(dev({ majorVersion: 18, allowMajorUpgrade: true })).toMatchObject({
      EngineVersion: expect.stringMatching(/^18\./),
      AllowMajorVersionUpgrade: true,
    });
  });

  test('subnets, databaseName, windows, retention, protection, parameters', () => {
    const template = templateOf(Tier.DEVELOPMENT, {
      subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      databaseName: 'orders_2',
      backup: { retention: Duration.days(21), window: '22:00-23:00' },
      maintenanceWindow: 'mon:00:30-mon:01:30',
      deletionProtection: true,
      parameters: { work_mem: '16384', statement_timeout: '0' },
    });
    template.hasResourceProperties(INSTANCE, {
      DBName: 'orders_2',
      BackupRetentionPeriod: 21,
      PreferredBackupWindow: '22:00-23:00',
      PreferredMaintenanceWindow: 'mon:00:30-mon:01:30',
      DeletionProtection: true,
    });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Parameters: Match.objectLike({ work_mem: '16384', statement_timeout: '0', 'rds.force_ssl': '1' }),
    });
    template.hasResourceProperties('AWS::RDS::DBSubnetGroup', {
      SubnetIds: Match.arrayWith([{ 'Fn::ImportValue': Match.stringLikeRegexp('PrivateSubnet') }]),
    });
  });

  test('logs: how long and under which key, that of upgrades too', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const encryptionKey = new Key(ground.stack, 'LogKey');
    instanceOn(ground, { logs: { retention: RetentionDays.ONE_YEAR, encryptionKey } });
    const groups = allOf(ground.stack, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(2);
    for (const { Properties } of groups)
      expect(Properties).toMatchObject({ RetentionInDays: 365, KmsKeyId: ground.stack.resolve(encryptionKey.keyArn) });
  });

  test.each<[RemovalPolicy, string, string | undefined]>([
    [RemovalPolicy.DESTROY, 'Delete', undefined],
    [RemovalPolicy.SNAPSHOT, 'Snapshot', undefined],
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
  ])('removalPolicy: %s, whatever the tier', (removalPolicy, instance, group) => {
    for (const tier of TIERS) {
      const template = templateOf(tier, { removalPolicy });
      template.hasResource(INSTANCE, { DeletionPolicy: instance });
      template.hasResource('AWS::RDS::DBParameterGroup', { DeletionPolicy: group ?? Match.absent() });
    }
  });
});

describe('read replicas', () => {
  const master = MasterUser.generated();
  const replicasOf = (stack: Stack) => allOf(stack, INSTANCE).filter(({ id }) => id.startsWith('DatabaseReplica'));

  test('are copies of the instance, as private and as watched, and hold nothing of their own', () => {
    const { stack, database } = instanceIn(Tier.PRODUCTION, { readReplicas: 2, master });
    const [{ Properties: source }] = allOf(stack, INSTANCE);
    const replicas = replicasOf(stack);
    expect(replicas).toHaveLength(2);
    for (const [index, { Properties, DeletionPolicy }] of replicas.entries()) {
      expect(Properties).toMatchObject({
        DBInstanceIdentifier: `${source.DBInstanceIdentifier}-replica-${index + 1}`,
        SourceDBInstanceIdentifier: stack.resolve(database.instance.instanceArn),
        ...Object.fromEntries(
          [
            'DBInstanceClass',
            'DBParameterGroupName',
            'DBSubnetGroupName',
            'VPCSecurityGroups',
            'PubliclyAccessible',
            'CACertificateIdentifier',
            'EnableIAMDatabaseAuthentication',
            'StorageType',
            'MaxAllocatedStorage',
            'MonitoringInterval',
            'PreferredMaintenanceWindow',
          ].map((name) => [name, source[name]]),
        ),
        DeletionProtection: false,
      });
      for (const inherited of [
        'AllocatedStorage',
        'StorageEncrypted',
        'KmsKeyId',
        'MasterUsername',
        'DBName',
        'Engine',
      ])
        expect(Properties[inherited]).toBeUndefined();
      expect(Properties.BackupRetentionPeriod).toBeUndefined();
      expect(DeletionPolicy).toBe('Delete');
    }
  });

  test('each writes to a log group of its own, which stands before it, and failed connections are counted together', () => {
    const { stack } = instanceIn(Tier.DEVELOPMENT, { readReplicas: 1, master });
    const [{ Properties, DependsOn }] = replicasOf(stack);
    const name = `/aws/rds/instance/${Properties.DBInstanceIdentifier}/postgresql`;
    const group = allOf(stack, 'AWS::Logs::LogGroup').find((one) => one.Properties.LogGroupName === name)!;
    expect(group.Properties.RetentionInDays).toBe(30);
    expect(DependsOn).toContain(group.id);
    const filters = allOf(stack, 'AWS::Logs::MetricFilter').map((filter) => filter.Properties.MetricTransformations);
    expect(filters).toHaveLength(2);
    expect(filters[0]).toEqual(filters[1]);
  });

  test('the first is where it is read from; without one the instance is', () => {
    const { stack, database } = instanceIn(Tier.DEVELOPMENT, { readReplicas: 2, master });
    expect(stack.resolve(database.readEndpoint.hostname)).toEqual(
      stack.resolve(database.replicas[0].instanceEndpoint.hostname),
    );
    const alone = instanceIn(Tier.DEVELOPMENT).database;
    expect(alone.readEndpoint).toBe(alone.endpoint);
  });
});

describe('a password that RDS does not manage', () => {
  const master = MasterUser.generated({ username: 'chief' });

  test('is made once, of 32 characters, in a secret that knows the instance, and is not in the template (C18)', () => {
    const { stack, database } = instanceIn(Tier.PRODUCTION, { master });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      Properties: {
        GenerateSecretString: { PasswordLength: 32, SecretStringTemplate: '{"username":"chief"}' },
        KmsKeyId: Match.anyValue(),
      },
    });
    template.hasResourceProperties('AWS::SecretsManager::SecretTargetAttachment', {
      TargetType: 'AWS::RDS::DBInstance',
    });
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
    const [{ Properties }] = allOf(stack, INSTANCE);
    expect(Properties).toMatchObject({ MasterUsername: 'chief' });
    expect(Properties.ManageMasterUserPassword).toBeUndefined();
    expect(JSON.stringify(Properties.MasterUserPassword)).toContain('{{resolve:secretsmanager:');
    expect(stack.resolve(database.secret.secretArn)).toEqual({ Ref: expect.stringMatching(/Attachment/) });
  });

  test('goes with a database that goes', () => {
    templateOf(Tier.DEVELOPMENT, { master }).hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete' });
  });
});

test('what lies underneath can be reached and changed', () => {
  const { stack, database } = instanceIn(Tier.DEVELOPMENT, { readReplicas: 1, master: MasterUser.generated() });
  (database.instance.node.defaultChild as CfnDBInstance).dedicatedLogVolume = true;
  (database.replicas[0].node.defaultChild as CfnDBInstance).promotionTier = 3;
  database.parameterGroup.addParameter('work_mem', '8192');
  expect(database.logGroup).toBeInstanceOf(LogGroup);
  expect(database.connections.securityGroups).toEqual([database.securityGroup]);
  expect(stack.resolve(database.endpoint.hostname)).toEqual({
    'Fn::GetAtt': [expect.stringMatching(/^DatabaseInstance/), 'Endpoint.Address'],
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties(INSTANCE, { DedicatedLogVolume: true });
  template.hasResourceProperties(INSTANCE, { PromotionTier: 3 });
  template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: Match.objectLike({ work_mem: '8192' }) });
});
