/**
 * A failure that a person can act on: its message says what happened, with which value, what is allowed and what to do.
 * The command prints the message alone, never a stack trace, and ends with `exitCode`.
 */
export class ExpectedFailure extends Error {
  /**
   * @param exitCode 1 when the work itself failed (a deployment, an AWS operation), 2 when it could not begin (bad usage,
   * a port that is taken, no Python).
   */
  constructor(
    message: string,
    public readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
    this.name = 'ExpectedFailure';
  }
}
