import type { Node } from 'libpg-query';

/** One statement, or one within another: what a block of PL/pgSQL or a WITH does. */
export interface Statement {
  readonly node: Node;
  readonly line: number;
  /** Which statement of the file it belongs to: what is written before that one counts for both. */
  readonly index: number;
}

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

/** What PostgreSQL's grammar has, by name: `DropStmt` and so on. */
export type Nodes = Intersection<Node>;

/** The names of a list of strings: `{ a, b }` of `a.b`. */
function textsOf(nodes: readonly Node[] = []): string[] {
  return nodes.flatMap((node) => ('String' in node && node.String.sval !== undefined ? [node.String.sval] : []));
}

/** A name as it is compared: `public` is where everything stands that says nothing else. */
export function nameOf(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '' && part !== 'public').join('.');
}

export function relationName(relation: { schemaname?: string; relname?: string } | undefined): string {
  return nameOf([relation?.schemaname, relation?.relname]);
}

/** The name of what a DROP or CREATE is about, however the grammar wraps it. */
export function objectName(object: Node | readonly Node[]): string {
  if (Array.isArray(object)) return nameOf(textsOf(object));
  const node = object as Node;
  if ('String' in node) return nameOf([node.String.sval]);
  if ('List' in node) return nameOf(textsOf(node.List.items));
  if ('ObjectWithArgs' in node) return nameOf(textsOf(node.ObjectWithArgs.objname));
  if ('TypeName' in node) return nameOf(textsOf(node.TypeName.names));
  if ('RangeVar' in node) return relationName(node.RangeVar);
  return '';
}

/** Every node below one, itself included. */
export function* nodesIn(node: unknown): Generator<Record<string, unknown>> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield node as Record<string, unknown>;
  for (const child of Object.values(node)) yield* nodesIn(child);
}
