/** Why there is no release, in a message that says what to do. */
export class ReleaseFailure extends Error {
  /** @param exitCode 1 failed on the way · 2 could not begin · 3 would break its users without saying so */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 = 1,
  ) {
    super(message);
    this.name = 'ReleaseFailure';
  }
}
