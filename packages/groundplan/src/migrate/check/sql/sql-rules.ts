import type { RuleId } from '../rules';
import type { SchemaSoFar } from './schema-so-far';
import type { Nodes } from './statement';

/** What a rule holds against a statement. */
export interface Held {
  readonly ruleId: RuleId;
  readonly message: string;
  readonly fix: string;
}

export function held(ruleId: RuleId, message: string, fix: string): Held {
  return { ruleId, message, fix };
}

/** Where a statement stands. */
export interface Context {
  readonly schema: SchemaSoFar;
  /** Whether Flyway has a transaction around it. */
  readonly isInTransaction: boolean;
}

/** What is held against statements, by their kind in PostgreSQL's grammar. */
export type SqlRules = { readonly [Kind in keyof Nodes]?: (statement: Nodes[Kind], context: Context) => Held[] };
