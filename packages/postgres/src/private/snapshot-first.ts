import { Findings } from '@groundplan/core';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  Chain,
  Choice,
  Condition,
  CustomState,
  Fail,
  Pass,
  StateMachine,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** What a snapshot is taken of. */
export interface SnapshotSource {
  /** `cluster` or `instance`. */
  readonly kind: string;
  /** How RDS calls it. */
  readonly identifier: string;
}

/** States that take a snapshot, and what they have to be allowed. */
export interface Snapshot {
  readonly states: Chain;
  readonly statements: PolicyStatement[];
  /** The resource with a wildcard in them. */
  readonly snapshots: string;
}

/** How RDS calls the two, in its API and in its ARNs: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.html */
const NAMES = {
  cluster: {
    call: 'DBClusterSnapshot',
    list: 'DbClusterSnapshots',
    prefix: 'DbCluster',
    source: 'cluster',
    snapshot: 'cluster-snapshot',
  },
  instance: { call: 'DBSnapshot', list: 'DbSnapshots', prefix: 'Db', source: 'db', snapshot: 'snapshot' },
} as const;
const PREFIX = 'before-migration-';

/**
 * Takes a snapshot and waits until it can be restored. A database that was made by this deployment holds nothing yet.
 *
 * Step Functions asks RDS itself; nothing runs in between.
 */
export function snapshotFirst(scope: Construct, { kind, identifier }: SnapshotSource): Snapshot {
  const names = kind === 'cluster' ? NAMES.cluster : NAMES.instance;
  const stack = Stack.of(scope);
  const name = { [`${names.prefix}SnapshotIdentifier.$`]: `States.Format('${PREFIX}{}', $$.Execution.Name)` };
  const call = (id: string, action: string, parameters: object) =>
    new CustomState(scope, id, {
      stateJson: {
        Type: 'Task',
        Resource: stack.formatArn({
          service: 'states',
          region: '',
          account: '',
          resource: 'aws-sdk',
          resourceName: `rds:${action}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
        Parameters: parameters,
        ResultPath: '$.Snapshot',
      },
    });
  const take = call('TakeSnapshot', `create${names.call}`, {
    [kind === 'cluster' ? 'DbClusterIdentifier' : 'DbInstanceIdentifier']: identifier,
    ...name,
  });
  const look = call('LookAtSnapshot', `describe${names.call}s`, name);
  const wait = new Wait(scope, 'WaitForSnapshot', { time: WaitTime.duration(Duration.seconds(15)) });
  const status = `$.Snapshot.${names.list}[0].Status`;
  const ready = new Pass(scope, 'Ready');
  const states = new Choice(scope, 'HoldsData')
    .when(Condition.stringEquals('$.RequestType', 'Create'), ready)
    .otherwise(
      take
        .next(wait)
        .next(look)
        .next(
          new Choice(scope, 'CanBeRestored')
            .when(Condition.stringEquals(status, 'available'), ready)
            .when(
              Condition.stringEquals(status, 'failed'),
              new Fail(scope, 'NoSnapshot', {
                error: 'NoSnapshot',
                cause: 'The snapshot before the migration failed, so nothing was migrated.',
              }),
            )
            .otherwise(wait),
        ),
    )
    .afterwards();
  const arn = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'rds', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const snapshots = arn(names.snapshot, `${PREFIX}*`);
  return {
    states,
    snapshots,
    statements: [
      new PolicyStatement({
        actions: [`rds:Create${names.call}`, 'rds:AddTagsToResource'],
        resources: [arn(names.source, identifier), snapshots],
      }),
      new PolicyStatement({
        actions: [`rds:Describe${names.call}s`],
        resources: [arn(names.source, identifier), snapshots],
      }),
    ],
  };
}

/** Lets a state machine take them. */
export function allowSnapshots({ role }: StateMachine, { statements, snapshots }: Snapshot): void {
  for (const statement of statements) role.addToPrincipalPolicy(statement);
  Findings.acknowledge(
    role,
    [Findings.wildcard(role, snapshots)],
    'A snapshot is named after the run that takes it. The prefix keeps the role from all others.',
  );
}
