import { Environment, Mistakes } from '@groundplan/core';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PgBouncerOptions } from '../pooling';
import type { PostgresDatabaseProps } from '../postgres-database-props';
import { DEFAULTS, FIXED } from './defaults';

/** What PgBouncer calls the readers, in place of the name of a database. */
export const READERS = 'readers';

const CPU = [256, 512, 1024];

/** Notes every mistake in how connections are shared. */
export function checkPooling(scope: Construct, props: PostgresDatabaseProps, mistakes: Mistakes): void {
  const { _rdsProxy: proxy = {}, _pgBouncer: bouncer = {} } = props.pooling ?? {};
  const whole = (prop: string, value: number | undefined, least: number, most: number, unit: string) => {
    if (value === undefined || Token.isUnresolved(value)) return;
    if (!(Number.isInteger(value) && value >= least && value <= most))
      mistakes.add({
        prop: `pooling.${prop}`,
        mustBe: `${least} to ${most} whole ${unit}`,
        got: `${value}`,
        remedy: 'leave it out for the default',
      });
  };
  const borrowTimeout = proxy.borrowTimeout ?? bouncer.borrowTimeout;
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfiguration.html
  whole('borrowTimeout', borrowTimeout?.toSeconds({ integral: false }), 1, 300, 'seconds');
  whole('idleClientTimeout', proxy.idleClientTimeout?.toSeconds({ integral: false }), 60, 28_800, 'seconds');
  whole('maxConnectionsPercent', proxy.maxConnectionsPercent, 1, 100, 'percent');
  if (!props.pooling?._pgBouncer) return;
  whole('tasks', bouncer.tasks, 1, 10, 'tasks');
  whole('serverConnections', bouncer.serverConnections, 1, 1000, 'connections');
  whole('clientConnections', bouncer.clientConnections, 10, 10_000, 'connections');
  if (bouncer.cpu !== undefined && !Token.isUnresolved(bouncer.cpu) && !CPU.includes(bouncer.cpu))
    mistakes.add({
      prop: 'pooling.cpu',
      mustBe: `one of ${CPU.join(', ')}`,
      got: `${bouncer.cpu}`,
      remedy: 'PgBouncer uses no more than one vCPU: raise tasks for more',
    });
  if (props.databaseName === READERS)
    mistakes.add({
      prop: 'databaseName',
      mustBe: `another name than "${READERS}" with Pooling.pgBouncer()`,
      got: `"${READERS}"`,
      remedy: 'so PgBouncer calls the readers: name the database after what it holds',
    });
  checkShare(props, bouncer.tasks ?? DEFAULTS[Environment.of(scope).tier].poolTasks, mistakes);
  checkTaskSubnets(props, bouncer, mistakes);
}

/** What all tasks open together must leave room for migrations and people, where it is known how much there is. */
function checkShare({ parameters, pooling }: PostgresDatabaseProps, tasks: number, mistakes: Mistakes): void {
  const limit = Number(parameters?.max_connections ?? Number.NaN);
  const { serverConnections = FIXED.serverConnections } = pooling!._pgBouncer!;
  if (!Number.isFinite(limit) || Token.isUnresolved(tasks) || Token.isUnresolved(serverConnections)) return;
  const most = Math.floor((limit * FIXED.poolPercent) / 100);
  if (tasks * serverConnections > most)
    mistakes.add({
      prop: 'pooling.serverConnections',
      mustBe: `at most ${Math.floor(most / tasks)} for each of ${tasks} tasks, ${FIXED.poolPercent} % of the ${limit} of max_connections`,
      got: `${serverConnections}`,
      remedy: 'lower it or tasks: migrations and people connect beside it',
    });
}

function checkTaskSubnets({ vpc }: PostgresDatabaseProps, { subnets }: PgBouncerOptions, mistakes: Mistakes): void {
  try {
    vpc.selectSubnets(subnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS });
  } catch (error) {
    mistakes.add({
      prop: 'pooling.subnets',
      mustBe: 'subnets from which images are fetched',
      got: (error as Error).message,
      remedy: 'name some with interface endpoints of ECR and CloudWatch Logs, or give the network egress',
    });
  }
}
