/** The check is done and something is open: the report has said all of it. */
export class FindingsOpen extends Error {
  readonly exitCode = 1;
}
