/** A database as clients ask for it, and where it really is. */
interface PooledDatabase {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly database: string;
}

/** Who logs in, at the pool as at the server. */
interface PooledUser {
  readonly name: string;
  /** The environment variable that holds the password. */
  readonly passwordVariable: string;
}

/** What a pool is, as the construct says it. */
export interface Plan {
  /** What its metrics are found by. */
  readonly name: string;
  readonly databases: readonly PooledDatabase[];
  readonly users: readonly PooledUser[];
  /** How many clients one task takes. */
  readonly clientConnections: number;
  /** How many connections one task opens to each of the databases. */
  readonly serverConnections: number;
  /** How long a client waits for one of them. */
  readonly borrowSeconds: number;
  /** How long a connection without work stays open: none is left that would keep a database awake. */
  readonly idleSeconds: number;
  /** How often it says how it is. */
  readonly reportSeconds: number;
}

/** The plan that the task definition carries. */
export function planIn({ POOL }: NodeJS.ProcessEnv): Plan {
  if (!POOL) throw new Error('POOL is empty: it has to hold the plan of the pool as JSON.');
  return JSON.parse(POOL) as Plan;
}
