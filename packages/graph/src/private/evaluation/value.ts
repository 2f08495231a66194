import type { TemplateResource } from '../assembly/template';

/** What an expression of a template comes to, as far as the templates say. */
export type Value = Literal | List | Mapping | ReferenceValue | Text | Unknown;

export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number | boolean;
}

interface List {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

interface Mapping {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Value>;
}

/** What a resource is called, or an attribute of it: known when it is deployed. */
interface ReferenceValue {
  readonly kind: 'reference';
  readonly to: TemplateResource;
  /** The attribute; empty for what `Ref` gives. */
  readonly attribute: string;
}

/** A text with parts that are not literal, such as an ARN with the id of a resource. */
interface Text {
  readonly kind: 'text';
  readonly parts: readonly Value[];
}

/** What the templates do not say. */
export interface Unknown {
  readonly kind: 'unknown';
  /** A sentence for whoever reads the answer: `the parameter "Cidr" of Network has no default`. */
  readonly why: string;
  /** What it looks like; two unknowns of one text are the same one. */
  readonly text: string;
  /** Everything that it may come to, such as both sides of a condition that is open. Absent: it may be anything. */
  readonly options?: readonly Value[];
  /** What it is made of where CloudFormation works it out: whoever asks what it names is told. */
  readonly madeOf?: readonly Value[];
}

export function literal(value: string | number | boolean): Literal {
  return { kind: 'literal', value };
}

/** @param text what it looks like, in one line; equal texts are the same thing */
export function unknown(why: string, text: string = why, madeOf: readonly (Value | undefined)[] = []): Unknown {
  return { kind: 'unknown', why, text, madeOf: madeOf.filter((part) => part !== undefined) };
}

/** One of several values; of those that are not there (`AWS::NoValue`) nothing is said. */
export function oneOf(why: string, text: string, options: readonly (Value | undefined)[]): Unknown {
  return { kind: 'unknown', why, text, options: options.filter((option) => option !== undefined) };
}

/** Works on a value, or on everything that it may be. */
export function through(value: Value | undefined, work: (value: Value | undefined) => Value | undefined) {
  if (value?.kind !== 'unknown' || !value.options) return work(value);
  const results = value.options.map(work).filter((result) => result !== undefined);
  return results.length > 0 ? oneOf(value.why, results.map(textOf).join(' or '), results) : undefined;
}

/** What a value may be, each with the reasons why it may be something else. */
export interface Alternative {
  readonly value: Value;
  readonly doubts: readonly string[];
}

/** The values that a value may be; one that may be anything stands for itself. */
export function alternatives(value: Value | undefined): Alternative[] {
  if (!value) return [];
  if (value.kind !== 'unknown') return [{ value, doubts: [] }];
  if (!value.options) return [{ value, doubts: [value.why] }];
  return value.options
    .flatMap(alternatives)
    .map((option) => ({ ...option, doubts: [...new Set([value.why, ...option.doubts])] }));
}

/** Joins parts to a literal where all of them are one, to a text otherwise. */
export function joined(parts: readonly Value[]): Value {
  const flat = parts.flatMap((part) => (part.kind === 'text' ? part.parts : [part]));
  const merged: Value[] = [];
  for (const part of flat) {
    const last = merged.at(-1);
    if (part.kind === 'literal' && last?.kind === 'literal')
      merged[merged.length - 1] = literal(`${last.value}${part.value}`);
    else if (part.kind !== 'literal' || part.value !== '') merged.push(part);
  }
  if (merged.length === 0) return literal('');
  return merged.length === 1 ? merged[0] : { kind: 'text', parts: merged };
}

/** One line for a person: `10.0.0.0/16`, `${Network/Vpc/Resource.CidrBlock}`. Equal values give equal lines. */
export function textOf(value: Value | undefined): string {
  if (!value) return '';
  switch (value.kind) {
    case 'literal':
      return String(value.value);
    case 'list':
      return value.items.map(textOf).join(',');
    case 'mapping':
      return `{${[...value.entries].map(([key, entry]) => `${key}: ${textOf(entry)}`).join(', ')}}`;
    case 'reference':
      return `\${${value.to.path}${value.attribute && `.${value.attribute}`}}`;
    case 'text':
      return value.parts.map(textOf).join('');
    case 'unknown':
      return value.text;
  }
}

/** The literal text; undefined for everything else. Numbers and booleans count: CloudFormation converts them. */
export function stringOf(value: Value | undefined): string | undefined {
  return value?.kind === 'literal' ? String(value.value) : undefined;
}

/** A number, written as one or as text. */
export function numberOf(value: Value | undefined): number | undefined {
  const text = stringOf(value);
  return text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

/** A boolean, written as one or as text. */
export function booleanOf(value: Value | undefined): boolean | undefined {
  const text = stringOf(value);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** The items of a list; a single value stands for a list of one. Items of a list that may not be there may not be there. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  if (!value) return [];
  if (value.kind === 'unknown' && value.options)
    return value.options.flatMap(itemsOf).map((item) => oneOf(value.why, textOf(item), [item]));
  if (value.kind !== 'list') return [value];
  return value.items.flatMap((item) =>
    item.kind === 'list' || (item.kind === 'unknown' && item.options) ? itemsOf(item) : [item],
  );
}

/** A resource that a value refers to, and why it may not after all. */
export interface FoundReference {
  readonly to: TemplateResource;
  readonly attribute: string;
  readonly doubts: readonly string[];
}

/** The resources that a value refers to, also from within a text. */
export function referencesIn(value: Value | undefined): FoundReference[] {
  if (!value) return [];
  switch (value.kind) {
    case 'reference':
      return [{ to: value.to, attribute: value.attribute, doubts: [] }];
    case 'list':
      return value.items.flatMap(referencesIn);
    case 'mapping':
      return [...value.entries.values()].flatMap(referencesIn);
    case 'text':
      return value.parts.flatMap(referencesIn);
    case 'unknown':
      return [...(value.options ?? []), ...(value.madeOf ?? [])]
        .flatMap(referencesIn)
        .map((found) => ({ ...found, doubts: [...new Set([value.why, ...found.doubts])] }));
    default:
      return [];
  }
}

/** The first thing within a value that the templates do not say. */
export function unknownIn(value: Value | undefined): Unknown | undefined {
  if (!value) return undefined;
  switch (value.kind) {
    case 'unknown':
      return value;
    case 'list':
      return firstUnknown(value.items);
    case 'mapping':
      return firstUnknown([...value.entries.values()]);
    case 'text':
      return firstUnknown(value.parts);
    default:
      return undefined;
  }
}

function firstUnknown(values: readonly Value[]): Unknown | undefined {
  for (const value of values) {
    const found = unknownIn(value);
    if (found) return found;
  }
  return undefined;
}

/** What stands at a path such as `NetworkConfiguration.AwsvpcConfiguration.Subnets`; lists on the way are flattened. */
export function at(value: Value | undefined, path: string): Value | undefined {
  let found: Value | undefined = value;
  for (const key of path.split('.')) {
    if (!found) return undefined;
    if (found.kind === 'unknown') {
      found = found.options ? through(found, (option) => at(option, key)) : found;
    } else if (found.kind === 'list') {
      const items = found.items.map((item) => at(item, key)).filter((item) => item !== undefined);
      found = items.length > 0 ? { kind: 'list', items } : undefined;
    } else found = found.kind === 'mapping' ? found.entries.get(key) : undefined;
  }
  return found;
}
