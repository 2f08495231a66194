import type { ContainerSecret } from './container-secret';
import type { Image } from './image';

/** A container that has done its work before the application starts. Where it fails, the application does not start, and the task has failed. */
export interface InitContainer {
  /** What it runs. */
  readonly image: Image;
  /**
   * The program and its arguments.
   *
   * @default the image's `CMD`
   */
  readonly command?: string[];
  /**
   * Environment variables, none of them confidential.
   *
   * @default none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Environment variables that are filled from secrets and parameters.
   *
   * @default none
   */
  readonly secrets?: { [name: string]: ContainerSecret };
  /**
   * How much of the task's memory it gets, in MiB: 64 or more.
   *
   * @default 128
   */
  readonly memoryMiB?: number;
}
