import { refuseCycles } from './assembly/cycles';
import type { Template, TemplateResource } from './assembly/template';
import { Evaluator } from './evaluation/evaluator';
import { Value, at, itemsOf, referencesIn } from './evaluation/value';

/** A resource on one side of a reference, and why the reference may not be there. */
export interface Related {
  readonly resource: TemplateResource;
  readonly doubts: readonly string[];
}

/** All resources of an assembly that will be made, with their properties worked out: what every question is put to. */
export class Model {
  private readonly evaluator: Evaluator;
  private readonly byType = new Map<string, TemplateResource[]>();
  private readonly mentionedBy = new Map<TemplateResource, Set<TemplateResource>>();

  constructor(public readonly templates: readonly Template[]) {
    this.evaluator = new Evaluator(templates);
    for (const template of templates)
      refuseCycles(template, (place, condition) => this.evaluator.holds(condition, { template: place }));
    for (const resource of this.all()) {
      const alike = this.byType.get(resource.type);
      if (alike) alike.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
    for (const resource of this.all())
      for (const { to } of referencesIn(this.properties(resource))) {
        const already = this.mentionedBy.get(to);
        if (already) already.add(resource);
        else this.mentionedBy.set(to, new Set([resource]));
      }
  }

  /** Resources whose condition certainly does not hold are left out. */
  public *all(): Generator<TemplateResource> {
    for (const template of this.templates)
      for (const resource of template.resources.values()) if (this.evaluator.isMade(resource) !== false) yield resource;
  }

  public ofType(...types: readonly string[]): TemplateResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  public properties(resource: TemplateResource): Value {
    return this.evaluator.propertiesOf(resource);
  }

  /** A property by its path, such as `NetworkConfiguration.AwsvpcConfiguration.Subnets`. */
  public property(resource: TemplateResource, path: string): Value | undefined {
    return at(this.properties(resource), path);
  }

  /** The items at a path; a single value stands for a list of one. */
  public items(resource: TemplateResource, path: string): readonly Value[] {
    return itemsOf(this.property(resource, path));
  }

  /** The resources that a property names, of one type where that is said. */
  public named(resource: TemplateResource, path: string, type?: string): Related[] {
    const found = referencesIn(this.property(resource, path)).filter(({ to }) => !type || to.type === type);
    return once(found.map(({ to, doubts }) => ({ resource: to, doubts: [...doubts, ...this.doubtsAbout(to)] })));
  }

  /** The first resource that a property names. */
  public referred(resource: TemplateResource, path: string): TemplateResource | undefined {
    return this.named(resource, path)[0]?.resource;
  }

  /** Resources of a type that name a resource in a property. */
  public naming(resource: TemplateResource, type: string, path: string): Related[] {
    return this.namedBy(resource)
      .filter((other) => other.type === type)
      .flatMap((other) =>
        once(
          referencesIn(this.property(other, path))
            .filter(({ to }) => to === resource)
            .map(({ doubts }) => ({ resource: other, doubts: [...doubts, ...this.doubtsAbout(other)] })),
        ),
      );
  }

  /** Everything that names a resource anywhere in its properties. */
  public namedBy(resource: TemplateResource): TemplateResource[] {
    return [...(this.mentionedBy.get(resource) ?? [])];
  }

  /** Why a resource may not be made after all; empty when it certainly is. */
  public doubtsAbout(resource: TemplateResource): readonly string[] {
    if (this.evaluator.isMade(resource) !== undefined) return [];
    const { template, json } = resource;
    if (json.Condition !== undefined && this.evaluator.holds(json.Condition, { template }) === undefined)
      return [`whether ${resource.path} is made depends on the condition "${json.Condition}"`];
    return template.nestedBy ? this.doubtsAbout(template.nestedBy) : [];
  }
}

/** Each resource once; what is certain in one place is not doubted for another. */
function once(found: readonly Related[]): Related[] {
  const byResource = new Map<TemplateResource, Related>();
  for (const related of found) {
    const earlier = byResource.get(related.resource);
    if (!earlier || (earlier.doubts.length > 0 && related.doubts.length === 0))
      byResource.set(related.resource, related);
  }
  return [...byResource.values()];
}
