import type { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { ContainerLogs } from './container-logs';
import type { ContainerUser } from './container-user';
import type { InitContainer } from './init-container';
import type { Telemetry } from './telemetry';

/** How a container runs. Every prop may be left out. */
export interface ContainerOptions {
  /**
   * What is run: the program and its arguments.
   *
   * @default the image's `CMD`
   */
  readonly command?: string[];
  /**
   * What the command is handed to.
   *
   * @default the image's `ENTRYPOINT`
   */
  readonly entryPoint?: string[];
  /**
   * Whom the process runs as.
   *
   * @default the user that the Dockerfile of an asset names, else 1000:1000
   */
  readonly user?: ContainerUser;
  /**
   * Whether the root file system cannot be written. `/tmp` always can: it is a tmpfs of 64 MiB.
   *
   * @default true
   */
  readonly readOnlyRoot?: boolean;
  /**
   * How long the process has between SIGTERM and SIGKILL, up to 120 seconds.
   *
   * @default 30 seconds
   */
  readonly stopTimeout?: Duration;
  /**
   * The processor that the image is built for.
   *
   * @default `CpuArchitecture.ARM64` (BB-089)
   */
  readonly architecture?: CpuArchitecture;
  /**
   * Where standard output and standard error go.
   *
   * @default `ContainerLogs.toCloudWatch()`
   */
  readonly logs?: ContainerLogs;
  /**
   * What has to be done before the application starts, in a container of its own.
   *
   * @default nothing
   */
  readonly init?: InitContainer;
  /**
   * How traces and metrics of the application leave the task.
   *
   * @default they do not
   */
  readonly telemetry?: Telemetry;
}
