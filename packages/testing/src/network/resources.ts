import type { TemplateJson } from '../template';
import { referenceIn } from './text';

/** A resource with its logical id. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The resources of a template, found by type and by what they refer to. */
export class Resources {
  private readonly all: Resource[];

  constructor(template: TemplateJson) {
    this.all = Object.entries(template.Resources ?? {}).map(([id, { Type, Properties }]) => ({
      id,
      type: Type,
      properties: Properties ?? {},
    }));
  }

  public ofType(type: string): Resource[] {
    return this.all.filter((resource) => resource.type === type);
  }

  public byId(id: string | undefined): Resource | undefined {
    return this.all.find((resource) => resource.id === id);
  }

  /** Resources of a type whose property refers to a logical id. */
  public referring(type: string, property: string, id: string): Resource[] {
    return this.ofType(type).filter(({ properties }) => referenceIn(properties[property]) === id);
  }

  /** The resource that a property refers to. */
  public referred(resource: Resource, property: string): Resource | undefined {
    return this.byId(referenceIn(resource.properties[property]));
  }
}
