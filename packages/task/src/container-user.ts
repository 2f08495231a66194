import { isRoot } from './private/dockerfile';

/** Whom the process in a container runs as. */
export class ContainerUser {
  /**
   * A user of the image, by number or by name, with a group or without: `1000:1000`, `node`.
   *
   * @throws for root, which has a word of its own
   */
  public static of(user: string): ContainerUser {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*(:[A-Za-z0-9_][A-Za-z0-9_-]*)?$/.test(user))
      throw new Error(
        `ContainerUser: user must be a name or a number of the image, with a group or without, got "${user}"; write it as 1000:1000`,
      );
    if (isRoot(user))
      throw new Error(
        `ContainerUser: user must not be root, got "${user}"; take a user without rights such as 1000:1000, or say why not with ContainerUser.root('…')`,
      );
    return new ContainerUser(user);
  }

  /**
   * The superuser of the container. Whoever breaks into the process then owns all of it; a read-only root file system is
   * what is left between.
   *
   * @param because for an auditor: what needs it, and what would make it unnecessary
   */
  public static root(because: string): ContainerUser {
    if (because.trim() === '')
      throw new Error(
        'ContainerUser: because must not be empty; say what needs root, and what would make it unnecessary',
      );
    return new ContainerUser('0:0', because);
  }

  private constructor(
    /** As the task definition says it. */
    public readonly user: string,
    /** Why it is root, where it is. */
    public readonly rootBecause?: string,
  ) {}
}
