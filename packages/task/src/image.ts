import { Environment, Tier } from '@groundplan/core';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { stageNamesOf, userOf } from './private/dockerfile';
import { PLACEHOLDER } from './private/placeholder';
import { imageOf } from './private/repository-image';
import type { Tag } from './tag';

/** How an image is built from a folder. */
export interface AssetImageOptions {
  /**
   * The Dockerfile, relative to the folder.
   *
   * @default 'Dockerfile'
   */
  readonly file?: string;
  /**
   * The stage of the Dockerfile that is built.
   *
   * @default the last one
   */
  readonly target?: string;
  /**
   * Build arguments. They stay visible in the image: never a secret.
   *
   * @default none
   */
  readonly buildArgs?: { [name: string]: string };
  /**
   * Patterns of files that are not part of the build, beside those of `.dockerignore`.
   *
   * @default none
   */
  readonly exclude?: string[];
}

/** How an image of a registry is fetched. */
export interface RegistryImageOptions {
  /**
   * A secret with `username` and `password` for a private registry.
   *
   * @default the registry is public
   */
  readonly credentials?: ISecret;
}

/** Which image of a repository. */
export interface RepositoryImageOptions {
  /** The tag, known here or kept in a parameter. */
  readonly tag: Tag;
}

/** What a container is made of, as a task takes it. */
interface BoundImage {
  readonly image: ContainerImage;
  /** What is run where nobody says otherwise. */
  readonly command?: string[];
}

/** What is known of an image at synthesis, without making anything of it. */
interface KnownImage {
  /** Its tag. */
  readonly tag?: string;
  /** The user that it names. */
  readonly user?: string;
  /** The same where it has to end by itself. */
  readonly job?: () => Image;
}

/** What a container is made of. */
export class Image {
  /**
   * Built from a folder with a Dockerfile, and pushed to the repository of CDK's bootstrap, at every deployment that
   * changes it.
   *
   * @param directory the build's context, relative to the working directory of the app
   * @throws where the folder, its Dockerfile or the stage is not there
   */
  public static fromAsset(directory: string, options: AssetImageOptions = {}): Image {
    const file = options.file ?? 'Dockerfile';
    const path = resolve(directory, file);
    if (!existsSync(path))
      throw new Error(
        `Image: directory must be a folder with a ${file}, got "${directory}", and there is no ${path}; write it relative to where the app runs, or name the file with file: '…'`,
      );
    const dockerfile = readFileSync(path, 'utf8');
    const { target } = options;
    if (target !== undefined && !stageNamesOf(dockerfile).includes(target.toLowerCase()))
      throw new Error(
        `Image: target must be a stage of ${path}, which names ${stageNamesOf(dockerfile).join(', ') || 'none'}, got "${target}"; name one of them, or leave it out for the last`,
      );
    const user = userOf(dockerfile, target);
    return new Image(
      (_, architecture) => ({
        image: ContainerImage.fromAsset(resolve(directory), {
          ...options,
          platform: architecture === CpuArchitecture.X86_64 ? Platform.LINUX_AMD64 : Platform.LINUX_ARM64,
        }),
      }),
      `${join(directory, file)}`,
      { user },
    );
  }

  /** An image of a repository in ECR. The task may pull from this repository and no other. */
  public static fromRepository(repository: IRepository, options: RepositoryImageOptions): Image {
    const { tag } = options;
    return new Image((scope) => ({ image: imageOf(repository, tag._in(scope)) }), 'image', { tag: tag._known });
  }

  /**
   * An image of any registry, with its version: `public.ecr.aws/nginx/nginx:1.29.3`, or pinned for good by the digest
   * that the registry answers, `…@sha256:…`.
   */
  public static fromRegistry(name: string, options: RegistryImageOptions = {}): Image {
    const tag = Token.isUnresolved(name) || name.includes('@') ? undefined : (/:([^:/]+)$/.exec(name)?.[1] ?? 'latest');
    return new Image(() => ({ image: ContainerImage.fromRegistry(name, options) }), name, { tag });
  }

  /**
   * A stand-in, so that the infrastructure stands before there is an application (CA-064): the official Node.js image
   * with one line of its own. A service answers every request with 200, a job ends well at once. Nothing is built.
   */
  public static placeholder(): Image {
    const running = (command: readonly string[], job?: () => Image) =>
      new Image(
        () => ({ image: ContainerImage.fromRegistry(PLACEHOLDER.image), command: [...command] }),
        PLACEHOLDER.image,
        { job },
      );
    return running(PLACEHOLDER.service, () => running(PLACEHOLDER.job));
  }

  private constructor(
    private readonly make: (scope: Construct, architecture: CpuArchitecture) => BoundImage,
    /** @internal Where it comes from, for messages. */
    public readonly _source: string,
    private readonly known: KnownImage = {},
  ) {}

  /** @internal The user that the image names, where that is known. */
  public get _user(): string | undefined {
    return this.known.user;
  }

  /** @internal The same image where it has to end by itself: a stand-in that waits for requests never would. */
  public _ending(): Image {
    return this.known.job?.() ?? this;
  }

  /** @internal Why an image cannot be used where it is: its tag moves, and what is deployed would change by itself. */
  public _movingTag(scope: Construct): string | undefined {
    const { tag } = this.known;
    if (tag === undefined || Environment.of(scope).tier !== Tier.PRODUCTION) return undefined;
    return /(^|-)latest$/.test(tag) ? tag : undefined;
  }

  /** @internal */
  public _bind(scope: Construct, architecture: CpuArchitecture): BoundImage {
    return this.make(scope, architecture);
  }
}
