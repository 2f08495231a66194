import { Tier } from '@groundplan/core';
import { FargateCluster } from '@groundplan/task';
import { flagMatrix } from '@groundplan/testing';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Cluster, ICluster } from 'aws-cdk-lib/aws-ecs';
import { Stack } from 'aws-cdk-lib/core';
import { WebServiceProps } from '../src';
import { Ground, groundIn, serviceOn } from './services';

const { DEVELOPMENT, PRODUCTION } = Tier;
const SERVICE = 'AWS::ECS::Service';

function shellsIn(tier: Tier, props: Partial<WebServiceProps> = {}, ground: Ground = groundIn(tier)) {
  return { ...ground, service: serviceOn(ground, props) };
}

/** What the application may, action by action, and in which policy: `Unscoped: ssmmessages:… on *`. */
function grantsOf(stack: Stack): string[] {
  return Object.entries(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))
    .filter(([id]) => id.startsWith('ApiTaskTaskRole'))
    .flatMap(([id, { Properties }]) =>
      (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Action, Resource }) =>
        [Action].flat().map((action) => `${policyOf(id)}: ${action} on ${Resource === '*' ? '*' : 'one group'}`),
      ),
    )
    .sort();
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const policyOf = (id: string) => id.replace(/^ApiTaskTaskRole|[0-9A-F]{8}$/g, '');

const GRANTS = [
  ...['CreateLogStream', 'DescribeLogStreams', 'PutLogEvents'].map((action) => `Policy: logs:${action} on one group`),
  'Unscoped: logs:DescribeLogGroups on *',
  ...['CreateControl', 'CreateData', 'OpenControl', 'OpenData'].map(
    (action) => `Unscoped: ssmmessages:${action}Channel on *`,
  ),
];

describe('shells', () => {
  test.each<[Tier, boolean]>([
    [Tier.SANDBOX, true],
    [Tier.DEVELOPMENT, true],
    [Tier.STAGING, false],
    [Tier.PRODUCTION, false],
  ])('are open in %s: %s, and a prop beats the tier', (tier, byTier) => {
    const open = (exec?: boolean) =>
      Template.fromStack(shellsIn(tier, { exec }).stack).findResources(SERVICE, {
        Properties: { EnableExecuteCommand: true },
      });
    expect(Object.keys(open())).toHaveLength(byTier ? 1 : 0);
    expect(Object.keys(open(!byTier))).toHaveLength(byTier ? 0 : 1);
  });

  test('need folders that the agent can write, and nothing where they are closed', () => {
    const volumesOf = (exec: boolean) => {
      const template = Template.fromStack(shellsIn(DEVELOPMENT, { exec }).stack);
      const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
      return Properties.Volumes?.map(({ Name }: { Name: string }) => Name);
    };
    expect(volumesOf(true)).toEqual(['exec-agents', 'exec-state', 'exec-logs']);
    expect(volumesOf(false)).toBeUndefined();
  });

  test('cost the application four actions that IAM cannot narrow, and the writing of the record', () => {
    expect(grantsOf(shellsIn(DEVELOPMENT).stack)).toEqual(GRANTS);
    expect(grantsOf(shellsIn(PRODUCTION).stack)).toEqual([]);
  });

  test('are recorded in the group of the cluster, which services share', () => {
    const ground = groundIn(DEVELOPMENT);
    const cluster = new FargateCluster(ground.stack, 'Cluster', { vpc: ground.network.vpc });
    const { stack } = shellsIn(DEVELOPMENT, { cluster }, ground);
    const group = stack.resolve(cluster.execLogGroup.logGroupName);
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Cluster', {
      Configuration: { ExecuteCommandConfiguration: { LogConfiguration: { CloudWatchLogGroupName: group } } },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Action: Match.arrayWith(['logs:PutLogEvents']),
            Resource: { 'Fn::Join': ['', Match.arrayWith([group, ':*'])] },
          },
        ],
      },
    });
  });
});

describe('in a cluster that others made', () => {
  const made: Record<string, (ground: Ground) => ICluster> = {
    imported: ({ stack, network }) =>
      Cluster.fromClusterAttributes(stack, 'Imported', { clusterName: 'shared', vpc: network.vpc }),
    'of CDK, without records of shells': ({ stack, network }) =>
      new Cluster(stack, 'Plain', { vpc: network.vpc, enableFargateCapacityProviders: true }),
  };

  describe.each(flagMatrix)('with $name', ({ context }) => {
    test.each(Object.keys(made))('%s: they are recorded in the log group of the task, and in no other', (kind) => {
      const ground = groundIn(DEVELOPMENT, context);
      const { stack, service } = shellsIn(DEVELOPMENT, { cluster: made[kind](ground) }, ground);
      const template = Template.fromStack(stack);
      template.hasResourceProperties(SERVICE, { EnableExecuteCommand: true });
      expect(grantsOf(stack)).toEqual(GRANTS);
      template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
        PolicyDocument: {
          Statement: [
            {
              Action: Match.arrayWith(['logs:PutLogEvents']),
              Resource: Match.arrayWith([stack.resolve(service.logGroup.logGroupArn)]),
            },
          ],
        },
      });
    });
  });
});
