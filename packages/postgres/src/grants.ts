/**
 * What a user of a database may do. Each is a role of the database that a user becomes a member of; the tables belong to none of
 * the users.
 */
export class Grants {
  /** Reads and writes what is in tables, of today and of the future: for applications. */
  public static readWrite(): Grants {
    return new Grants('readWrite');
  }

  /** Reads what is in tables, of today and of the future: for reports and people. */
  public static readOnly(): Grants {
    return new Grants('readOnly');
  }

  /**
   * Makes, changes and drops tables, as the role that owns them all: for a tool that migrates by itself. `migrate` needs no such
   * user.
   */
  public static owner(): Grants {
    return new Grants('owner');
  }

  private constructor(
    /** @internal */
    public readonly _right: 'owner' | 'readWrite' | 'readOnly',
  ) {}
}
