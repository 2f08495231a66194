import { Tier } from '@groundplan/core';
import { Image, OneOffTask } from '@groundplan/task';
import { Template } from 'aws-cdk-lib/assertions';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib/core';
import { Grants, PostgresDatabase, PostgresDatabaseProps } from '../src';
import { CLUSTER, Ground, INSTANCE, allOf, clusterOn, groundIn, instanceOn } from './standing';

/** A value that only the deployment knows. */
const text = (stack: Stack, id: string) => new CfnParameter(stack, id).valueAsString;
const number = (stack: Stack, id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
const keyArn = ['arn', 'aws', 'kms', 'eu-central-1', '111111111111', 'key/12345678-1234-1234-1234-123456789012'].join(
  ':',
);

/** What both kinds take. */
type Props = PostgresDatabaseProps & { readonly instanceType?: InstanceType };

const KINDS: [string, string, (ground: Ground, props?: Partial<Props>) => PostgresDatabase][] = [
  ['an instance', INSTANCE, instanceOn],
  ['a Multi-AZ cluster', CLUSTER, clusterOn],
];

describe.each(KINDS)('%s', (_kind, type, on) => {
  describe.each<[string, (stack: Stack, id: string, literal: string) => string]>([
    ['whose ids are known', (_stack, _id, literal) => literal],
    ['whose ids only the deployment knows', (stack, id) => text(stack, id)],
  ])('imported inputs %s', (_, value) => {
    test('a VPC: it stands in its isolated subnets', () => {
      const ground = groundIn(Tier.DEVELOPMENT);
      const vpc = Vpc.fromVpcAttributes(ground.stack, 'Vpc', {
        vpcId: value(ground.stack, 'VpcId', 'vpc-0123456789abcdef0'),
        availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
        isolatedSubnetIds: ['subnet-2a', value(ground.stack, 'Subnet', 'subnet-2b'), 'subnet-2c'],
      });
      on(ground, { vpc });
      const template = Template.fromStack(ground.stack);
      template.hasResourceProperties('AWS::RDS::DBSubnetGroup', {
        SubnetIds: ['subnet-2a', ground.stack.resolve(vpc.isolatedSubnets[1].subnetId), 'subnet-2c'],
      });
      template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: ground.stack.resolve(vpc.vpcId) });
    });

    test('a key: everything is encrypted with it, and none is made', () => {
      const ground = groundIn(Tier.PRODUCTION);
      const encryptionKey = Key.fromKeyArn(ground.stack, 'Central', value(ground.stack, 'KeyArn', keyArn));
      on(ground, { encryptionKey });
      const [{ Properties }] = allOf(ground.stack, type);
      expect(Properties.KmsKeyId).toEqual(ground.stack.resolve(encryptionKey.keyArn));
      Template.fromStack(ground.stack).resourceCountIs('AWS::KMS::Key', 0);
    });
  });

  test('a VPC whose zones only the deployment knows', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = Vpc.fromVpcAttributes(ground.stack, 'Vpc', {
      vpcId: Fn.importValue('VpcId'),
      availabilityZones: [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs())),
      isolatedSubnetIds: [0, 1, 2].map((index) => Fn.select(index, Fn.split(',', Fn.importValue('Isolated')))),
    });
    expect(() => on(ground, { vpc })).not.toThrow();
  });

  test('its name, its windows, its parameters and how long backups are kept may be known to the deployment alone', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const { stack } = ground;
    on(ground, {
      databaseName: text(stack, 'Name'),
      maintenanceWindow: text(stack, 'Maintenance'),
      backup: { retention: Duration.days(number(stack, 'Days')), window: text(stack, 'Backup') },
      parameters: { work_mem: text(stack, 'WorkMem') },
    });
    const [{ Properties }] = allOf(stack, type);
    expect(Properties).toMatchObject({
      PreferredMaintenanceWindow: { Ref: 'Maintenance' },
      PreferredBackupWindow: { Ref: 'Backup' },
      BackupRetentionPeriod: { Ref: 'Days' },
    });
    expect(Properties.DBName ?? Properties.DatabaseName).toEqual({ Ref: 'Name' });
  });

  test('a size that only the deployment knows is taken; then nobody knows how many connections there may be', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const database = on(ground, { instanceType: new InstanceType(text(ground.stack, 'Type')) });
    expect(database.vitalSigns().find(({ id }) => id === 'Connections')!.alarms).toEqual([]);
  });

  test('a task is wired to it: one port, what libpq reads, and the password by reference', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const database = on(ground);
    const { account, region } = ground.stack;
    const stack = new Stack(ground.app, 'Tasks', { env: { account, region } });
    const task = new OneOffTask(stack, 'Report', { vpc: ground.network.vpc, image: Image.placeholder() });
    task.connectTo(database);
    const [{ Properties }] = allOf(stack, 'AWS::ECS::TaskDefinition');
    const [container] = Properties.ContainerDefinitions as Record<string, { Name: string; Value?: unknown }[]>[];
    expect(container.Environment.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining(['PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGSSLMODE', 'DATABASE_URL']),
    );
    expect(container.Secrets.map(({ Name }) => Name)).toEqual(['PGPASSWORD']);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('{{resolve:secretsmanager');
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { IpProtocol: 'tcp' });
  });

  test('a user of it logs in by IAM under the id that RDS gives it', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const user = on(ground).addUser('reports', { grants: Grants.readOnly(), iam: true });
    const role = new Role(ground.stack, 'Reader', { assumedBy: new AccountRootPrincipal() });
    user.grantConnect(role);
    const [{ Properties }] = allOf(ground.stack, 'AWS::IAM::Policy');
    expect(JSON.stringify(Properties)).toMatch(/"Database(Instance|Cluster)\w+","(DbiResourceId|DBClusterResourceId)"/);
  });
});
