import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

type SpecDatabase = ReturnType<typeof loadAwsServiceSpecSync>;

/** The part of a property's description that is read here. */
interface SpecProperty {
  readonly type: SpecType;
  readonly causesReplacement?: string;
}

interface SpecType {
  readonly type: string;
  readonly element?: SpecType;
  readonly reference?: { readonly $ref: string };
}

let database: SpecDatabase | undefined;

/** AWS's own description of its resource types: 0.7 seconds to load, hence on first use and once per process. */
function spec(): SpecDatabase {
  return (database ??= loadAwsServiceSpecSync());
}

/**
 * The values of a resource that cannot change without replacing it, by path (`CidrBlock`, `EncryptionAtRestOptions.KmsKeyId`).
 *
 * Nested properties are followed. A type that AWS's description lacks (a custom resource) has none.
 */
export function createOnlyValues(
  type: string,
  properties: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const [resource] = spec().lookup('resource', 'cloudFormationType', 'equals', type);
  if (!resource) return {};
  const found: Record<string, unknown> = {};
  collect(resource.properties, properties, '', found);
  for (const path of resource.additionalReplacementProperties ?? []) {
    const value = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), properties);
    if (value !== undefined) found[path.join('.')] = value;
  }
  return found;
}

function collect(
  described: Record<string, SpecProperty>,
  values: Readonly<Record<string, unknown>>,
  prefix: string,
  found: Record<string, unknown>,
): void {
  for (const [name, value] of Object.entries(values)) {
    const property = described[name];
    if (!property || value === undefined) continue;
    if (property.causesReplacement === 'yes') found[prefix + name] = value;
    else descend(property.type, value, prefix + name, found);
  }
}

function descend(type: SpecType, value: unknown, path: string, found: Record<string, unknown>): void {
  if (type.element && Array.isArray(value)) {
    value.forEach((item, index) => descend(type.element as SpecType, item, `${path}[${index}]`, found));
  } else if (type.element && isObject(value)) {
    for (const [key, item] of Object.entries(value)) descend(type.element, item, `${path}.${key}`, found);
  } else if (type.reference && isObject(value)) {
    const definition = spec().get('typeDefinition', type.reference.$ref);
    collect(definition.properties, value, `${path}.`, found);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
