/** What a kind of database says of itself, so that what all kinds share can be watched. */
export interface WatchedDatabase {
  /** The dimensions of its metrics in `AWS/RDS`: a cluster's hold those of all its instances. */
  readonly dimensions: { [name: string]: string };
  /**
   * The names of its instances, where no metric holds those of all of them: then the busiest counts.
   *
   * @default none: `dimensions` hold them all
   */
  readonly instanceIdentifiers?: string[];
  /** What events of RDS call it: the names of the cluster and of its instances. */
  readonly sourceIdentifiers: string[];
  /**
   * How many connections it takes when no parameter says so.
   *
   * @default not known: connections are shown, and nobody is told
   */
  readonly maxConnections?: number;
}
