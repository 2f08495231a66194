import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { expectClean } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { MasterUser, PostgresInstance } from '../src';
import { TIERS, groundIn, instanceIn } from './standing';

const { PRODUCTION } = Tier;
const master = MasterUser.generated({ rotateEvery: Duration.days(30) });

test('a generated password stays as it is, unless somebody says how often it changes', () => {
  const { stack } = instanceIn(PRODUCTION, { master: MasterUser.generated() });
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
});

describe('a function that AWS hosts', () => {
  const { stack, database, app } = instanceIn(PRODUCTION, { master, readReplicas: 1 });
  const template = Template.fromStack(stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));

  test('changes it every 30 days, in the private subnets, and not at once (IP-023)', () => {
    expect(Properties).toMatchObject({
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      RotateImmediatelyOnUpdate: false,
      HostedRotationLambda: { RotationType: 'PostgreSQLSingleUser' },
    });
    expect(JSON.stringify(Properties.HostedRotationLambda.VpcSubnetIds)).toMatch(/Private/);
    expect(template.toJSON().Transform).toMatch(/^AWS::SecretsManager/);
  });

  test('reaches the database on its port and Secrets Manager over HTTPS', () => {
    const graph = TemplateGraph.of(app);
    const from = graph.rulesOf(database.securityGroup).filter(({ direction }) => direction === 'in');
    expect(from.map(({ peer, ports }) => `${peer} ${ports}`)).toEqual([
      'Data/Database/RotationSecurityGroup/Resource 5432/tcp',
    ]);
    const out = graph.rulesOf(database.node.findChild('RotationSecurityGroup'));
    expect(
      out
        .filter(({ direction }) => direction === 'out')
        .map(({ peer, ports }) => `${peer} ${ports}`)
        .sort(),
    ).toEqual(['0.0.0.0/0 443/tcp', 'Data/Database/SecurityGroup/Resource 5432/tcp']);
  });

  test.each(TIERS)('brings nothing in %s that rules find and nobody acknowledged', (tier) => {
    expectClean(instanceIn(tier, { master }).stack);
  });
});

test('stands where it is told to', () => {
  const said = MasterUser.generated({
    rotateEvery: Duration.days(7),
    rotationSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
  });
  const { stack } = instanceIn(PRODUCTION, { master: said });
  const [{ Properties }] = Object.values(
    Template.fromStack(stack).findResources('AWS::SecretsManager::RotationSchedule'),
  );
  expect(JSON.stringify(Properties.HostedRotationLambda.VpcSubnetIds)).toMatch(/Isolated/);
});

test('a network from where it reaches no Secrets Manager is refused', () => {
  const { app } = groundIn(PRODUCTION);
  const stack = new Stack(app, 'Closed', { env: { account: '111111111111', region: 'eu-central-1' } });
  const vpc = new Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
  expect(() => new PostgresInstance(stack, 'Database', { vpc, master })).toThrow(
    /master\.rotationSubnets must be subnets from which Secrets Manager is reached, got .*; name some with an interface endpoint of Secrets Manager, or give the network egress/,
  );
});
