import { Tier } from '@groundplan/core';
import { Pooling } from '@groundplan/postgres';
import { Template } from 'aws-cdk-lib/assertions';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { AuroraCapacity } from '../src';
import { clusterIn } from './clusters';

const { DEVELOPMENT, PRODUCTION } = Tier;
const pooling = Pooling.rdsProxy();

test('behind a proxy a cluster does not sleep, so it is not said to', () => {
  const { stack } = clusterIn(DEVELOPMENT, { pooling });
  Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBCluster', {
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 },
  });
});

test.each([
  ['0 units', AuroraCapacity.serverless({ minAcu: 0 })],
  ['a pause', AuroraCapacity.serverless({ minAcu: 0, autoPause: Duration.minutes(10) })],
])('%s and a proxy are refused', (_what, capacity) => {
  expect(() => clusterIn(DEVELOPMENT, { pooling, capacity })).toThrow(
    'AuroraCluster "Data/Database": capacity.minAcu must be 0.5 or more behind RDS Proxy, got 0; ' +
      'the proxy keeps connections open, so that it would never sleep: leave minAcu out, or use Pooling.pgBouncer(), which lets it',
  );
});

test('readers have an endpoint of the proxy, and where there are none it is the same', () => {
  const { stack, database } = clusterIn(PRODUCTION, { pooling });
  Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBProxyEndpoint', { TargetRole: 'READ_ONLY' });
  expect(database.proxy!.readEndpoint.hostname).not.toBe(database.proxy!.endpoint.hostname);
  const alone = clusterIn(PRODUCTION, { pooling, readers: 0 });
  Template.fromStack(alone.stack).resourceCountIs('AWS::RDS::DBProxyEndpoint', 0);
  expect(alone.database.proxy!.readEndpoint).toBe(alone.database.proxy!.endpoint);
});

test('the proxy waits for the instances: a cluster without one is no target', () => {
  const { stack } = clusterIn(PRODUCTION, { pooling });
  const [{ DependsOn }] = Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBProxyTargetGroup'));
  expect(DependsOn).toEqual(
    expect.arrayContaining([expect.stringMatching(/Writer/), expect.stringMatching(/Reader1/)]),
  );
});

describe('PgBouncer', () => {
  const bounced = Pooling.pgBouncer();
  const planOf = (stack: Stack) => JSON.stringify(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));

  test('lets a cluster sleep', () => {
    const { stack } = clusterIn(DEVELOPMENT, { pooling: bounced });
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBCluster', {
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 2, SecondsUntilAutoPause: 300 },
    });
  });

  test('leads those who ask for the database "readers" to the readers, where there are some', () => {
    const { stack, database } = clusterIn(PRODUCTION, { pooling: bounced });
    expect(database.pgBouncer!.readDatabaseName).toBe('readers');
    expect(planOf(stack)).toContain('ReadEndpoint.Address');
    const alone = clusterIn(PRODUCTION, { pooling: bounced, readers: 0 });
    expect(alone.database.pgBouncer!.readDatabaseName).toBeUndefined();
    expect(planOf(alone.stack)).not.toContain('ReadEndpoint.Address');
  });
});
