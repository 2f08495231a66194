import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** https://docs.docker.com/reference/cli/docker/image/tag/ */
const LEGAL = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** Which image of a repository. */
export class Tag {
  /**
   * A tag that is known here, such as a version or a commit. It has to be one that never moves.
   *
   * @throws for what is no tag: 1 to 128 letters, digits, `_`, `.` and `-`
   */
  public static of(tag: string): Tag {
    if (!Token.isUnresolved(tag) && !LEGAL.test(tag))
      throw new Error(
        `Tag: tag must be 1 to 128 letters, digits, "_", "." and "-", beginning with a letter, a digit or "_", got "${tag}"; write what stands after the colon of the image's name`,
      );
    return new Tag(() => tag, tag);
  }

  /**
   * The tag that stands in a parameter of Systems Manager at every deployment (CA-091). The parameter is the source of
   * truth: a pipeline writes the new tag into it and then either deploys this app, or registers a task definition on its
   * own and is not undone by the next deployment of this app. It is no part of any stack, and has to exist before.
   *
   * @param parameterName such as `/shop/api/image-tag`
   */
  public static fromParameter(parameterName: string): Tag {
    if (!Token.isUnresolved(parameterName) && !/^[A-Za-z0-9_.\-/]+$/.test(parameterName))
      throw new Error(
        `Tag: parameterName must be the name of a parameter of Systems Manager, got "${parameterName}"; write it as /shop/api/image-tag`,
      );
    // A parameter of the template, not a dynamic reference: CloudFormation looks it up again at every update.
    return new Tag((scope) => StringParameter.valueForStringParameter(scope, parameterName));
  }

  private constructor(
    /** @internal */
    public readonly _in: (scope: Construct) => string,
    /** @internal The tag, where it is known at synthesis. */
    public readonly _known?: string,
  ) {}
}
