/**
 * A failure that a person can act on: its message says what happened, with which value, and what to do. Programs print the
 * message alone, never a stack trace, and end with `exitCode`.
 */
export class ExpectedFailure extends Error {
  /**
   * @param exitCode 1 when the work itself failed (an engine, a deployment), 2 when it could not begin (bad usage, a port that is
   * taken, no Python).
   */
  constructor(
    message: string,
    public readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
    this.name = 'ExpectedFailure';
  }
}
