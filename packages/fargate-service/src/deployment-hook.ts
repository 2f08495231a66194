import { DeploymentLifecycleStage } from 'aws-cdk-lib/aws-ecs';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { readFileSync } from 'fs';
import { join } from 'path';

/** One question to the new version before it gets any traffic. */
export interface SmokeCheck {
  /** What is asked for, beginning with a slash. */
  readonly path: string;
  /**
   * The status that has to come.
   *
   * @default 200
   */
  readonly status?: number;
  /**
   * How long the answer may take, 1 millisecond to 60 seconds.
   *
   * @default 2 seconds (C25)
   */
  readonly within?: Duration;
  /**
   * What has to stand in the body.
   *
   * @default anything may
   */
  readonly contains?: string;
}

/** What can be said of the smoke hook. */
export interface SmokeOptions {
  /**
   * The name to ask, one that the certificate is for.
   *
   * @default the hostname of the ingress
   */
  readonly hostname?: string;
}

/** @internal What the built-in hook asks. */
export interface SmokePlan {
  readonly checks: SmokeCheck[];
  readonly hostname?: string;
}

/** Something that is asked at a stage of a deployment; it goes back where the answer is no. ECS asks Lambda functions only. */
export class DeploymentHook {
  /**
   * Asks the new version over HTTP, when the test rule leads to it and no client does yet: one small Lambda function,
   * which exists only where this hook does. Every question is repeated for up to a minute.
   *
   * @param checks what is asked, 1 to 10 questions
   */
  public static smoke(checks: SmokeCheck[], options: SmokeOptions = {}): DeploymentHook {
    return new DeploymentHook([DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT], undefined, { checks, ...options });
  }

  /**
   * Asks a function of yours. It answers `{ hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS' }`; after the last it is asked
   * again in 30 seconds.
   *
   * @param stages when it is asked
   */
  public static lambda(handler: IFunction, ...stages: DeploymentLifecycleStage[]): DeploymentHook {
    return new DeploymentHook(stages, handler);
  }

  /** @internal The code of the smoke hook. This file stands one folder below the package, as source and as packed. */
  public static _smokeCode(): string {
    return readFileSync(join(__dirname, '..', 'assets', 'smoke-hook', 'index.js'), 'utf8');
  }

  private constructor(
    /** @internal */
    public readonly _stages: DeploymentLifecycleStage[],
    /** @internal */
    public readonly _handler?: IFunction,
    /** @internal */
    public readonly _smoke?: SmokePlan,
  ) {}
}
