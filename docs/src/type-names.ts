import { Entity, TypeText } from './api-schema';

/** Where the pages of this site are, by the name of a package on npm. */
export type Pages = ReadonlyMap<string, string>;

/** The two languages that the packages are published in. */
export type Language = 'typescript' | 'python';

/** A type as HTML, each name a link to where it is described. */
export function typeHtml(type: TypeText | Entity, language: Language, pages: Pages): string {
  if (!('formattingPattern' in type)) return entityHtml(type, language, pages);
  const inner = (type.types ?? []).map((part) => typeHtml(part, language, pages));
  return plainNames(escaped(type.formattingPattern)).replace(/%/g, () => inner.shift() ?? '');
}

/** jsii-docgen writes a mapping without its keys, which are always strings, and the number types of both worlds in full. */
export function plainNames(pattern: string): string {
  return pattern
    .replace('typing.Mapping[', 'Mapping[str, ')
    .replace('typing.Union[int, float]', 'int | float')
    .replace(/typing\./g, '');
}

function entityHtml(entity: Entity, language: Language, pages: Pages): string {
  return `<a href="${addressOf(entity, language, pages)}">${escaped(entity.displayName)}</a>`;
}

/** A type of ours has a heading on the page of its package; one of the CDK stands in AWS's own reference. */
function addressOf({ id, fqn, packageName, submodule, displayName }: Entity, language: Language, pages: Pages): string {
  const page = pages.get(packageName);
  // Written as it is built: VitePress completes the links of Markdown only.
  if (page !== undefined) return `${page}.html#${anchorOf(displayName)}`;
  const reference = 'https://docs.aws.amazon.com/cdk/api/v2';
  if (language === 'typescript') return `${reference}/docs/${id}.html`;
  const module = fqn.split('.')[0];
  return `${reference}/python/${submodule ? `${module}.${submodule}` : module}/${displayName}.html`;
}

/** The anchor of a type's heading. */
export function anchorOf(displayName: string): string {
  return `api-${displayName.toLowerCase()}`;
}

/** A name as Python spells it. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Text as HTML; braces too, which Vue would read as an expression. */
export function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\{/g, '&#123;')
    .replace(/\}/g, '&#125;');
}
