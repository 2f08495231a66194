import { Tier } from '@groundplan/core';
import { InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { StorageType } from 'aws-cdk-lib/aws-rds';
import { Duration, Token } from 'aws-cdk-lib/core';
import { MasterUser, PostgresClusterProps, PostgresInstanceProps } from '../src';
import { clusterIn, clusterOn, groundIn, instanceIn, instanceOn } from './standing';

const token = Token.asNumber({ Ref: 'Parameter' });
const literal = 'must be a literal, got a token that is known only at deployment;';

describe('of an instance a mistake is refused with the prop, the value, what is allowed and what to do', () => {
  const refused = (props: Partial<PostgresInstanceProps>) => () => instanceIn(Tier.DEVELOPMENT, props);
  const message = (text: string) => new Error(`PostgresInstance "Data/Database": ${text}`);
  const size = 'storageGiB must be a whole number from 20 to 65536, got';
  const replicas = 'readReplicas must be a whole number from 0 to 15, got';
  const most = 'RDS makes no more of one instance; cache what many read';

  test.each<[string, Partial<PostgresInstanceProps>, string]>([
    ['too little storage', { storageGiB: 19 }, `${size} 19; gp3 comes in no other size`],
    ['half a GiB', { storageGiB: 20.5 }, `${size} 20.5; gp3 comes in no other size`],
    ['too much storage', { storageGiB: 65_537, maxStorageGiB: 65_537 }, `${size} 65537; gp3 comes in no other size`],
    [
      'less at most than at the beginning',
      { storageGiB: 100, maxStorageGiB: 99 },
      'maxStorageGiB must be a tenth more than storageGiB or larger, 110 to 65536, or 100 for storage that does not grow, got 99; leave it out for 5 times storageGiB',
    ],
    [
      'a limit that is too near',
      { storageGiB: 100, maxStorageGiB: 109 },
      'maxStorageGiB must be a tenth more than storageGiB or larger, 110 to 65536, or 100 for storage that does not grow, got 109; leave it out for 5 times storageGiB',
    ],
    ['fewer copies than none', { readReplicas: -1 }, `${replicas} -1; ${most}`],
    ['half a copy', { readReplicas: 1.5, master: MasterUser.generated() }, `${replicas} 1.5; ${most}`],
    ['too many copies', { readReplicas: 16, master: MasterUser.generated() }, `${replicas} 16; ${most}`],
    [
      'copies of an instance whose password RDS manages',
      { readReplicas: 2 },
      'readReplicas must be 0 where RDS manages the master password, got 2; RDS refuses replicas of such an instance: pass master: MasterUser.generated(), or take PostgresCluster',
    ],
    [
      'storage that only the deployment knows',
      { storageGiB: token },
      `storageGiB ${literal} write the number: the alarm on free storage is worked out from it`,
    ],
    [
      'a limit that only the deployment knows',
      { maxStorageGiB: token },
      `maxStorageGiB ${literal} write the number: RDS refuses one that is too near`,
    ],
    [
      'copies that only the deployment knows',
      { readReplicas: token },
      `readReplicas ${literal} write the number: it decides what is made`,
    ],
    [
      'a reserved name of the master',
      { master: MasterUser.generated({ username: 'rdsadmin' }) },
      'master.username must be a small letter, then small letters, digits and "_", and no name that PostgreSQL or RDS keeps for itself, got "rdsadmin"; leave it out for \'postgres\'',
    ],
    [
      'windows that meet',
      { backup: { window: '03:30-04:30' } },
      'maintenanceWindow must be at another time than backup.window, 03:30-04:30, got "sun:04:00-sun:05:00"; move one of them: RDS refuses windows that overlap',
    ],
    [
      'no backups',
      { backup: { retention: Duration.days(0) } },
      'backup.retention must be 1 to 35 whole days, got 0; leave it out for the default of the tier; keep longer with AWS Backup',
    ],
  ])('%s', (_, props, text) => {
    expect(refused(props)).toThrow(message(text));
  });

  test('all of them at once', () => {
    expect(refused({ storageGiB: 5, maxStorageGiB: 3, readReplicas: 99, majorVersion: 13 })).toThrow(
      /^PostgresInstance "Data\/Database" has 5 mistakes:\n {2}- storageGiB .*\n {2}- maxStorageGiB .*\n {2}- readReplicas .*\n {2}- readReplicas .*\n {2}- majorVersion .*$/,
    );
  });

  test('nothing is made before a mistake is told', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    expect(() => instanceOn(ground, { storageGiB: 1 })).toThrow();
    expect(ground.stack.node.findAll().filter(({ node }) => node.children.length === 0)).toHaveLength(1);
  });
});

describe('of a Multi-AZ cluster a mistake is refused in the same way', () => {
  const refused = (props: Partial<PostgresClusterProps>) => () => clusterIn(Tier.DEVELOPMENT, props);
  const message = (text: string) => new Error(`PostgresCluster "Data/Database": ${text}`);
  const classes =
    'c6gd.medium, or large and larger of c6gd, m5d, m6gd, m6id, m6idn, m8gd, r5d, r6gd, r6id, r6idn, r8gd, x2iedn';
  const noOther = 'RDS makes Multi-AZ clusters of no other class; take PostgresInstance for a smaller one';

  test.each(['t4g.medium', 'm6g.large', 'm6gd.medium', 'r8gd.metal', 'c6gd.small', 'r7g.large', 'r6gd'])(
    'the class %s',
    (name) => {
      expect(refused({ instanceType: new InstanceType(name) })).toThrow(
        message(`instanceType must be ${classes}, got ${name}; ${noOther}`),
      );
    },
  );

  test.each(['c6gd.medium', 'c6gd.large', 'm6gd.xlarge', 'r8gd.48xlarge'])('the class %s is taken', (name) => {
    expect(refused({ instanceType: new InstanceType(name) })).not.toThrow();
  });

  const least = 'leave it out for the least';
  test.each<[string, Partial<PostgresClusterProps>, string]>([
    [
      'little of gp3',
      { storageGiB: 399 },
      'storageGiB must be a whole number from 400 to 65536 of gp3, got 399; for less, pass storageType: StorageType.IO1',
    ],
    [
      'less of io1 than there is',
      { storageType: StorageType.IO1, storageGiB: 99 },
      'storageGiB must be a whole number from 100 to 65536 of io1, got 99; there is no other size',
    ],
    [
      'fewer operations than gp3 has',
      { iops: 3000 },
      `iops must be a whole number from 12000 to 20000 with 400 GiB of gp3, got 3000; ${least}`,
    ],
    [
      'more operations than RDS takes',
      { iops: 64_000 },
      `iops must be a whole number from 12000 to 20000 with 400 GiB of gp3, got 64000; ${least}`,
    ],
    [
      'too few operations for so much storage',
      { storageType: StorageType.IO1, storageGiB: 4000, iops: 1000 },
      `iops must be a whole number from 2000 to 200000 with 4000 GiB of io1, got 1000; ${least}`,
    ],
    [
      'storage of the past',
      { storageType: StorageType.GP2 },
      'storageType must be StorageType.GP3, IO1 or IO2, got "gp2"; a Multi-AZ cluster takes no other; leave it out for gp3',
    ],
    [
      'storage that only the deployment knows',
      { storageGiB: token },
      `storageGiB ${literal} write the number: the alarm on free storage is worked out from it`,
    ],
    [
      'operations that only the deployment knows',
      { iops: token },
      `iops ${literal} write the number: what RDS takes depends on storageGiB`,
    ],
  ])('%s', (_, props, text) => {
    expect(refused(props)).toThrow(message(text));
  });

  test('a network of two zones', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = new Vpc(ground.stack, 'Two', {
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const third =
      'each of the three instances stands in a zone of its own: give the network a third, or take PostgresInstance';
    expect(() => clusterOn(ground, { vpc })).toThrow(
      message(`vpc must be subnets of three zones at least, got 2; ${third}`),
    );
    expect(() => clusterOn(ground, { vpc, subnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }, 'Other')).toThrow(
      `subnets must be subnets of three zones at least, got 2; ${third}`,
    );
  });

  test('a network of one zone is told once', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = new Vpc(ground.stack, 'One', {
      availabilityZones: ['eu-central-1a'],
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    expect(() => clusterOn(ground, { vpc })).toThrow('vpc must be subnets of two zones at least, got 1;');
  });

  test('a network without isolated subnets is told once', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = Vpc.fromVpcAttributes(ground.stack, 'Public', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-central-1a'],
      publicSubnetIds: ['subnet-1'],
    });
    expect(() => clusterOn(ground, { vpc })).toThrow(
      /^PostgresCluster "Data\/Database": vpc must be a network with isolated subnets/,
    );
  });
});
