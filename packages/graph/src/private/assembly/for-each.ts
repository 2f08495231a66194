import type { TemplateJson } from './template';

/** Any JSON of a template. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const LOOP = 'Fn::ForEach::';

/**
 * Writes out the loops of `AWS::LanguageExtensions` whose collection the template says; others stay as they are.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function expandLoops(template: object): TemplateJson {
  return JSON.stringify(template).includes(`"${LOOP}`)
    ? (expand(template as Json, template as TemplateJson) as TemplateJson)
    : (template as TemplateJson);
}

function expand(json: Json, template: TemplateJson): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => expand(item, template));
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]): [string, Json][] => {
      const loop = key.startsWith(LOOP) && Array.isArray(value) ? (value as Json[]) : undefined;
      const items = loop && collection(loop[1], template);
      if (!loop || !items) return [[key, expand(value, template)]];
      return items.flatMap((item) =>
        Object.entries(expand(replaced(loop[2], String(loop[0]), item), template) as { [key: string]: Json }),
      );
    }),
  );
}

/** The items that a loop runs over; undefined where they are known only when it is deployed. */
function collection(said: Json, { Parameters, Mappings }: TemplateJson): string[] | undefined {
  if (Array.isArray(said)) return said.every((item) => typeof item === 'string') ? (said as string[]) : undefined;
  if (typeof said !== 'object' || said === null) return undefined;
  if (typeof said.Ref === 'string') {
    const { Type, Default } = Parameters?.[said.Ref] ?? {};
    const isKnown = typeof Default === 'string' && !Type?.startsWith('AWS::SSM::');
    return isKnown ? Default.split(',').map((item) => item.trim()) : undefined;
  }
  const [map, first, second] = (said['Fn::FindInMap'] as string[] | undefined) ?? [];
  const found = Mappings?.[map]?.[first]?.[second] as Json | undefined;
  return found === undefined ? undefined : collection(found, {});
}

/** Puts an item in the place of the loop's identifier: `${Name}` as it is, `&{Name}` without what no logical id may hold. */
function replaced(json: Json, identifier: string, item: string): Json {
  if (typeof json === 'string')
    return json
      .split(`\${${identifier}}`)
      .join(item)
      .split(`&{${identifier}}`)
      .join(item.replace(/[^A-Za-z0-9]/g, ''));
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((inner) => replaced(inner, identifier, item));
  const entries = Object.entries(json);
  if (entries.length === 1 && entries[0][0] === 'Ref' && entries[0][1] === identifier) return item;
  return Object.fromEntries(
    entries.map(([key, value]) => [replaced(key, identifier, item) as string, replaced(value, identifier, item)]),
  );
}
