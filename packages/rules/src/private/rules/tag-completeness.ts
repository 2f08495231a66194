import type { GraphResource } from '@groundplan/graph';
import { tagPropertyOf } from '../resource-types';
import { CheckedAssembly, Json, Objection, Rule, isOpen } from '../rule';

export const tagCompleteness: Rule = {
  id: 'TagCompleteness',
  demands: 'Every resource that AWS can tag carries all required tags, with a value.',
  because: 'Cost reports, ownership and automation find resources by tag: one without them belongs to nobody.',
  check: (assembly) => assembly.graph.resources().flatMap((resource) => untagged(assembly, resource)),
};

function untagged(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const property = tagPropertyOf(resource.type);
  if (!property) return [];
  const tags = assembly.at(resource, property);
  if (isOpen(tags)) return [];
  const carried = { ...assembly.stackTags(resource), ...valuesOf(tags) };
  const missing = assembly.requiredTags(resource).filter((key) => !carried[key]);
  if (missing.length === 0) return [];
  return [
    {
      resource,
      location: `Properties/${property}`,
      message: `${resource.path} (${resource.type}) lacks the ${missing.length > 1 ? 'tags' : 'tag'} ${missing.join(', ')}.`,
      fix: `Tag its stack or the whole app: Tags.of(scope).add('${missing[0]}', …). For a resource that CDK makes without tags, acknowledge it there with the reason.`,
    },
  ];
}

/** Tags stand as a list of keys and values, or as one object. */
function valuesOf(tags: Json): Record<string, string> {
  const pairs = Array.isArray(tags)
    ? tags.map((tag) => {
        const { Key, Value, key, value } = tag as Record<string, Json>;
        return [Key ?? key, Value ?? value];
      })
    : Object.entries(tags ?? {});
  return Object.fromEntries(pairs.map(([key, value]) => [key, String(value ?? '').trim()]));
}
