import { Tier } from '@groundplan/core';
import { MasterUser } from '@groundplan/postgres';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DataIdentifier, DataProtectionPolicy, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnDBCluster, DBClusterStorageType } from 'aws-cdk-lib/aws-rds';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { AuroraCapacity, AuroraClusterProps } from '../src';
import { TIERS, clusterIn, clusterOn, groundIn } from './clusters';
import { CLUSTER, clusterOf, instancesOf, templateOf } from './templates';

describe('props', () => {
  const dev = (props: Partial<AuroraClusterProps>) => clusterOf(Tier.DEVELOPMENT, props).Properties;

  test('capacity: between two limits, with a pause of its own', () => {
    const capacity = AuroraCapacity.serverless({ minAcu: 0, maxAcu: 8, autoPause: Duration.hours(1) });
    expect(dev({ capacity }).ServerlessV2ScalingConfiguration).toEqual({
      MinCapacity: 0,
      MaxCapacity: 8,
      SecondsUntilAutoPause: 3600,
    });
  });

  test.each<[string, { minAcu?: number; maxAcu?: number }, Tier, number, number]>([
    ['a maximum below the minimum of the tier takes it along', { maxAcu: 1 }, Tier.PRODUCTION, 1, 1],
    ['so does a minimum above the maximum of the tier', { minAcu: 8 }, Tier.DEVELOPMENT, 8, 8],
    ['a minimum alone keeps the maximum of the tier', { minAcu: 2 }, Tier.PRODUCTION, 2, 16],
  ])('capacity: %s', (_, limits, tier, MinCapacity, MaxCapacity) => {
    const { ServerlessV2ScalingConfiguration } = clusterOf(tier, {
      capacity: AuroraCapacity.serverless(limits),
    }).Properties;
    expect(ServerlessV2ScalingConfiguration).toEqual({ MinCapacity, MaxCapacity });
  });

  test('capacity: instances of one size, the readers as large as the writer', () => {
    const capacity = AuroraCapacity.provisioned(InstanceType.of(InstanceClass.R8G, InstanceSize.LARGE));
    const template = templateOf(Tier.PRODUCTION, { capacity, readers: 2 });
    expect(instancesOf(template).map(({ DBInstanceClass }) => DBInstanceClass)).toEqual(Array(3).fill('db.r8g.large'));
    template.hasResourceProperties(CLUSTER, { ServerlessV2ScalingConfiguration: Match.absent() });
  });

  test('readers: the first grows with the writer and takes over, the others are on their own', () => {
    const tiers = instancesOf(templateOf(Tier.PRODUCTION, { readers: 3 })).map(({ PromotionTier }) => PromotionTier);
    expect(tiers.sort()).toEqual([0, 1, 2, 2]);
  });

  test('storage: I/O-optimised', () => {
    expect(dev({ storage: DBClusterStorageType.AURORA_IOPT1 }).StorageType).toBe('aurora-iopt1');
  });

  test('subnets, databaseName, majorVersion, windows, retention, protection', () => {
    const template = templateOf(Tier.DEVELOPMENT, {
      subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      databaseName: 'orders_2',
      majorVersion: 16,
      backup: { retention: Duration.days(21), window: '22:00-23:00' },
      maintenanceWindow: 'mon:00:30-mon:01:30',
      deletionProtection: true,
    });
    template.hasResourceProperties(CLUSTER, {
      DatabaseName: 'orders_2',
      EngineVersion: Match.stringLikeRegexp('^16\\.'),
      BackupRetentionPeriod: 21,
      PreferredBackupWindow: '22:00-23:00',
      PreferredMaintenanceWindow: 'mon:00:30-mon:01:30',
      DeletionProtection: true,
    });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', { Family: 'aurora-postgresql16' });
    template.hasResourceProperties('AWS::RDS::DBSubnetGroup', {
      SubnetIds: Match.arrayWith([{ 'Fn::ImportValue': Match.stringLikeRegexp('PrivateSubnet') }]),
    });
  });

  test('parameters stand over ours and beside them', () => {
    const parameters = { statement_timeout: '0', work_mem: '16384' };
    templateOf(Tier.DEVELOPMENT, { parameters }).hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: { statement_timeout: '0', work_mem: '16384', 'rds.force_ssl': '1' },
    });
  });

  test('master: another name, and the seven days of RDS itself need no schedule', () => {
    const master = MasterUser.managed({ username: 'chief', rotateEvery: Duration.days(7) });
    const template = templateOf(Tier.DEVELOPMENT, { master });
    template.hasResourceProperties(CLUSTER, { MasterUsername: 'chief' });
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
    const often = MasterUser.managed({ rotateEvery: Duration.days(1) });
    templateOf(Tier.DEVELOPMENT, { master: often }).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationRules: { AutomaticallyAfterDays: 1 },
    });
  });

  test('encryptionKey: yours instead of one that is made', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const encryptionKey = new Key(ground.stack, 'Central');
    clusterOn(ground, { encryptionKey });
    const template = Template.fromStack(ground.stack);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResourceProperties(CLUSTER, { KmsKeyId: ground.stack.resolve(encryptionKey.keyArn) });
  });

  test('logs: how long, under which key, and what is masked; then every statement may be logged in production (C45)', () => {
    const ground = groundIn(Tier.PRODUCTION);
    clusterOn(ground, {
      parameters: { log_statement: 'all' },
      logs: {
        retention: RetentionDays.ONE_YEAR,
        encryptionKey: new Key(ground.stack, 'LogKey'),
        redaction: new DataProtectionPolicy({ name: 'personal', identifiers: [DataIdentifier.EMAILADDRESS] }),
      },
    });
    Template.fromStack(ground.stack).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 365,
      KmsKeyId: Match.anyValue(),
      DataProtectionPolicy: Match.objectLike({ Name: 'personal' }),
    });
  });

  test.each<[RemovalPolicy, string, string | undefined]>([
    [RemovalPolicy.DESTROY, 'Delete', undefined],
    [RemovalPolicy.SNAPSHOT, 'Snapshot', undefined],
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
  ])('removalPolicy: %s, whatever the tier', (removalPolicy, cluster, group) => {
    for (const tier of TIERS) {
      const template = templateOf(tier, { removalPolicy });
      template.hasResource(CLUSTER, { DeletionPolicy: cluster });
      template.hasResource('AWS::EC2::SecurityGroup', { DeletionPolicy: group ?? Match.absent() });
    }
  });

  test('a pause that will not come is warned of, and the warning can be acknowledged', () => {
    const warnings = (tier: Tier) => {
      const { stack } = clusterIn(tier, { parameters: { 'rds.logical_replication': '1' } });
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('will not fall asleep'));
    };
    expect(warnings(Tier.DEVELOPMENT)).toMatchObject([{ id: '/Data/Database' }]);
    expect(warnings(Tier.PRODUCTION)).toEqual([]);
  });
});

test('what lies underneath can be reached and changed', () => {
  const { stack, database } = clusterIn(Tier.DEVELOPMENT);
  const resource = database.cluster.node.defaultChild as CfnDBCluster;
  resource.enableHttpEndpoint = true;
  expect(database.logGroup).toBeInstanceOf(LogGroup);
  expect(database.connections.securityGroups).toEqual([database.securityGroup]);
  const [endpoint, readEndpoint] = [database.endpoint, database.readEndpoint].map(({ hostname }) =>
    stack.resolve(hostname),
  );
  expect(endpoint).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^DatabaseCluster/), 'Endpoint.Address'] });
  expect(readEndpoint).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^DatabaseCluster/), 'ReadEndpoint.Address'] });
  expect(stack.resolve(database.secret.secretArn)).toEqual({
    'Fn::GetAtt': [expect.stringMatching(/^DatabaseCluster/), 'MasterUserSecret.SecretArn'],
  });
  Template.fromStack(stack).hasResourceProperties(CLUSTER, { EnableHttpEndpoint: true });
});
