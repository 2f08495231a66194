/** What a user may do, as the construct says it. */
export type Right = 'owner' | 'readWrite' | 'readOnly';

/** One user. */
export interface PlannedUser {
  readonly name: string;
  readonly right: Right;
  /** The environment variable that holds the password; none where IAM says who it is. */
  readonly passwordVariable?: string;
}

/** Which roles and users a database has. */
export interface Plan {
  /** The role of each right: it cannot log in, and what it may do comes to its members. */
  readonly roles: { readonly [right in Right]: string };
  readonly users: readonly PlannedUser[];
}

/** The plan that the task definition carries. */
export function planIn(environment: NodeJS.ProcessEnv): Plan {
  const text = environment.DATABASE_USERS;
  if (!text) throw new Error('DATABASE_USERS is empty: it has to hold the plan of roles and users as JSON.');
  return JSON.parse(text) as Plan;
}
