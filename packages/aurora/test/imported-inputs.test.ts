import { Tier } from '@groundplan/core';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib/core';
import { AuroraCapacity, AuroraClusterProps } from '../src';
import { clusterOn, groundIn } from './clusters';

const CLUSTER = 'AWS::RDS::DBCluster';
/** A value that only the deployment knows. */
const text = (stack: Stack, id: string) => new CfnParameter(stack, id).valueAsString;
const number = (stack: Stack, id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;

/** What AWS calls a key, as its user copies it from there. */
const keyArn = ['arn', 'aws', 'kms', 'eu-central-1', '111111111111', 'key/12345678-1234-1234-1234-123456789012'].join(
  ':',
);

describe.each<[string, (stack: Stack, id: string, literal: string) => string]>([
  ['whose ids are known', (_stack, _id, literal) => literal],
  ['whose ids only the deployment knows', (stack, id) => text(stack, id)],
])('imported inputs %s', (_, value) => {
  test('a VPC: the cluster stands in its isolated subnets', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = Vpc.fromVpcAttributes(ground.stack, 'Vpc', {
      vpcId: value(ground.stack, 'VpcId', 'vpc-0123456789abcdef0'),
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      privateSubnetIds: ['subnet-1a', 'subnet-1b'],
      isolatedSubnetIds: ['subnet-2a', value(ground.stack, 'Subnet', 'subnet-2b')],
    });
    clusterOn(ground, { vpc });
    const template = Template.fromStack(ground.stack);
    template.hasResourceProperties('AWS::RDS::DBSubnetGroup', {
      SubnetIds: ['subnet-2a', ground.stack.resolve(vpc.isolatedSubnets[1].subnetId)],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: ground.stack.resolve(vpc.vpcId) });
  });

  test('a key: everything is encrypted with it, and none is made', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const encryptionKey = Key.fromKeyArn(ground.stack, 'Central', value(ground.stack, 'KeyArn', keyArn));
    clusterOn(ground, { encryptionKey });
    const KmsKeyId = ground.stack.resolve(encryptionKey.keyArn);
    const template = Template.fromStack(ground.stack);
    template.hasResourceProperties(CLUSTER, {
      KmsKeyId,
      PerformanceInsightsKmsKeyId: KmsKeyId,
      MasterUserSecret: { KmsKeyId: Match.anyValue() },
    });
    template.resourceCountIs('AWS::KMS::Key', 0);
  });
});

test('a VPC whose zones only the deployment knows', () => {
  const ground = groundIn(Tier.DEVELOPMENT);
  const vpc = Vpc.fromVpcAttributes(ground.stack, 'Vpc', {
    vpcId: Fn.importValue('VpcId'),
    availabilityZones: [Fn.select(0, Fn.getAzs()), Fn.select(1, Fn.getAzs())],
    isolatedSubnetIds: [0, 1].map((index) => Fn.select(index, Fn.split(',', Fn.importValue('Isolated')))),
  });
  expect(() => clusterOn(ground, { vpc })).not.toThrow();
});

describe('values that only the deployment knows', () => {
  const made = (props: (stack: Stack) => Partial<AuroraClusterProps>) => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const database = clusterOn(ground, props(ground.stack));
    return { template: Template.fromStack(ground.stack), database };
  };

  test('between how many capacity units it moves; then nobody knows how many connections it takes', () => {
    const { template, database } = made((stack) => ({
      capacity: AuroraCapacity.serverless({ minAcu: number(stack, 'Min'), maxAcu: number(stack, 'Max') }),
    }));
    template.hasResourceProperties(CLUSTER, {
      ServerlessV2ScalingConfiguration: { MinCapacity: { Ref: 'Min' }, MaxCapacity: { Ref: 'Max' } },
    });
    const connections = database.vitalSigns().find(({ id }) => id === 'Connections')!;
    expect(connections.alarms).toEqual([]);
  });

  test('one of the two limits: the other is that of the tier', () => {
    made((stack) => ({
      capacity: AuroraCapacity.serverless({ maxAcu: number(stack, 'Max') }),
    })).template.hasResourceProperties(CLUSTER, {
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: { Ref: 'Max' } },
    });
    made((stack) => ({
      capacity: AuroraCapacity.serverless({ minAcu: number(stack, 'Min') }),
    })).template.hasResourceProperties(CLUSTER, {
      ServerlessV2ScalingConfiguration: { MinCapacity: { Ref: 'Min' }, MaxCapacity: 2 },
    });
  });

  test('its name, its windows, its parameters, how long backups are kept', () => {
    made((stack) => ({
      databaseName: text(stack, 'Name'),
      maintenanceWindow: text(stack, 'Maintenance'),
      backup: { retention: Duration.days(number(stack, 'Days')), window: text(stack, 'Backup') },
      parameters: { work_mem: text(stack, 'WorkMem') },
    })).template.hasResourceProperties(CLUSTER, {
      DatabaseName: { Ref: 'Name' },
      PreferredMaintenanceWindow: { Ref: 'Maintenance' },
      PreferredBackupWindow: { Ref: 'Backup' },
      BackupRetentionPeriod: { Ref: 'Days' },
    });
  });
});
