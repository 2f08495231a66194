import type { TaskProps } from '@groundplan/task';
import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Capacity } from './capacity';
import type { Deployment } from './deployment';
import type { Scaling } from './scaling';

/** What every service says. */
export interface ServiceProps extends TaskProps {
  /**
   * The cluster that it runs in, with the capacity providers of Fargate. Several services may share one.
   *
   * @default a cluster of its own
   */
  readonly cluster?: ICluster;
  /**
   * The subnets of the tasks. They never get a public address.
   *
   * @default the private ones, from where the internet is reached but not the other way round
   */
  readonly subnets?: SubnetSelection;
  /**
   * What the tasks run on.
   *
   * @default by tier: `Capacity.spot()`, with one task off it in staging; `Capacity.onDemand()` in production
   */
  readonly capacity?: Capacity;
  /**
   * How many tasks run.
   *
   * @default `Scaling.automatic()`
   */
  readonly scaling?: Scaling;
  /**
   * How new tasks take the place of old ones.
   *
   * @default `Deployment.rolling()`
   */
  readonly deployment?: Deployment;
  /**
   * Whether the service starts anew when one of its secrets was rotated: ECS reads them when a task starts and never again. It needs
   * a trail of CloudTrail in the account, as every account should have.
   *
   * @default true; nothing is made while it has no secret
   */
  readonly restartOnRotation?: boolean;
  /**
   * Whether people whom IAM lets may open a shell in a task (ECS Exec). Everything typed there is recorded in the log group of the
   * cluster, where groundplan made it; with a cluster of yours as that says, and where it says nothing in the log group of the task.
   *
   * @default by tier: true, and false in staging and production
   */
  readonly exec?: boolean;
}
