import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Member } from './members';

/** The part of jsii-docgen's schema that the pages are made of. An `id` is the same in every language. */
export interface Entity {
  readonly id: string;
  readonly displayName: string;
  readonly fqn: string;
  readonly packageName: string;
  readonly submodule?: string;
}

export interface TypeText {
  /** `typing.List[%]`, with a `%` for each of `types`. */
  readonly formattingPattern: string;
  readonly types?: (TypeText | Entity)[];
}

interface Documented {
  readonly id: string;
  readonly displayName: string;
  readonly docs?: { readonly summary?: string; readonly remarks?: string; readonly example?: string };
}

export interface Value extends Documented {
  readonly type: TypeText;
  readonly optional?: boolean;
  readonly default?: string;
  readonly variadic?: boolean;
}

export interface Callable extends Documented {
  readonly parameters: Value[];
  /** Ends in what is returned, where it is an instance method. */
  readonly usage?: string;
}

/** A class, a struct, an interface or an enumeration. */
export interface ApiType extends Documented {
  readonly initializer?: Callable;
  readonly interfaces?: Entity[];
  readonly instanceMethods?: Callable[];
  readonly staticMethods?: Callable[];
  readonly properties?: Value[];
  readonly constants?: Value[];
  readonly members?: Documented[];
}

export const KINDS = ['constructs', 'classes', 'structs', 'interfaces', 'enums'] as const;
export type Kind = (typeof KINDS)[number];
export type Api = Readonly<Record<Kind, ApiType[]>>;

/** A package's API as its `docs` target wrote it, in both languages. */
export function apiOf({ folder }: Member): { readonly typescript: Api; readonly python: Api } {
  return JSON.parse(readFileSync(join(folder, 'api-reference.json'), 'utf8'));
}
