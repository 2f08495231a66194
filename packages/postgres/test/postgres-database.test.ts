import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { MasterUser, PostgresDatabaseProps } from '../src';
import { DEFAULTS } from '../src/private/defaults';
import { connectionLimit } from '../src/private/parameters';
import { PlainDatabase, database, ground } from './plain-database';

const TIERS = Object.values(Tier);
const templateOf = (tier: Tier, props?: Partial<PostgresDatabaseProps>) =>
  Template.fromStack(Stack.of(database(tier, props)));

describe('the network', () => {
  test.each(TIERS)('nothing comes in and nothing goes out in %s', (tier) => {
    const made = database(tier);
    const rules = TemplateGraph.of(Stack.of(made)).rulesOf(made.securityGroup);
    expect(rules.map(({ direction, peer }) => `${direction} ${peer}`)).toEqual(['out 127.0.0.1/32']);
  });

  test('it stands in the isolated subnets', () => {
    const [{ Properties }] = Object.values(templateOf(Tier.PRODUCTION).findResources('AWS::RDS::DBSubnetGroup'));
    expect(Properties.SubnetIds).toEqual(
      [1, 2, 3].map((zone) => ({ 'Fn::ImportValue': expect.stringContaining(`VpcIsolatedSubnet${zone}`) })),
    );
  });
});

describe('the log', () => {
  test.each(TIERS)('ends after the days of %s, under the name that RDS writes to', (tier) => {
    templateOf(tier).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: DEFAULTS[tier].logDays,
      LogGroupName: {
        'Fn::Join': ['', ['/aws/rds/cluster/', { Ref: Match.stringLikeRegexp('^DatabaseCluster') }, '/postgresql']],
      },
    });
  });

  test('stands before an instance writes to it', () => {
    templateOf(Tier.DEVELOPMENT).hasResource('AWS::RDS::DBInstance', {
      DependsOn: [Match.stringLikeRegexp('^DatabaseLogs')],
    });
  });

  test('as somebody says', () => {
    const { network, stack } = ground(Tier.DEVELOPMENT);
    const encryptionKey = new Key(stack, 'LogKey');
    const logs = { retention: RetentionDays.FIVE_YEARS, encryptionKey };
    new PlainDatabase(stack, 'Database', { vpc: network.vpc, logs });
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 1827,
      KmsKeyId: stack.resolve(encryptionKey.keyArn),
    });
  });

  test('is counted for connections that were turned away', () => {
    templateOf(Tier.DEVELOPMENT).hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: Match.stringLikeRegexp('^\\?"password authentication failed for user" \\?"PAM '),
      MetricTransformations: [Match.objectLike({ MetricName: 'FailedConnections', MetricValue: '1', DefaultValue: 0 })],
    });
  });
});

describe('the password of the master user', () => {
  test.each<[number, number]>([
    [30, 1],
    [1, 1],
    [7, 0],
  ])('changes every %d days by %d schedules of ours, which stay', (days, schedules) => {
    const template = templateOf(Tier.PRODUCTION, { master: MasterUser.managed({ rotateEvery: Duration.days(days) }) });
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', schedules);
    if (schedules === 0) return;
    template.hasResource('AWS::SecretsManager::RotationSchedule', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      DependsOn: [Match.stringLikeRegexp('^DatabaseWriter')],
      Properties: { RotationRules: { AutomaticallyAfterDays: days }, RotateImmediatelyOnUpdate: false },
    });
  });
});

describe('keys and roles', () => {
  test('in production a key of its own rotates, and only services of AWS are granted it', () => {
    templateOf(Tier.PRODUCTION).hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      Properties: {
        EnableKeyRotation: true,
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Sid: 'GrantsForServicesOfAwsAlone',
              Effect: 'Deny',
              Principal: { AWS: '*' },
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

  test('the role of enhanced monitoring is for the databases of this account alone', () => {
    templateOf(Tier.STAGING).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'monitoring.rds.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
          }),
        ],
      },
    });
    templateOf(Tier.DEVELOPMENT).resourceCountIs('AWS::IAM::Role', 0);
  });
});

describe('with its stack', () => {
  const kept = (tier: Tier, removalPolicy?: RemovalPolicy) =>
    Object.values(
      templateOf(tier, { removalPolicy }).toJSON().Resources as Record<
        string,
        { Type: string; DeletionPolicy?: string }
      >,
    )
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
      .map(({ Type }) => Type.split('::')[2])
      .sort();

  test('everything that a database needs stays where it stays', () => {
    const all = [
      'DBCluster',
      'DBInstance',
      'DBSubnetGroup',
      'Key',
      'LogGroup',
      'Role',
      'RotationSchedule',
      'SecurityGroup',
    ];
    expect(kept(Tier.PRODUCTION)).toEqual(all);
    expect(kept(Tier.STAGING, RemovalPolicy.RETAIN)).toEqual(all.filter((type) => type !== 'Key'));
  });

  test('nothing stays where it goes, but the schedule that RDS does not give back, and the key of its snapshots', () => {
    expect(kept(Tier.DEVELOPMENT)).toEqual(['RotationSchedule']);
    expect(kept(Tier.PRODUCTION, RemovalPolicy.DESTROY)).toEqual(['Key', 'RotationSchedule']);
  });
});

test.each(TIERS)('a plan of AWS Backup finds it by the tier %s', (tier) => {
  templateOf(tier).hasResourceProperties('AWS::RDS::DBCluster', {
    Tags: Match.arrayWith([{ Key: 'groundplan:backup', Value: tier }]),
  });
});

test.each<[Record<string, string> | undefined, object]>([
  [undefined, { isSaid: false }],
  [{ work_mem: '4096' }, { isSaid: false }],
  [{ max_connections: '200' }, { isSaid: true, most: 200 }],
  [{ max_connections: 'LEAST({DBInstanceClassMemory/9531392},5000)' }, { isSaid: true }],
  [{ max_connections: '200x' }, { isSaid: true }],
])('how many connections %j say', (parameters, expected) => {
  expect(connectionLimit(parameters)).toEqual(expected);
});
