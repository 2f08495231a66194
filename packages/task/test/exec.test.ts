import { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { FargateCluster } from '../src';
import { containersIn } from './containers';
import { TIERS, groundIn, scheduledIn } from './environments';

describe('a task that somebody may open a shell in', () => {
  const folders = [
    ['exec-agents', '/managed-agents'],
    ['exec-state', '/var/lib/amazon/ssm'],
    ['exec-logs', '/var/log/amazon/ssm'],
  ];

  test('gives the agent three folders to write to, and keeps the rest read-only', () => {
    const { definition, containers } = containersIn(Tier.PRODUCTION, { exec: true });
    expect(definition.Volumes).toEqual(folders.map(([Name]) => ({ Name })));
    expect(containers.app).toMatchObject({
      ReadonlyRootFilesystem: true,
      User: '1000:1000',
      MountPoints: folders.map(([SourceVolume, ContainerPath]) => ({ SourceVolume, ContainerPath, ReadOnly: false })),
    });
  });

  test('is not what a task is by itself', () => {
    const { definition, containers } = containersIn(Tier.SANDBOX, {});
    expect([definition.Volumes, containers.app.MountPoints]).toEqual([undefined, undefined]);
  });
});

describe('a cluster', () => {
  test.each<[Tier, number, string]>([
    [Tier.SANDBOX, 30, 'Delete'],
    [Tier.DEVELOPMENT, 30, 'Delete'],
    [Tier.STAGING, 60, 'Delete'],
    [Tier.PRODUCTION, 90, 'Retain'],
  ])('records shells in %s for %d days, and the records go with it or not: %s', (tier, days, DeletionPolicy) => {
    const { stack, vpc } = groundIn(tier);
    const { execLogGroup } = new FargateCluster(stack, 'Cluster', { vpc });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy, Properties: { RetentionInDays: days } });
    template.hasResourceProperties('AWS::ECS::Cluster', {
      Configuration: {
        ExecuteCommandConfiguration: {
          Logging: 'OVERRIDE',
          LogConfiguration: { CloudWatchLogGroupName: stack.resolve(execLogGroup.logGroupName) },
        },
      },
    });
  });

  test.each(TIERS)('opens no shells by itself in %s: a run has none', (tier) => {
    const actions = JSON.stringify(
      Template.fromStack(scheduledIn(tier).stack).findResources('AWS::IAM::ManagedPolicy'),
    );
    expect(actions).not.toContain('ssmmessages');
  });
});
