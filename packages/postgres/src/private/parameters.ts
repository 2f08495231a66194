/**
 * What a PostgreSQL of ours is told, whatever its kind. Every parameter may be set otherwise.
 *
 * Names and units: https://www.postgresql.org/docs/17/runtime-config.html
 */
export const PRESET: { readonly [name: string]: string } = {
  // Nobody talks to it in the clear: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
  'rds.force_ssl': '1',
  // Which statements cost what (BB-082).
  shared_preload_libraries: 'pg_stat_statements',
  // Who changed the schema, and what took longer than a second. Values of statements would be personal data (C45).
  log_statement: 'ddl',
  log_min_duration_statement: '1000',
  log_lock_waits: '1',
  // A client that was lost in a transaction holds its locks and keeps vacuum from its work.
  idle_in_transaction_session_timeout: '60000',
  // Nobody waits longer than this for an answer; a report that takes longer sets its own with SET.
  statement_timeout: '300000',
};

/** How many connections somebody said that an instance takes. */
export interface ConnectionLimit {
  readonly isSaid: boolean;
  /** Nothing where it is a formula, or only the deployment knows. */
  readonly most?: number;
}

export function connectionLimit({ max_connections: said }: { readonly [name: string]: string } = {}): ConnectionLimit {
  if (said === undefined) return { isSaid: false };
  return /^\d+$/.test(said) ? { isSaid: true, most: Number(said) } : { isSaid: true };
}
