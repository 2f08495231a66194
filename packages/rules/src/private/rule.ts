import type { GraphResource, TemplateGraph } from '@groundplan/graph';
import type { Severity } from '../finding';
import type { RuleSettings } from '../rule-settings';
import { RULE_SETTINGS } from './notes';

/** What a rule says about one resource. */
export interface Objection {
  readonly resource: GraphResource;
  readonly message: string;
  readonly fix: string;
  /** @default `Properties` */
  readonly location?: string;
  /** @default an error */
  readonly severity?: Severity;
}

/** A rule reads the graph and nothing else, so that it says the same of an app in memory and of a folder. */
export interface Rule {
  readonly id: string;
  readonly demands: string;
  readonly because: string;
  check(assembly: CheckedAssembly): Objection[];
}

/** JSON of resolved properties. */
export type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json };

/** An assembly with what several rules ask for. */
export class CheckedAssembly {
  private readonly properties = new Map<GraphResource, Json>();
  private readonly settings = new Map<string, string[]>();
  private readonly tagsOfStacks = new Map<string, { readonly [key: string]: string }>();

  constructor(
    public readonly graph: TemplateGraph,
    /** Tags that every resource has to carry where its stack does not say it. */
    private readonly otherwiseRequired: readonly string[],
  ) {
    for (const { path, tags } of graph.stacks()) this.tagsOfStacks.set(path, tags);
    for (const { path, data } of graph.metadata(RULE_SETTINGS))
      this.settings.set(path, [...(this.settings.get(path) ?? []), ...((data as RuleSettings).requiredTags ?? [])]);
  }

  /** The tags that a resource has to carry: what is noted in its stack beats what the caller says. */
  public requiredTags({ stackPath }: GraphResource): readonly string[] {
    const noted = this.settings.get(stackPath);
    return noted ? [...new Set(noted)] : this.otherwiseRequired;
  }

  /** The tags that CloudFormation hands on from the stack of a resource. */
  public stackTags({ stackPath }: GraphResource): { readonly [key: string]: string } {
    return this.tagsOfStacks.get(stackPath) ?? {};
  }

  public ofType(...types: readonly string[]): GraphResource[] {
    return types.flatMap((type) => this.graph.resourcesOfType(type));
  }

  /** What stands at a path of a resource's properties; lists on the way are flattened. */
  public at(resource: GraphResource, path: string): Json {
    if (!this.properties.has(resource)) this.properties.set(resource, this.graph.propertiesOf(resource));
    return dig(this.properties.get(resource), path.split('.'));
  }

  /** A list at a path; a single value stands for a list of one. */
  public list(resource: GraphResource, path: string): Json[] {
    return [this.at(resource, path) ?? []].flat();
  }

  /** Text at a path; empty where there is none. */
  public text(resource: GraphResource, path: string): string {
    const value = this.at(resource, path);
    return typeof value === 'object' ? '' : String(value ?? '');
  }
}

/** What stands at a path below a value. */
export function dig(value: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined) return value;
  if (Array.isArray(value)) {
    const found = value.flatMap((item) => dig(item, [key, ...rest]) ?? []);
    return found.length > 0 ? found : undefined;
  }
  return typeof value === 'object' ? dig(value?.[key], rest) : undefined;
}

/** Whether a property says yes. CloudFormation takes text for a boolean too. */
export function isTrue(value: Json): boolean {
  return String(value) === 'true';
}

/** Whether a value is known only when the stack is deployed. */
export function isOpen(value: Json): boolean {
  return typeof value === 'string' && value.includes('${');
}
