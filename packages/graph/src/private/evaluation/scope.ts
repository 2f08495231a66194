import type { Template } from '../assembly/template';

/** JSON of a template. */
export type Expression = string | number | boolean | null | undefined | readonly Expression[] | object;

/** Where an expression stands: names are looked up there. */
export interface Scope {
  readonly template: Template;
}

/** The pseudo parameter that takes a property away. */
export const ABSENT = 'AWS::NoValue';
