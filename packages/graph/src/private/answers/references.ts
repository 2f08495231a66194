import type { Reference } from '../../reference';
import type { TemplateResource } from '../assembly/template';
import { Value } from '../evaluation/value';

/** Every place in a resource's properties that names another one. */
export function referencesOf(resource: TemplateResource, properties: Value): Reference[] {
  return collect(properties, '').map(({ property, to, attribute }) => ({
    source: resource.path,
    property,
    target: to.path,
    attribute,
  }));
}

interface Found {
  readonly property: string;
  readonly to: TemplateResource;
  readonly attribute: string;
}

function collect(value: Value, property: string): Found[] {
  switch (value.kind) {
    case 'reference':
      return [{ property, to: value.to, attribute: value.attribute }];
    case 'mapping':
      return [...value.entries].flatMap(([key, entry]) => collect(entry, property ? `${property}.${key}` : key));
    case 'list':
      return value.items.flatMap((item) => collect(item, property));
    case 'text':
      return value.parts.flatMap((part) => collect(part, property));
    case 'unknown':
      return [...(value.options ?? []), ...(value.madeOf ?? [])].flatMap((part) => collect(part, property));
    default:
      return [];
  }
}
