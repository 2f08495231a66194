/** How spare capacity is used. */
export interface SpotOptions {
  /**
   * How many tasks stay off spare capacity, 0 or more: those that have to survive when AWS has none to spare.
   *
   * @default 1
   */
  readonly onDemandBase?: number;
}

/** What tasks run on. Changing it moves the tasks and replaces nothing. */
export class Capacity {
  /** Fargate: a task runs until somebody stops it. */
  public static onDemand(): Capacity {
    return new Capacity(undefined);
  }

  /** Fargate Spot: the same at a lower price, and AWS may stop a task two minutes after saying so. */
  public static spot(options: SpotOptions = {}): Capacity {
    return new Capacity(options.onDemandBase ?? 1);
  }

  private constructor(
    /** @internal How many tasks stay off spare capacity; nothing where all do. */
    public readonly _onDemandBase: number | undefined,
  ) {}
}
